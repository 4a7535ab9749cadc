"""Promises: a date, a range of dates, or an instant; a date stays a date, whatever a source dresses it as (TR-23)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

Day = TypeVar("Day", date, datetime)

FIRST_YEAR, LAST_YEAR = 1900, 2200
DATE_LENGTH = len("2026-08-11")


class BadTime(ValueError):
    """A date or time that cannot be read, or that no calendar has."""


@dataclass(frozen=True)
class Promise:
    """When it is expected: `first` to `last` (the same for one date), or at `instant`."""

    first: date | None = None
    last: date | None = None
    instant: datetime | None = None

    def passes_at(self, zone: str) -> datetime:
        """Return when the promise is over: the end of its last day in the zone of the place, or its instant (TR-24)."""
        if self.instant is not None:
            return self.instant
        if self.last is None:
            raise ValueError("a promise has a date or an instant")
        return datetime.combine(self.last + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def read(first: str, last: str, zone: str) -> Promise | None:
    """Return the promise that a source has written, None for none; raise BadTime (TR-23)."""
    ends = [one for one in (_read_one(first, zone), _read_one(last, zone)) if one is not None]
    if not ends:
        return None
    if any(isinstance(one, datetime) for one in ends):
        return _instant(ends)
    if ends[-1] < ends[0]:
        raise BadTime
    return Promise(first=ends[0], last=ends[-1])


def _instant(ends: list[date]) -> Promise:
    if len(ends) > 1 and ends[0] != ends[1]:
        raise BadTime
    instant = ends[0]
    return Promise(instant=instant) if isinstance(instant, datetime) else Promise(first=instant, last=instant)


def _read_one(text: str, zone: str) -> date | datetime | None:
    text = text.strip()
    if not text:
        return None
    if len(text) <= DATE_LENGTH:
        return _parsed(date.fromisoformat, text)
    moment = _parsed(datetime.fromisoformat, text)
    if moment.timetz().replace(tzinfo=None) == time():
        return moment.date()
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read_instant(text: str, zone: str) -> datetime:
    """Return the moment that a source has written; without an offset it is wall time of `zone` (TR-22)."""
    if len(text.strip()) <= DATE_LENGTH:
        raise BadTime
    moment = _parsed(datetime.fromisoformat, text.strip())
    located = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return located.astimezone(UTC).replace(microsecond=0)


def _parsed(parse: Callable[[str], Day], text: str) -> Day:
    try:
        day = parse(text)
    except ValueError:
        raise BadTime from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadTime
    return day
