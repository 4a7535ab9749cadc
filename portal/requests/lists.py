"""The lists of requests: columns instead of objects, each on an index of its own (requests.md, Database)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.approvals import queries as approvals
from portal.catalogue.models import Service
from portal.conversations import queries as conversations
from portal.core import clock, pagination
from portal.core.db import db
from portal.core.text import fold
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as
from portal.requests import references
from portal.requests.models import ACTIVE, FINAL, QUEUE_ORDER, Request, State, stored_in
from portal.requests.queries import KIND, in_state, of
from portal.requests.tables import RequestMerge
from portal.service_levels.queries import is_aimed_anew, last_expected
from portal.teams.models import Team

COUNTED = 1000
BADGE = 99

Assignee, Requester, Beneficiary = aliased(Person), aliased(Person), aliased(Person)

COLUMNS: tuple[Any, ...] = (
    Request.id,
    Request.reference,
    Request.title,
    Request.state,
    Request.closes_at,
    Request.created_at,
    Request.queue_rank,
    Request.queue_at,
    Request.last_public_at,
    Request.assignee_id,
    Request.requester_id,
    Request.beneficiary_id,
    Service.name.label("service"),
    Requester.name.label("requester"),
    Requester.site.label("site"),
    Beneficiary.name.label("beneficiary"),
    Assignee.name.label("assignee"),
    Department.name.label("department"),
    Department.number.label("window"),
    RequestMerge.into_id.label("merged_into"),
    is_aimed_anew(KIND, Request.id).label("aimed_anew"),
    last_expected(KIND, Request.id).label("expected_at"),
)


def rows() -> Select[Any]:
    """Select what a list shows of each request."""
    return (
        select(*COLUMNS)
        .join(Service, Service.id == Request.service_id)
        .join(Department, Department.id == Request.department_id)
        .join(Requester, Requester.id == Request.requester_id)
        .join(Beneficiary, Beneficiary.id == Request.beneficiary_id)
        .outerjoin(Assignee, Assignee.id == Request.assignee_id)
        .outerjoin(RequestMerge, RequestMerge.request_id == Request.id)
    )


# --- what somebody asked for -----------------------------------------------------------------------------------------


def mine(person: Person, show: str, cursor: str | None, now: datetime) -> pagination.Page:
    """Return a page of what the person asked for or follows, newest first; `show` is one of `SHOWN`."""
    newest_first: tuple[Any, ...] = (Request.created_at, Request.id)
    return pagination.page_of(rows().where(SHOWN[show](person, now)), newest_first, cursor, descending=True)


def _open(person: Person, now: datetime) -> ColumnElement[bool]:
    return and_(of(person), in_state((*ACTIVE, State.SOLVED), now))


def _to_answer(person: Person, now: datetime) -> ColumnElement[bool]:
    return and_(_open(person, now), _waits_for_requester(now))


def _waits_for_requester(now: datetime) -> ColumnElement[bool]:
    """Asked something, returned for correction, or solved and not yet confirmed: the next step is the requester's."""
    returned = and_(Request.state == State.WAITING_FOR_APPROVAL, Request.id.in_(approvals.returned(KIND)))
    return or_(in_state((State.WAITING_FOR_REQUESTER, State.SOLVED), now), returned)


def _ended(person: Person, now: datetime) -> ColumnElement[bool]:
    return and_(of(person), in_state(FINAL, now))


def _followed(person: Person, now: datetime) -> ColumnElement[bool]:
    return conversations.watching(person, KIND, Request.id)


SHOWN: Mapping[str, Any] = {"open": _open, "to_answer": _to_answer, "ended": _ended, "followed": _followed}


def own_open(person: Person, now: datetime, limit: int) -> Sequence[Any]:
    """Return the person's open requests, those that wait for them first, then the newest, in one statement for home.

    Each row says whether it waits for the person (`waits`), and how many are `open` and `to_answer` in all: the numbers of
    the lists of these names (KH10).
    """
    waits = case((_waits_for_requester(now), 1), else_=0)
    numbers = (func.count().over().label("open"), func.sum(waits).over().label("to_answer"))
    found = rows().add_columns(Request.state_since, waits.label("waits"), *numbers).where(_open(person, now))
    return db.session.execute(found.order_by(waits.desc(), Request.created_at.desc(), Request.id.desc()).limit(limit)).all()


# --- the queue -------------------------------------------------------------------------------------------------------


def queue(department_id: int, conditions: tuple[ColumnElement[bool], ...], cursor: str | None, size: int) -> pagination.Page:
    """Return a page of a department's requests in the order of its queue (requests.md 14)."""
    found = rows().add_columns(Team.name.label("team")).outerjoin(Team, Team.id == Request.team_id)
    found = found.where(Request.department_id == department_id, *conditions)
    return pagination.page_of(found, QUEUE_ORDER, cursor, size)


def count(department_id: int, conditions: tuple[ColumnElement[bool], ...]) -> tuple[int, Mapping[str, int]]:
    """Return how many requests fit, and how many open ones are in each state, from one statement.

    Nothing is counted further than one above 1,000 (requests.md 14).
    """
    fitting = select(literal("").label("state")).where(Request.department_id == department_id, *conditions)
    fitting = fitting.limit(COUNTED + 1)
    active = select(Request.state).where(Request.department_id == department_id, stored_in(ACTIVE))
    active = active.order_by(*QUEUE_ORDER).limit(COUNTED + 1)
    both = union_all(*(_grouped(each) for each in (fitting, active)))
    numbers = {row.state: row.number for row in db.session.execute(both)}
    return numbers.pop("", 0), numbers


def _grouped(found: Select[str]) -> Select[Any]:
    rows_ = found.subquery()
    return select(rows_.c.state, func.count().label("number")).group_by(rows_.c.state)


def count_by_queue(person: Person, now: datetime) -> Sequence[Any]:
    """Return for each queue of the agent how many open requests are theirs and how many nobody has."""
    queues = departments_as(person, Role.AGENT, now)
    own = func.count().filter(Request.assignee_id == person.id).label("own")
    nobody = func.count().filter(Request.assignee_id.is_(None), stored_in((State.OPEN,))).label("nobody")
    counted = select(Department.name, Department.slug, Department.number.label("window"), own, nobody)
    counted = counted.outerjoin(Request, and_(Request.department_id == Department.id, stored_in(ACTIVE)))
    grouped = counted.where(Department.id.in_(queues)).group_by(Department.id, Department.slug, Department.number)
    return db.session.execute(grouped.order_by(Department.number, Department.id)).all()


def unassigned(person: Person) -> ScalarSelect[int]:
    """Select how many requests nobody has in the agent's queues, counting no further than 99."""
    queues = departments_as(person, Role.AGENT, clock.now())
    found = select(Request.id).where(Request.department_id.in_(queues), stored_in((State.OPEN,))).limit(BADGE)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def contains(text: str) -> ColumnElement[bool]:
    """Return the condition that the reference is the text, or that title or requester contain it."""
    folded = fold(text)
    return or_(
        Request.reference == references.read(text),
        Request.title_folded.contains(folded, autoescape=True),
        asked_by(Person.sort_name.contains(folded, autoescape=True)),
    )


def asked_by(people: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that one of these people asked."""
    return Request.requester_id.in_(select(Person.id).where(people))
