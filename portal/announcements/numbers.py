"""How an announcement has been received, in numbers that always add up (rules 3 and 18)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select

from portal.announcements.audiences import groups_of, members
from portal.announcements.models import Announcement, AnnouncementConfirmation, AnnouncementRecipient
from portal.core.db import db
from portal.people.models import Department, Person, Role
from portal.people.queries import below, departments_as

CONFIRMED, PENDING, EXEMPT, LEFT = STATES = ("confirmed", "pending", "exempt", "left")
SHOWN_FROM = 5


@dataclass(frozen=True)
class Numbers:
    """Addressed = confirmed + pending + exempt + left, always."""

    confirmed: int = 0
    pending: int = 0
    exempt: int = 0
    left: int = 0
    # of those who left, how many had confirmed; of the pending, how many an earlier version
    left_confirmed: int = 0
    earlier: int = 0

    @property
    def addressed(self) -> int:
        """Return everybody whom it was ever for."""
        return self.confirmed + self.pending + self.exempt + self.left

    @property
    def open(self) -> int:
        """Return over how many the percentage is: those whose row is not closed."""
        return self.confirmed + self.pending

    @property
    def percent(self) -> int:
        """Return the share of those asked who have confirmed."""
        return round(100 * self.confirmed / self.open) if self.open else 0


@dataclass(frozen=True)
class Report:
    """The numbers in all, and of each department with five people or more (AN15)."""

    total: Numbers
    departments: Sequence[tuple[Mapping[str, str], Numbers]]


def _state(announcement: Announcement, inside: ColumnElement[bool]) -> ColumnElement[str]:
    exempt = AnnouncementRecipient.close_reason == EXEMPT
    return case((exempt, EXEMPT), (~inside, LEFT), (_confirmed(announcement.version), CONFIRMED), else_=PENDING)


def _confirmed(version: int) -> ColumnElement[bool]:
    row = AnnouncementConfirmation
    return exists().where(row.recipient_id == AnnouncementRecipient.id, row.version == version)


def _earlier(version: int) -> ColumnElement[bool]:
    row = AnnouncementConfirmation
    return exists().where(row.recipient_id == AnnouncementRecipient.id, row.version < version)


def _inside(announcement: Announcement, now: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody is asked now: read from the audience while it is current, else as it was left."""
    if announcement.is_current(now):
        return members(groups_of(announcement.id), now)
    return and_(AnnouncementRecipient.id.is_not(None), AnnouncementRecipient.closed_at.is_(None))


def people(announcement: Announcement, inside: ColumnElement[bool]) -> Select[Any]:
    """Select everybody whom it was ever for, with their rows."""
    row = AnnouncementRecipient
    joined = and_(row.person_id == Person.id, row.announcement_id == announcement.id)
    return select(Person.id).outerjoin(row, joined).where(or_(inside, row.id.is_not(None)))


def report(announcement: Announcement, now: datetime) -> Report:
    """Return the numbers, counted in one statement."""
    inside = _inside(announcement, now)
    state = _state(announcement, inside)
    had = case(
        (state == LEFT, or_(_confirmed(announcement.version), _earlier(announcement.version))),
        else_=_earlier(announcement.version),
    )
    found = people(announcement, inside).with_only_columns(
        Person.department_id, state.label("state"), had.label("had"), func.count()
    )
    counted: dict[int, Counter[tuple[str, bool]]] = {}
    for department_id, state_, had_, count in db.session.execute(found.group_by(Person.department_id, "state", "had")):
        counted.setdefault(department_id, Counter())[(state_, bool(had_))] += count
    return _report(counted)


def _report(counted: Mapping[int, Counter[tuple[str, bool]]]) -> Report:
    total: Counter[tuple[str, bool]] = sum(counted.values(), Counter())
    numbers = {id_: _numbers(each) for id_, each in counted.items()}
    shown = {id_: each for id_, each in numbers.items() if each.addressed >= SHOWN_FROM}
    names = db.session.execute(select(Department.id, Department.name).where(Department.id.in_(shown)))
    rows = sorted(((name, shown[id_]) for id_, name in names), key=lambda row: -row[1].addressed)
    return Report(_numbers(total), rows)


def _numbers(counted: Counter[tuple[str, bool]]) -> Numbers:
    states = {state: counted[(state, True)] + counted[(state, False)] for state in STATES}
    return Numbers(**states, left_confirmed=counted[(LEFT, True)], earlier=counted[(PENDING, True)])


def pending(announcement: Announcement, now: datetime) -> Select[Any]:
    """Select the ids of those who are asked and have not confirmed."""
    inside = _inside(announcement, now)
    return people(announcement, inside).where(_state(announcement, inside) == PENDING)


def names(announcement: Announcement, heads: Collection[int] | None, now: datetime) -> Select[Any]:
    """Select whom the pending are, for the head of their departments; None is for auditors, who see all (rule 18)."""
    own = literal(True) if heads is None else Person.department_id.in_(below(heads)) if heads else false()
    columns = (
        Person.id,
        Person.public_id,
        Person.name,
        Person.sort_name,
        Department.name.label("department"),
        _earlier(announcement.version).label("earlier"),
    )
    found = pending(announcement, now).join(Department, Department.id == Person.department_id).where(own)
    return cast("Select[Any]", found.with_only_columns(*columns))


def has_people_of(person: Person, announcement: Announcement, now: datetime) -> bool:
    """Return whether it is, or was, for people of the departments that the person heads."""
    heads = departments_as(person, Role.HEAD, now)
    if not heads or not announcement.asks_to_confirm:
        return False
    own = people(announcement, _inside(announcement, now)).where(Person.department_id.in_(below(heads)))
    return db.session.scalar(own.limit(1)) is not None
