"""What a message about an entry carries, made when it is sent: the state of that moment, with its sequence (rules 13 to 16)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core import language, subjects
from portal.core.config import base_url
from portal.core.db import db
from portal.core.text import date_in_full
from portal.feeds import ics, kinds, queries
from portal.feeds.actions import KIND
from portal.feeds.models import CalendarEntry, CalendarMessage
from portal.notifications.actions import CalendarPart, NotWanted
from portal.people.models import Person


def made(recipient: Person, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Return the words and the calendar part of the message; a cancellation of what nobody was sent is not wanted."""
    entry = db.session.get_one(CalendarEntry, data["entry"])
    with language.speaking_to(recipient.language, recipient.time_zone):
        words = kinds.words_of(entry, recipient, now)
        if words is None or (entry.is_cancelled and not queries.was_invited(entry)):
            raise NotWanted
        item = kinds.item_of(entry, words)
        method = ics.method_of(item)
        _note(entry, method, now)
        base = base_url()
        when = f"{date_in_full(item.day)}, {item.span.local_start:%H:%M}-{item.span.local_end:%H:%M} ({item.span.tz})"
    part = CalendarPart(method, ics.invitation(item, base).decode())
    return {"calendar_part": part, "title": item.title, "when": when, "item": item}


def _note(entry: CalendarEntry, method: str, now: datetime) -> None:
    """Write down what leaves; the same message tried again is one."""
    message = {"uid": entry.uid, "sequence": entry.sequence, "method": method, "recipient": entry.attendee}
    if db.session.scalar(select(CalendarMessage.id).filter_by(**message)) is None:
        db.session.add(CalendarMessage(**message, at=now))


def subject() -> subjects.Subject:
    """Return what the outbox knows of entries."""
    return subjects.Subject(
        kind=KIND,
        model=CalendarEntry,
        visible_to=queries.visible_to,
        title=lambda entry: entry.uid,
        address=lambda entry: subjects.of_kind(entry.kind).address(subjects.load(entry.kind, entry.subject_id)),
        reference=lambda entry: "",
        is_confidential=lambda entry: False,
    )
