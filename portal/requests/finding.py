"""How requests are found: by reference first, by title, service and what was answered for all to read (rule 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select, union
from sqlalchemy.orm import joinedload

from portal.approvals import queries as approvals
from portal.conversations import queries as conversations
from portal.core.db import db
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as, has_role
from portal.requests import fields, queries, references
from portal.requests.models import Request
from portal.requests.whereabouts import LOOKS, state_words
from portal.search.kinds import Circles, Document, Source

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
        circles=[_queue(request.department_id), _person(request.requester_id), _person(request.beneficiary_id)],
    )


def circles_of(person: Person, now: datetime) -> Circles | None:
    """Return where to look for whoever sees requests by their queues, or because they asked, follow or decide (PE-1)."""
    if has_role(person, Role.AUDITOR, now) or departments_as(person, Role.HEAD, now):
        return None
    queues = departments_as(person, Role.AGENT, now)
    followed = select(Request.id).where(conversations.watching(person, queries.KIND, queries.ID))
    asked = select(Request.id).where(approvals.asked(person, now, queries.KIND, queries.ID))
    return Circles([_person(person.id), *map(_queue, queues)], union(followed, asked))


def _queue(department_id: int) -> str:
    return f"queue{department_id}"


def _person(person_id: int) -> str:
    return f"person{person_id}"


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
    prefix=references.prefix,
    circles_of=circles_of,
)
