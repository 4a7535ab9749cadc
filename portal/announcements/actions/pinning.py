"""Pinning: at most three at once for the company, one per department; the slot's row is locked, so that two never both win."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.announcements import queries
from portal.announcements.actions.publishing import end_of
from portal.announcements.actions.recipients import insert_once
from portal.announcements.events import AnnouncementPinned
from portal.announcements.models import Announcement, AnnouncementPin, PinSlot
from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.text import in_language
from portal.people.models import Person

COMPANY = ""
LONGEST = timedelta(days=30)
MOST = {True: 3, False: 1}


class BadEnd(ValueError):
    """A pin needs an end, within 30 days."""


class NoPlace(Refused):
    """All places are taken; the refusal names what takes them (AN10)."""

    def __init__(self, taken: Sequence[str]) -> None:
        names = ", ".join(f"“{title}”" for title in taken)
        super().__init__(_("Every place is taken, by %(names)s. Unpin one of them, or wait until it ends.", names=names))


def pin(announcement: Announcement, scope: str, until_on: date, by: Person, now: datetime) -> AnnouncementPin:
    """Pin it until the end of a day in the company's slot (an empty scope) or a department's (rule 13)."""
    from_at, until_at = max(announcement.publish_at, now), end_of(until_on, announcement.zone)
    _refuse_end(announcement, from_at, until_on)
    slot = _locked_slot(scope)
    lock(Announcement, announcement.id)
    if announcement.withdrawn_at is not None or announcement.has_expired(now):
        raise Refused(_("This announcement is over."))
    others = [each for each in _pins(slot, from_at, until_at) if each.announcement_id != announcement.id]
    if most_at_once(others, from_at) >= MOST[scope == COMPANY]:
        raise NoPlace([in_language(each.announcement.said.title) for each in others])
    unpin(announcement, by, now)
    made = AnnouncementPin(
        slot_id=slot.id, announcement_id=announcement.id, from_at=from_at, until_at=until_at, until_on=until_on, by_id=by.id
    )
    db.session.add(made)
    db.session.flush()
    audit.record(by, "announcement.pinned", queries.KIND, announcement.id, after={"until": until_on.isoformat()})
    publish(AnnouncementPinned(announcement.id, made.id, by.id))
    return made


def unpin(announcement: Announcement, by: Person, now: datetime) -> None:
    """End its pins before their time."""
    row = AnnouncementPin
    open_ = select(row).where(row.announcement_id == announcement.id, row.removed_at.is_(None), row.until_at > now)
    for each in db.session.scalars(open_):
        each.removed_at = now
        audit.record(by, "announcement.unpinned", queries.KIND, announcement.id)
    db.session.flush()


def most_at_once(pins: Iterable[AnnouncementPin], from_at: datetime) -> int:
    """Return how many of the pins hold together at most, from a moment on."""
    held = list(pins)
    starts = {max(each.from_at, from_at) for each in held}
    return max((sum(each.from_at <= start < each.until_at for each in held) for start in starts), default=0)


def _refuse_end(announcement: Announcement, from_at: datetime, until_on: date) -> None:
    begins = from_at.astimezone(ZoneInfo(announcement.zone)).date()
    if not begins <= until_on <= begins + LONGEST:
        raise BadEnd


def _locked_slot(scope: str) -> PinSlot:
    insert_once(PinSlot, [{"scope": scope}])
    found = select(PinSlot.id).where(PinSlot.scope == scope)
    slot: PinSlot = lock(PinSlot, db.session.scalars(found).one())
    return slot


def _pins(slot: PinSlot, from_at: datetime, until_at: datetime | None) -> Sequence[AnnouncementPin]:
    row = AnnouncementPin
    found = select(row).join(row.announcement).where(row.slot_id == slot.id, row.removed_at.is_(None))
    found = found.where(row.from_at < until_at, row.until_at > from_at, Announcement.withdrawn_at.is_(None))
    lasts = (Announcement.expire_at.is_(None)) | (Announcement.expire_at > from_at)
    return db.session.scalars(found.where(lasts).options(joinedload(row.announcement, Announcement.said))).all()
