"""iCalendar: items as bytes that are the same whenever nothing has changed; the library escapes and folds (rules 11 to 22)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vDatetime, vDuration

from portal.feeds import zones
from portal.feeds.items import Item, in_order

PRODUCT = "-//Ventanilla//Calendar//EN"
READ_AGAIN = timedelta(hours=4)
UNIVERSAL = "UTC"


def feed(items: Sequence[Item], name: str, base: str) -> bytes:
    """Return a personal feed; nothing in it depends on when it was made (rule 22)."""
    found = _calendar()
    found.add("x-wr-calname", name)
    found.add("refresh-interval", vDuration(READ_AGAIN), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", vDuration(READ_AGAIN))
    return _with(found, in_order(list(items)), base)


def single(item: Item, base: str) -> bytes:
    """Return one item to be added by hand."""
    return _with(_calendar(), [item], base)


def invitation(item: Item, base: str) -> bytes:
    """Return the message that invites, or takes an invitation back (rules 13, 14)."""
    found = _calendar()
    found.add("method", method_of(item))
    return _with(found, [item], base, as_message=True)


def method_of(item: Item) -> str:
    """Return the method of the message about an item."""
    return "CANCEL" if item.is_cancelled else "REQUEST"


def _calendar() -> Calendar:
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    return found


def _with(found: Calendar, items: Sequence[Item], base: str, *, as_message: bool = False) -> bytes:
    for zone, years in sorted(_years(items).items()):
        found.add_component(zones.component(zone, min(years), max(years)))
    for item in items:
        found.add_component(_event(item, base, as_message))
    return bytes(found.to_ical(sorted=False))


def _years(items: Iterable[Item]) -> dict[str, set[int]]:
    """Return the zones that are named, each with the years in which."""
    years: dict[str, set[int]] = defaultdict(set)
    for item in items:
        if item.span.tz != UNIVERSAL:
            years[item.span.tz] |= {item.span.local_start.year, item.span.local_end.year}
    return years


def _event(item: Item, base: str, as_message: bool) -> Event:
    event, span = Event(), item.span
    event.add("uid", item.uid)
    event.add("sequence", item.sequence)
    event.add("dtstamp", item.stamp.astimezone(UTC))
    event.add("last-modified", item.modified.astimezone(UTC))
    _add_time(event, "dtstart", span.local_start, span.tz, span.start_fold)
    _add_time(event, "dtend", span.local_end, span.tz, span.end_fold)
    event.add("summary", item.title)
    for name, text in (("location", item.place), ("description", item.description)):
        if text:
            event.add(name, text)
    if item.path:
        event.add("url", base + item.path)
    event.add("status", item.status.upper())
    event.add("transp", "TRANSPARENT" if item.invited and not as_message else "OPAQUE")
    if as_message:
        _add_people(event, item)
    return event


def _add_time(event: Event, name: str, wall: datetime, zone: str, fold: int) -> None:
    """Add a wall time with its zone; iCalendar cannot name the second of two equal hours, so that one is told in UTC."""
    place = ZoneInfo(zone)
    meant = wall.replace(tzinfo=place, fold=fold)
    second = fold and meant.utcoffset() != meant.replace(fold=0).utcoffset()
    if second or zone == UNIVERSAL:
        event.add(name, meant.astimezone(UTC))
    else:
        event.add(name, vDatetime(wall), parameters={"TZID": zone})


def _add_people(event: Event, item: Item) -> None:
    """Add who sends and who gets it; the seat is theirs, so no answer is asked for (rule 13)."""
    event["organizer"] = vCalAddress(f"mailto:{item.organizer}")
    guest = vCalAddress(f"mailto:{item.attendee}")
    guest.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event["attendee"] = guest
