"""What is pinned: above the others for a time, and normal again by reading (rule 13)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from portal.announcements import queries
from portal.announcements.models import Announcement, AnnouncementPin, PinSlot
from portal.core.db import db
from portal.people.models import Person

MOST = 3


def counts(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a pin holds now (AN5)."""
    pin = AnnouncementPin
    return and_(pin.from_at <= now, pin.until_at > now, pin.removed_at.is_(None))


def shown(person: Person, scope: str, now: datetime) -> Sequence[Any]:
    """Return what is pinned in a slot and the person may read, as lists show it."""
    pinned = select(AnnouncementPin.announcement_id).join(PinSlot, PinSlot.id == AnnouncementPin.slot_id)
    pinned = pinned.where(PinSlot.scope == scope, counts(now))
    found = queries.news_for(person, now).where(Announcement.id.in_(pinned))
    newest = (Announcement.publish_at.desc(), Announcement.id.desc())
    return db.session.execute(queries.listed(found, person).order_by(*newest).limit(MOST)).all()


def of(announcement: Announcement, now: datetime) -> AnnouncementPin | None:
    """Return the pin that an announcement has now or later."""
    pin = AnnouncementPin
    found = select(pin).where(pin.announcement_id == announcement.id, pin.until_at > now, pin.removed_at.is_(None))
    return db.session.scalar(found.order_by(pin.until_at.desc()).limit(1))
