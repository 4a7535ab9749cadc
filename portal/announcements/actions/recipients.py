"""The rows of recipients, kept in step with the audience by the next write or job; every reading computes the same (rule 3)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.announcements.audiences import Group, groups_of, is_in, members
from portal.announcements.models import Announcement, AnnouncementRecipient
from portal.core.db import Model, db
from portal.people.models import Person

BATCH = 500
LEFT_COMPANY, LEFT_AUDIENCE, EXEMPT = "left_company", "left_audience", "exempt"


def keep_in_step(announcement: Announcement, now: datetime) -> None:
    """Write who joined, close who left and reopen who came back, while it is current (rules 3 and 4)."""
    if not announcement.is_current(now):
        return
    groups = groups_of(announcement.id)
    inside = members(groups, now)
    there = select(AnnouncementRecipient.person_id).where(AnnouncementRecipient.announcement_id == announcement.id)
    missing = select(Person.id, _first(groups, now)).where(inside, Person.id.not_in(there)).order_by(Person.id)
    rows = [
        {"announcement_id": announcement.id, "person_id": id_, "reason": reason, "added_at": now}
        for id_, reason in db.session.execute(missing)
    ]
    insert_once(AnnouncementRecipient, rows)
    _close_and_reopen(announcement, inside, now)


def _first(groups: Iterable[Group], now: datetime) -> ColumnElement[str]:
    """Return the reason of a row: the first group that matches (rule 3)."""
    pairs = [(is_in(group, now), literal(group.key[:100])) for group in groups]
    return case(*pairs, else_=literal("")) if pairs else literal("")


def _close_and_reopen(announcement: Announcement, inside: ColumnElement[bool], now: datetime) -> None:
    row = AnnouncementRecipient
    rows = update(row).where(row.announcement_id == announcement.id).execution_options(synchronize_session="fetch")
    here = select(Person.id).where(inside)
    active = select(Person.id).where(Person.active)
    reason = case((row.person_id.in_(active), LEFT_AUDIENCE), else_=LEFT_COMPANY)
    db.session.execute(rows.where(row.closed_at.is_(None), row.person_id.not_in(here)).values(closed_at=now, close_reason=reason))
    back = rows.where(row.close_reason.in_((LEFT_AUDIENCE, LEFT_COMPANY)), row.person_id.in_(here))
    db.session.execute(back.values(closed_at=None, close_reason=None))


def insert_once(table: type[Model], rows: list[dict[str, Any]], returning: str = "id") -> list[int]:
    """Insert what is not there yet, in whatever transaction comes first; return one number of each new row."""
    make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    made: list[int] = []
    for start in range(0, len(rows), BATCH):
        added = make(table).values(rows[start : start + BATCH]).on_conflict_do_nothing()
        made += db.session.scalars(added.returning(getattr(table, returning)))
    return made


def recipient(announcement: Announcement, person: Person, now: datetime) -> AnnouncementRecipient:
    """Return the row of somebody who is addressed, written or reopened now if it must be (rules 3 and 4)."""
    about: Mapping[str, Any] = {"announcement_id": announcement.id, "person_id": person.id}
    reason = select(_first(groups_of(announcement.id), now)).select_from(Person).where(Person.id == person.id)
    insert_once(AnnouncementRecipient, [{**about, "reason": db.session.scalar(reason), "added_at": now}])
    row = db.session.scalars(select(AnnouncementRecipient).filter_by(**about)).one()
    if row.close_reason in (LEFT_AUDIENCE, LEFT_COMPANY):
        row.closed_at, row.close_reason = None, None
    return row
