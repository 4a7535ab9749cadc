"""Finding requests, and who may see them (PE-1, PE-25)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, with_expression

from portal.approvals import queries as approvals
from portal.catalogue import queries as catalogue
from portal.catalogue.models import Service
from portal.conversations import queries as conversations
from portal.conversations.models import Watcher
from portal.core.db import db
from portal.people.models import Person, Role, RoleGrant
from portal.people.queries import below, current_grants, departments_as, has_role
from portal.requests.models import Request, RequestLink, State, stored_in
from portal.requests.tables import RequestMerge
from portal.service_levels.queries import is_broken

KIND = "request"
ID: Any = Request.id  # typed as what conditions of other packages take


def visible_to(person: Person, now: datetime) -> Select[Request]:
    """Select what the person may know of: each relation of PE-1, and nothing for administrators (PE-2)."""
    return select(Request).where(may_see(person, now))


def by_id(request_id: int, person: Person, now: datetime) -> Request | None:
    """Return the request if the person may know of it."""
    return db.session.scalar(visible_to(person, now).where(Request.id == request_id))


def may_see(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return PE-1 as one condition."""
    if has_role(person, Role.AUDITOR, now):
        return true()
    return or_(
        of(person),
        in_queue_of(person, now),
        conversations.watching(person, KIND, ID),
        approvals.asked(person, now, KIND, ID),
        below_head(person, now),
    )


def of(person: Person) -> ColumnElement[bool]:
    """Return the condition that the person asked, or that it is for them."""
    for_person = and_(Request.beneficiary_id == person.id, Request.beneficiary_id != Request.requester_id)
    return or_(Request.requester_id == person.id, for_person)


def in_queue_of(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that the request stands in a queue of the agent; an old queue gives nothing (PE-4)."""
    queues = departments_as(person, Role.AGENT, now)
    return Request.department_id.in_(queues) if queues else false()


def below_head(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that the person heads the requester's or beneficiary's department (PE-1)."""
    headed = departments_as(person, Role.HEAD, now)
    if not headed:
        return false()
    people = select(Person.id).where(Person.department_id.in_(below(headed)))
    return and_(~Request.confidential, or_(Request.requester_id.in_(people), Request.beneficiary_id.in_(people)))


def in_state(states: tuple[State, ...], now: datetime) -> ColumnElement[bool]:
    """Return the condition that a request is in one of the states now: solved ends by time (requests.md 4)."""
    stored = {State.SOLVED if state == State.CLOSED else state for state in states} | set(states)
    condition = stored_in(tuple(state for state in State if state in stored))
    if State.CLOSED in states and State.SOLVED not in states:
        return and_(condition, or_(Request.state != State.SOLVED, Request.closes_at <= now))
    if State.SOLVED in states and State.CLOSED not in states:
        return and_(condition, or_(Request.state != State.SOLVED, Request.closes_at > now))
    return condition


def works_in(person: Person, department_id: int, now: datetime) -> bool:
    """Return whether an active person is an agent of the department now."""
    found = select(RoleGrant.id).where(
        RoleGrant.person_id == person.id,
        RoleGrant.role == Role.AGENT,
        RoleGrant.department_id == department_id,
        current_grants(now),
    )
    return person.active and db.session.scalar(found.limit(1)) is not None


def is_watching(person: Person, request: Request) -> bool:
    """Return whether the person follows the request."""
    found = select(Request.id).where(Request.id == request.id, conversations.watching(person, KIND, ID))
    return db.session.scalar(found) is not None


def whole(person: Person, now: datetime) -> tuple[Any, ...]:
    """Return the options that read all of one request's row for its page, and who the person is to it, at once."""
    names = select(func.aggregate_strings(Person.name, ", ")).join(Watcher, Watcher.person_id == Person.id)
    follows = (Watcher.subject_kind == KIND, Watcher.subject_id == ID, Watcher.left_at.is_(None), Person.active)
    links = exists().where(or_(RequestLink.from_id == Request.id, RequestLink.to_id == Request.id)).correlate(Request)
    head = select(Person.name).join(RoleGrant, RoleGrant.person_id == Person.id).order_by(Person.id).limit(1)
    leads = (RoleGrant.role == Role.HEAD, RoleGrant.department_id == Request.department_id, current_grants(now), Person.active)
    return (
        joinedload(Request.service).joinedload(Service.department),
        joinedload(Request.form_version),
        joinedload(Request.department),
        joinedload(Request.requester),
        joinedload(Request.beneficiary),
        joinedload(Request.assignee),
        joinedload(Request.team),
        joinedload(Request.external_by),
        joinedload(Request.answers),
        with_expression(Request.read_as_head, below_head(person, now)),
        with_expression(Request.read_as_asked, approvals.asked(person, now, KIND, ID)),
        with_expression(Request.follower_names, names.where(*follows).correlate(Request).scalar_subquery()),
        with_expression(Request.has_links, links),
        with_expression(Request.has_breaches, is_broken(KIND, ID)),
        with_expression(Request.is_merged, exists().where(RequestMerge.request_id == Request.id).correlate(Request)),
        with_expression(Request.has_parts, exists().where(RequestMerge.into_id == Request.id).correlate(Request)),
        with_expression(Request.head_name, head.where(*leads).correlate(Request).scalar_subquery()),
    )


def heads(person: Person, request: Request, now: datetime) -> bool:
    """Return whether the person sees the request as head of the requester's or beneficiary's department."""
    if request.read_as_head is not None:
        return request.read_as_head
    return _holds_for(request, below_head(person, now))


def sees(person: Person, request: Request, now: datetime) -> bool:
    """Return whether the person may know of the request."""
    return _holds_for(request, may_see(person, now))


def is_asked(person: Person, request: Request, now: datetime) -> bool:
    """Return whether the person is or was asked to approve the request, or stands in for one who is."""
    if request.read_as_asked is not None:
        return request.read_as_asked
    return _holds_for(request, approvals.asked(person, now, KIND, ID))


def _holds_for(request: Request, condition: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Request.id).where(Request.id == request.id, condition)) is not None


def watchers_of(request: Request) -> Select[Person]:
    """Select the people who follow the request."""
    following = select(Watcher.person_id).where(
        Watcher.subject_kind == KIND, Watcher.subject_id == request.id, Watcher.left_at.is_(None)
    )
    return select(Person).where(Person.id.in_(following))


def is_offered(service_id: int, person: Person, now: datetime) -> bool:
    """Return whether the person may ask for the service."""
    return db.session.scalar(catalogue.visible_to(person, now).where(Service.id == service_id)) is not None
