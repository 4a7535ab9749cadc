"""How requests are found: by reference first, by title, service and what was answered for all to read (rule 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Department, Person
from portal.requests import fields, queries
from portal.requests.models import Request
from portal.requests.whereabouts import LOOKS, state_words
from portal.search.kinds import Document, Source

LONGEST_ANSWER = 2000


@dataclass(frozen=True)
class Found:
    """A request as the results show it."""

    department: Mapping[str, str]
    look: str
    words: str


def listed() -> Select[Request]:
    """Select all requests with what their documents need."""
    whole = (joinedload(Request.service), joinedload(Request.form_version), joinedload(Request.answers))
    return select(Request).options(*whole)


def document(request: Request) -> Document:
    """Return what the index holds of a request: never a confidential answer, nor what was talked about."""
    answers = [answer.value[:LONGEST_ANSWER] for answer in fields.plain_answers(request, None)]
    return Document(
        subject_id=request.id,
        title=request.title,
        texts=[request.service.name, *answers],
        note=request.service.name,
        reference=request.reference,
        place={"reference": request.reference},
    )


def rows(person: Person, ids: Sequence[int], now: datetime) -> Mapping[int, Found]:
    """Return where the requests stand."""
    requests = select(Request, Department.name).join(Department, Department.id == Request.department_id)
    return {
        request.id: _found(request, department, person, now)
        for request, department in db.session.execute(requests.where(Request.id.in_(ids)))
    }


def _found(request: Request, department: Mapping[str, str], person: Person, now: datetime) -> Found:
    state = request.state_at(now)
    return Found(department, LOOKS[state], state_words(state, request.assignee_id, request.is_of(person.id)))


SOURCE = Source(
    kind=queries.KIND,
    label=_("Requests"),
    position=30,
    model=Request,
    visible_to=queries.visible_to,
    listed=listed,
    document=document,
    endpoint="requests.show",
    icon="file-text",
    newest_first=True,
    template="requests/_hit.html",
    rows=rows,
)
