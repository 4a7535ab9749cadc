"""The budget of attention: at most two open confirmations of one department per person within seven days (rule 9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select

from portal.announcements.audiences import Group, groups_of, members
from portal.announcements.models import Announcement, AnnouncementConfirmation, AnnouncementRecipient, Level
from portal.core.db import db
from portal.people.models import Person

MOST, WITHIN = 2, timedelta(days=7)


@dataclass(frozen=True)
class Budget:
    """How many people an audience holds, and how many of them have been asked enough this week."""

    people: int
    full: int

    @property
    def words(self) -> str:
        """Return "42 people, 6 of them already have 2 open"."""
        told: str = ngettext("%(num)d person", "%(num)d people", self.people)
        if not self.full:
            return told
        return str(_("%(people)s, %(full)s of them already have %(most)s open", people=told, full=self.full, most=MOST))


def budget_for(groups: Iterable[Group], department_id: int | None, at: datetime, now: datetime) -> Budget:
    """Count the audience of something to be confirmed that is published at `at` (AN8)."""
    asked = _asked_about(department_id, at, now)
    full = func.sum(case((_open(asked, now) >= MOST, 1), else_=0)) if len(asked) >= MOST else literal(0)
    row = db.session.execute(select(func.count(), full).select_from(Person).where(members(groups, now))).one()
    return Budget(row[0], int(row[1] or 0))


def _asked_about(department_id: int | None, at: datetime, now: datetime) -> Sequence[Announcement]:
    """Return what the department asks to confirm in the week around: out now, or scheduled."""
    near = Announcement.publish_at.between(at - WITHIN, at + WITHIN)
    lasts = or_(Announcement.expire_at.is_(None), Announcement.expire_at > now)
    found = select(Announcement).where(Announcement.department_id == department_id, Announcement.level == Level.TO_CONFIRM)
    return db.session.scalars(found.where(near, lasts, Announcement.withdrawn_at.is_(None))).all()


def _open(asked: Sequence[Announcement], now: datetime) -> ColumnElement[int]:
    waits = (and_(members(groups_of(each.id), now), ~_is_done(each)) for each in asked)
    return sum((case((each, 1), else_=0) for each in waits), start=literal(0))


def _is_done(announcement: Announcement) -> ColumnElement[bool]:
    row, said = AnnouncementRecipient, AnnouncementConfirmation
    confirmed = exists().where(said.recipient_id == row.id, said.version == announcement.version)
    done = or_(row.close_reason == "exempt", confirmed)
    return exists().where(row.announcement_id == announcement.id, row.person_id == Person.id, done)
