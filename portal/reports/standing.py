"""What is open in a department now: for whom it waits, since when, and the oldest of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select

from portal.approvals import queries as approvals
from portal.catalogue.models import Service
from portal.core.db import db
from portal.people.models import Person
from portal.requests.models import ACTIVE, Request, State, stored_in
from portal.requests.queries import KIND, may_see
from portal.service_levels.models import Clock, ClockInterval, PauseReason

OLDEST = 5
DAY = timedelta(days=1)
PARTIES: Mapping[str, Any] = {
    "requester": _("whoever asked"),
    "approver": _("whoever approves"),
    "supplier": _("a supplier"),
    "date": _("a date that was agreed"),
    "agent": _("the agent who has it"),
    "nobody": _("nobody: it has no owner"),
}
"""For whom a request may wait, and the words for it."""

AGES: Mapping[str, tuple[timedelta, Any]] = {
    "day": (timedelta(0), _("less than a day")),
    "days": (DAY, _("1 to 3 days")),
    "week": (3 * DAY, _("3 to 7 days")),
    "weeks": (7 * DAY, _("1 to 2 weeks")),
    "month": (14 * DAY, _("2 to 4 weeks")),
    "more": (28 * DAY, _("over 4 weeks")),
}
"""How old an open request may be: from when on, and the words for it."""


@dataclass(frozen=True)
class Standing:
    """How many requests are open, by whom they wait for and by age, and how many of them are late."""

    parties: Mapping[str, int]
    ages: Mapping[str, int]
    late: int

    @property
    def total(self) -> int:
        """Return how many are open."""
        return sum(self.parties.values())


def open_in(department_id: int, service_id: int | None) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on what is open, with values that fit the partial index."""
    of_service = [] if service_id is None else [Request.service_id == service_id]
    return [Request.department_id == department_id, stored_in(ACTIVE), *of_service]


def party(now: datetime) -> ColumnElement[str]:
    """Return for whom a request waits as one expression: somebody to correct or answer, to approve, to deliver, to do it."""
    returned = and_(Request.state == State.WAITING_FOR_APPROVAL, Request.id.in_(approvals.returned(KIND)))
    paused = and_(Request.state == State.IN_PROGRESS, pause_of(now).is_not(None))
    return case(
        (returned, "requester"),
        (Request.state == State.WAITING_FOR_APPROVAL, "approver"),
        (Request.state == State.WAITING_FOR_REQUESTER, "requester"),
        (and_(paused, pause_of(now) == "supplier"), "supplier"),
        (paused, "date"),
        (Request.assignee_id.is_(None), "nobody"),
        else_="agent",
    )


def pause_of(now: datetime) -> ScalarSelect[str]:
    """Select why the work waits; a pause whose date has passed is over, written or not (service-levels.md 20)."""
    over = ClockInterval.resumes_at <= now
    ours = (Clock.subject_kind == KIND, Clock.subject_id == Request.id, Clock.kind == "fulfilment", Clock.standing == "paused")
    reason = select(case((over, None), else_=PauseReason.key)).select_from(Clock)
    reason = reason.join(ClockInterval, ClockInterval.clock_id == Clock.id)
    reason = reason.outerjoin(PauseReason, PauseReason.id == ClockInterval.reason_id).where(*ours)
    latest = reason.order_by(ClockInterval.started_at.desc(), ClockInterval.id.desc()).limit(1)
    return latest.correlate(Request).scalar_subquery()


def age(now: datetime) -> ColumnElement[str]:
    """Return how old a request is as one expression."""
    oldest_first = list(AGES.items())[::-1]
    return case(*((Request.created_at <= now - least, name) for name, (least, _words) in oldest_first), else_="day")


def standing(department_id: int, service_id: int | None, now: datetime) -> Standing:
    """Count what is open, in one statement."""
    running = and_(Clock.subject_kind == KIND, Clock.subject_id == Request.id, Clock.kind == "fulfilment")
    past = and_(Clock.standing == "running", Clock.due_cache < now)
    opened = select(party(now).label("party"), age(now).label("age"), case((past, 1), else_=0).label("late"))
    each = opened.outerjoin(Clock, running).where(*open_in(department_id, service_id)).subquery()
    counted = select(each.c.party, each.c.age, func.count().label("number"), func.sum(each.c.late).label("late"))
    rows = db.session.execute(counted.group_by(each.c.party, each.c.age)).all()
    parties = {name: sum(row.number for row in rows if row.party == name) for name in PARTIES}
    ages = {name: sum(row.number for row in rows if row.age == name) for name in AGES}
    return Standing(parties, ages, sum(row.late for row in rows))


def listed() -> Select[Any]:
    """Select what lists of requests show here."""
    shown: tuple[Any, ...] = (Request.id, Request.reference, Request.title, Request.created_at, Service.name.label("service"))
    asked = select(*shown, Person.name.label("requester")).join(Service, Service.id == Request.service_id)
    return asked.join(Person, Person.id == Request.requester_id)


def oldest(department_id: int, service_id: int | None, person: Person, now: datetime) -> Sequence[Any]:
    """Return the oldest open requests that the person may see."""
    found = listed().add_columns(party(now).label("party")).where(*open_in(department_id, service_id), may_see(person, now))
    return db.session.execute(found.order_by(Request.created_at, Request.id).limit(OLDEST)).all()
