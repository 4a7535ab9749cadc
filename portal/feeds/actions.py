"""Verbs of calendars. Each takes who does it and when; none commits."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.audit import actions as audit
from portal.core import security
from portal.core.db import db
from portal.core.errors import Refused
from portal.feeds import queries
from portal.feeds.items import CANCELLED, CONFIRMED, Span
from portal.feeds.models import CalendarEntry, FeedToken
from portal.notifications.actions import notify
from portal.notifications.queries import sender_address
from portal.people.models import Person

KIND = "calendar_entry"
JOINED_FOR = timedelta(minutes=10)


# Entries and their invitations. Whoever calls has locked the row that all entries of a thing hang on (C3).


def keep_entry(kind: str, subject_id: int, part_id: int, uid: str, person: Person, span: Span, place: str, now: datetime) -> None:
    """Put a date into somebody's calendar, or tell of its new time or place; the same again is no news (rule 12)."""
    entry = queries.entry_of(kind, subject_id, part_id)
    if entry is None:
        entry = CalendarEntry(kind=kind, subject_id=subject_id, part_id=part_id, uid=uid, person_id=person.id)
        entry.organizer, entry.attendee, entry.modified_at = sender_address(), person.email, now
        _write(entry, span, place, now)
        db.session.add(entry)
        db.session.flush()
        _queue(entry, now, now)
    elif entry.status != CONFIRMED or (entry.span, entry.place) != (span, place):
        _write(entry, span, place, now)
        _raise(entry, now)
        _queue(entry, now, now + JOINED_FOR)


def _write(entry: CalendarEntry, span: Span, place: str, now: datetime) -> None:
    for name, value in vars(span).items():
        setattr(entry, name, value)
    entry.place, entry.status, entry.updated_at = place, CONFIRMED, now


def cancel_entries(kind: str, subject_id: int, now: datetime, part_id: int | None = None) -> None:
    """Take dates out of somebody's calendar: all of a thing, or one part of it (rule 14)."""
    for entry in queries.entries_of(kind, subject_id):
        if entry.status == CONFIRMED and part_id in (None, entry.part_id):
            entry.status, entry.updated_at = CANCELLED, now
            _raise(entry, now)
            _queue(entry, now, now)


def _raise(entry: CalendarEntry, now: datetime) -> None:
    """Let the sequence grow by one, counted by the database."""
    entry.sequence, entry.modified_at = CalendarEntry.sequence + 1, now
    db.session.flush()
    db.session.refresh(entry, ["sequence"])


def _queue(entry: CalendarEntry, now: datetime, at: datetime) -> None:
    """Queue one message with the last state; one that has not left yet carries it as well (rule 16)."""
    if not queries.has_unsent(KIND, entry.id):
        event = f"{entry.uid}:{entry.sequence}"
        about = ("feeds/invitation", KIND, entry.id, event, now)
        notify([entry.person_id], *about, mail=True, must_act=True, bell=False, data={"entry": entry.id}, at=at)


def reword_entries(kind: str, subject_ids: list[int], now: datetime) -> None:
    """Note that words of things were corrected: programs that read the feed see it, no mail is sent (rule 12)."""
    found = (CalendarEntry.kind == kind) & CalendarEntry.subject_id.in_(subject_ids)
    db.session.execute(update(CalendarEntry).where(found).values(modified_at=now))


# The secret address


def make_feed(person: Person, now: datetime) -> str:
    """Return a new secret for the person's feed, the only time it is known; an earlier one ends (rule 17)."""
    earlier = _end(person.id, now)
    secret = security.new_token()
    token = FeedToken(person_id=person.id, digest=security.digest(secret), created_at=now)
    db.session.add(token)
    db.session.flush()
    audit.record(person, "feed.rotated" if earlier else "feed.created", "feed_token", token.id)
    return secret


def end_feed(person: Person, now: datetime) -> None:
    """End the person's feed."""
    ended = _end(person.id, now)
    if ended is None:
        raise Refused(_("There is no address that could be ended."))
    audit.record(person, "feed.revoked", "feed_token", ended.id)


def end_feed_of_left(person_id: int, now: datetime) -> None:
    """End the feed of somebody who has left (PE-12)."""
    _end(person_id, now)


def _end(person_id: int, now: datetime) -> FeedToken | None:
    open_one = select(FeedToken).where(FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None))
    token = db.session.scalar(open_one.with_for_update())
    if token is not None:
        token.revoked_at = now
        db.session.flush()
    return token


def note_use(token_id: int, now: datetime) -> None:
    """Note when a calendar program last read a feed."""
    db.session.execute(update(FeedToken).where(FeedToken.id == token_id).values(last_used_at=now))
