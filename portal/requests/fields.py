"""The answers of a request as one reader may see them (forms.md 8 and 24, PE-9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy import select

from portal.catalogue.formkit.pricing import total_in_words
from portal.catalogue.formkit.reading import AnswerGroup, Reader, Stored, may_read, read_back
from portal.catalogue.formkit.schema import Form
from portal.catalogue.queries import form_of
from portal.core import clock, language, subjects
from portal.core.db import db
from portal.people.models import Person
from portal.people.queries import grants_of
from portal.requests.models import Request, RequestAnswers
from portal.requests.queries import is_asked


def reader_of(person: Person, request: Request, form: Form, now: datetime) -> Reader:
    """Return who the person is to the confidential fields of the request; asked only where there are any."""
    if request.is_of(person.id) or all(field.confidential is None for field in form.by_key.values()):
        return Reader(requester=request.is_of(person.id))
    groups = {f"role:{role}" for role, scope in grants_of(person, now) if scope in (None, request.department_id)}
    for_approvers = any(field.confidential and field.confidential.approvers for field in form.by_key.values())
    return Reader(groups=frozenset(groups), approver=for_approvers and is_asked(person, request, now))


def answers_of(request: Request, person: Person, now: datetime) -> Sequence[AnswerGroup]:
    """Return the answers with the labels and in the order of the version they were given to."""
    form = form_of(request.form_version)
    return _read(request, form, reader_of(person, request, form, now))


def plain_answers(request: Request, person: Person | None) -> Sequence[subjects.Answer]:
    """Return the answers one by one, as approvals show and compare them; for everybody without a person (AP-12)."""
    form = form_of(request.form_version)
    reader = reader_of(person, request, form, clock.now()) if person else Reader()
    found = [answer for group in _read(request, form, reader) for answer in group.answers if not answer.withheld]
    cost = request.answers.cost
    told = [subjects.Answer("", gettext("What it costs"), total_in_words(cost, language.current()))] if cost else []
    return told + [subjects.Answer(answer.key, str(answer.label), str(answer.shown)) for answer in found]


def _read(request: Request, form: Form, reader: Reader) -> Sequence[AnswerGroup]:
    stored = {answer["key"]: Stored(**answer) for answer in request.answers.content}
    return read_back(form, stored, language.current(), reader)


def readable_keys(request: Request, person: Person, now: datetime) -> frozenset[str]:
    """Return the keys of the questions whose files the person may read."""
    form = form_of(request.form_version)
    reader = reader_of(person, request, form, now)
    return frozenset(field.key for field in form.fields if may_read(field.confidential, reader))


def is_confidential(request: Request) -> bool:
    """Return whether some of the request is not for everybody who sees it (AP-27)."""
    return request.confidential or any(field.confidential for field in form_of(request.form_version).by_key.values())


def may_read_field(person: Person, request: Request, field_key: str, now: datetime) -> bool:
    """Return whether somebody who sees the request may read this answer too."""
    return field_key in readable_keys(request, person, now)


def quantities(requests: Sequence[Request]) -> Mapping[int, tuple[str, Decimal]]:
    """Return, for several requests at once, the service of each and how many are asked for, where lines have prices (AP-29)."""
    priced = {request.id: request for request in requests if request.amount is not None}
    if not priced:
        return {}
    found = select(RequestAnswers.request_id, RequestAnswers.cost).where(RequestAnswers.request_id.in_(priced))
    return {
        id_: (str(priced[id_].service_id), sum((Decimal(line["quantity"]) for line in cost["lines"]), Decimal(0)))
        for id_, cost in db.session.execute(found)
        if cost and cost["lines"]
    }
