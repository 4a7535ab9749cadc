"""Feed sources: packages above offer the dates of their things; each asks anew what its reader may see (rule 19, C6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.feeds.items import CANCELLED, CONFIRMED, Item, Span, in_order
from portal.feeds.models import CalendarEntry
from portal.people.models import Person

__all__ = [
    "CANCELLED",
    "CONFIRMED",
    "Item",
    "Source",
    "Span",
    "Window",
    "Words",
    "item_of",
    "items_of",
    "of_feed",
    "register",
    "words_of",
]

BACK, AHEAD = timedelta(days=60), timedelta(days=365)
CANCELLED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Window:
    """From when to when items are wanted."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Words:
    """What an entry says of its thing, in the language of the reader."""

    title: str
    description: str
    path: str


@dataclass(frozen=True)
class Source:
    """What a package adds to calendars.

    `items(person, window, now)` returns what the person may see now. A source whose entries are sent as invitations names
    their `kind` and tells by `words(entries, person, now)` what each says; an entry whose thing the person may not see
    any more is left out.
    """

    name: str
    items: Callable[[Person, Window, datetime], Sequence[Item]]
    kind: str = ""
    words: Callable[[Sequence[CalendarEntry], Person, datetime], Mapping[int, Words]] | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the last registration of a name counts."""
    _sources[source.name] = source


def items_of(person: Person, window: Window, now: datetime) -> list[Item]:
    """Return everything in the person's calendar, in order; what was cancelled stays for 30 days (rules 20, 22)."""
    found = [item for source in _sources.values() for item in source.items(person, window, now)]
    return in_order([item for item in found if not item.is_cancelled or item.stamp > now - CANCELLED_FOR])


def words_of(entry: CalendarEntry, person: Person, now: datetime) -> Words | None:
    """Return what an entry says, or None when its thing is not the person's to see (PE-18)."""
    source = next(one for one in _sources.values() if one.kind == entry.kind)
    return source.words([entry], person, now).get(entry.id) if source.words else None


def of_feed(now: datetime) -> Window:
    """Return what a feed holds: 60 days back, 12 months ahead (rule 20)."""
    return Window(now - BACK, now + AHEAD)


def item_of(entry: CalendarEntry, words: Words) -> Item:
    """Return an entry as an item."""
    return Item(
        uid=entry.uid,
        sequence=entry.sequence,
        span=entry.span,
        title=words.title,
        stamp=entry.updated_at,
        modified=entry.modified_at,
        place=entry.place,
        description=words.description,
        path=words.path,
        status=entry.status,
        invited=True,
        organizer=entry.organizer,
        attendee=entry.attendee,
        key=entry.public_id,
    )
