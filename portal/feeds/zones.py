"""VTIMEZONE of a zone for the years that a calendar uses, computed from the zone data (calendars.md 15)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Rule(NamedTuple):
    """What clocks of a place show from an instant on."""

    offset: timedelta
    is_summer: bool
    name: str


@lru_cache(maxsize=256)
def component(zone: str, first_year: int, last_year: int) -> Timezone:
    """Return the zone with one part for its rule at the start and one for each change until the end of the last year."""
    found = Timezone()
    found.add("tzid", zone)
    place = ZoneInfo(zone)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    found.add_component(_part(start, _rule(start, place), _rule(start, place)))
    for instant in _changes(place, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        found.add_component(_part(instant, _rule(instant - SECOND, place), _rule(instant, place)))
    return found


def _rule(instant: datetime, place: ZoneInfo) -> Rule:
    wall = instant.astimezone(place)
    return Rule(wall.utcoffset() or timedelta(0), bool(wall.dst()), wall.tzname() or "")


def _changes(place: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    day = start
    while day < end:
        if _rule(day, place) != _rule(day + DAY, place):
            yield _moment(place, day, day + DAY)
        day += DAY


def _moment(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second of the new rule."""
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _rule(middle, place) == _rule(before, place):
            before = middle
        else:
            after = middle
    return after


def _part(instant: datetime, before: Rule, after: Rule) -> TimezoneStandard | TimezoneDaylight:
    """Return one part; its start is told on the clock that was valid until then."""
    part = TimezoneDaylight() if after.is_summer else TimezoneStandard()
    part.add("dtstart", (instant + before.offset).replace(tzinfo=None))
    part.add("tzoffsetfrom", before.offset)
    part.add("tzoffsetto", after.offset)
    part.add("tzname", after.name)
    return part
