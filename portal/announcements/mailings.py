"""Which announcements a mail of several holds: reminders of what is pending, digests of what is unread (rules 10 and 15)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.announcements import queries
from portal.announcements.models import (
    Announcement,
    AnnouncementVersion,
    DigestItem,
    DigestRun,
    Level,
)
from portal.core.config import base_url
from portal.core.db import db
from portal.people.models import Person

RUN = "announcement_mail"
REMINDER, DIGEST = "reminder", "digest"
DAY3, DAY7, EVE = "day3", "day7", "eve"


def stage(asked_on: date, due_on: date | None, today: date) -> str:
    """Return the last reminder that is due: after 3 days, after 7, and the day before it must be confirmed (rule 10).

    After the day itself nobody is reminded any more: the head has the list then.
    """
    if due_on is not None and today > due_on:
        return ""
    if due_on is not None and today >= due_on - timedelta(days=1):
        return EVE
    days = (today - asked_on).days
    return DAY7 if days >= 7 else DAY3 if days >= 3 else ""  # noqa: PLR2004 - the days of the rule


def day_of(now: datetime, zone: str) -> date:
    """Return the day of the company zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def asked_at(announcement: Announcement) -> datetime:
    """Return since when people are asked to confirm what it says now."""
    said = AnnouncementVersion
    first = select(said.at).where(said.announcement_id == announcement.id, said.number == announcement.version, said.edit == 0)
    return max(db.session.scalars(first).one(), announcement.publish_at)


def still_holds(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that an item of a run still concerns its person: current, addressed, pending or unread."""
    here = queries.for_person(person, now).with_only_columns(Announcement.id)
    pending = here.where(Announcement.level == Level.TO_CONFIRM, queries.waits_for(person))
    unread = here.where(~queries.has_read(person.id), queries.waits_for(person))
    return or_(
        and_(DigestRun.sort == REMINDER, DigestItem.announcement_id.in_(pending)),
        and_(DigestRun.sort == DIGEST, DigestItem.announcement_id.in_(unread)),
    )


def runs_for(person: Person, now: datetime) -> Select[DigestRun]:
    """Select the own mails that still have something to say: an empty one is never sent (AN7)."""
    holds = exists().where(DigestItem.run_id == DigestRun.id, still_holds(person, now))
    return select(DigestRun).where(DigestRun.person_id == person.id, holds)


def items_of(run: DigestRun, person: Person, now: datetime) -> Sequence[Any]:
    """Return what the mail tells, as it is when it is sent (PE-18)."""
    told = select(DigestItem.announcement_id).join(DigestItem.run).where(DigestRun.id == run.id, still_holds(person, now))
    found = queries.listed(select(Announcement).where(Announcement.id.in_(told)))
    return db.session.execute(found.order_by(Announcement.publish_at.desc(), Announcement.id.desc())).all()


def context(run: DigestRun, data: Mapping[str, Any], recipient: Person, now: datetime) -> Mapping[str, Any]:
    """Return what the mail's templates can use."""
    base = base_url()
    return {"items": items_of(run, recipient, now), "base": base}
