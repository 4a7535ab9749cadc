"""Finding entries and feeds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from portal.core import security
from portal.core.db import db
from portal.feeds.models import CalendarEntry, CalendarMessage, FeedToken
from portal.notifications.models import QUEUED, Outbox
from portal.people.models import Person


def visible_to(person: Person, now: datetime) -> Select[CalendarEntry]:
    """Select the entries of the person's own calendar (C6)."""
    return select(CalendarEntry).where(CalendarEntry.person_id == person.id)


def entry_of(kind: str, subject_id: int, part_id: int) -> CalendarEntry | None:
    """Return the entry of one part of a thing."""
    return next((entry for entry in entries_of(kind, subject_id) if entry.part_id == part_id), None)


def entries_of(kind: str, subject_id: int) -> Sequence[CalendarEntry]:
    """Return the entries of a thing."""
    found = select(CalendarEntry).where(CalendarEntry.kind == kind, CalendarEntry.subject_id == subject_id)
    return db.session.scalars(found.order_by(CalendarEntry.id)).all()


def has_unsent(kind: str, entry_id: int) -> bool:
    """Return whether a message about an entry has not left yet."""
    waiting = (Outbox.subject_kind == kind, Outbox.subject_id == entry_id, Outbox.state == QUEUED)
    return bool(db.session.scalar(select(exists().where(*waiting))))


def was_invited(entry: CalendarEntry) -> bool:
    """Return whether a REQUEST about the entry has left (rule 14)."""
    sent = (CalendarMessage.uid == entry.uid, CalendarMessage.method == "REQUEST")
    return bool(db.session.scalar(select(exists().where(*sent))))


def feed_of(person: Person) -> FeedToken | None:
    """Return the feed of a person, without its secret."""
    return db.session.scalar(select(FeedToken).where(FeedToken.person_id == person.id, FeedToken.revoked_at.is_(None)))


def open_feed(secret: str) -> FeedToken | None:
    """Return the feed that a secret opens, if its owner is still here (rule 18)."""
    digest = security.digest(secret)
    found = select(FeedToken).join(FeedToken.person).where(FeedToken.digest == digest, FeedToken.revoked_at.is_(None))
    return db.session.scalar(found.where(Person.active).options(joinedload(FeedToken.person)))
