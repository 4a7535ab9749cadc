"""A queue as a table for spreadsheets: the rows of its list, and the answers as the reader may read them (FO22, row 33)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from portal.catalogue.formkit.reading import Answer, Reader, Stored, read_back
from portal.catalogue.formkit.schema import Form
from portal.catalogue.queries import form_of
from portal.core import language
from portal.core.db import db
from portal.core.money import Money
from portal.core.sheets import Cell
from portal.core.text import in_language, wall
from portal.people.models import Person
from portal.people.queries import grants_of
from portal.requests.models import QUEUE_ORDER, Request
from portal.requests.states import WORDS

MOST = 1_000
"""The most rows of one file; larger ones would ask for the password again (SE-7)."""


@dataclass(frozen=True)
class Table:
    """The titles of the columns, and the rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def table_of(
    department_id: int, conditions: tuple[ColumnElement[bool], ...], with_answers: bool, reader: Person, now: datetime
) -> Table:
    """Return the requests of a queue in its order; their answers too where all are of one service.

    An answer that the reader may not read stands as "confidential" in every row, whether there is one or not (FO22).
    """
    found = _requests(department_id, conditions)
    answers = _answers(found, reader, now) if with_answers else {}
    questions = _questions([answer for each in answers.values() for answer in each])
    fixed = [
        _("Reference"), _("Request"), _("Service"), _("State"), _("Asked by"), _("For"), _("Who has it"), _("Team"), _("Asked"),
        _("What it costs"), _("Currency"),
    ]  # fmt: skip
    rows = [[*_fixed(each, now), *_cells(answers.get(each.id, ()), questions)] for each in found]
    return Table([*fixed, *questions.values()], rows)


def _requests(department_id: int, conditions: tuple[ColumnElement[bool], ...]) -> Sequence[Request]:
    people = (
        joinedload(Request.requester),
        joinedload(Request.beneficiary),
        joinedload(Request.assignee),
        joinedload(Request.team),
    )
    content = (joinedload(Request.service), joinedload(Request.form_version), joinedload(Request.answers))
    listed = select(Request).where(Request.department_id == department_id, *conditions).options(*people, *content)
    return db.session.scalars(listed.order_by(*QUEUE_ORDER).limit(MOST)).all()


def _fixed(request: Request, now: datetime) -> Iterator[Cell]:
    yield from (request.reference, request.title, in_language(request.service.name), str(WORDS[request.state_at(now)]))
    yield from (request.requester.name, request.beneficiary.name, request.assignee.name if request.assignee else "")
    yield in_language(request.team.name) if request.team else ""
    yield wall(request.created_at).strftime("%Y-%m-%d %H:%M")
    yield float(Money(request.amount, request.currency or "").major) if request.amount is not None else None
    yield request.currency or ""


def _answers(found: Sequence[Request], person: Person, now: datetime) -> Mapping[int, Sequence[Answer]]:
    """Return the answers of each request; rights that hang on one request, such as being asked, do not open a table."""
    forms: dict[int, Form] = {}
    groups = {request.department_id: _groups(person, request.department_id, now) for request in found}
    read = {}
    for request in found:
        form = forms.setdefault(request.form_version_id, form_of(request.form_version))
        own = Reader(requester=request.is_of(person.id), groups=groups[request.department_id])
        stored = {answer["key"]: Stored(**answer) for answer in request.answers.content}
        read[request.id] = [answer for group in read_back(form, stored, language.current(), own) for answer in group.answers]
    return read


def _groups(person: Person, department_id: int, now: datetime) -> frozenset[str]:
    return frozenset(f"role:{role}" for role, scope in grants_of(person, now) if scope in (None, department_id))


def _questions(answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return the titles of the columns by question; one that is withheld in any row says so."""
    secret = {answer.key for answer in answers if answer.withheld}
    labels = {answer.key: answer.label for answer in answers}
    return {key: _("%(label)s (confidential)", label=label) if key in secret else label for key, label in labels.items()}


def _cells(answers: Sequence[Answer], questions: Mapping[str, str]) -> Iterator[Cell]:
    said = {answer.key: _("confidential") if answer.withheld else str(answer.shown) for answer in answers}
    for key in questions:
        yield said.get(key, "")
