"""When a date of a session is: the wall time that was meant, and the instants that follow from it (C1, C2)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.catalogue.formkit.moments import nearest, occurrences
from portal.feeds import kinds

MOVED, FIRST_OF_TWO = "moved", "first_of_two"
MOST_OCCURRENCES = 60


class NotThere(Exception):
    """The wall time does not exist; the nearest ones before and after it do."""

    def __init__(self, wall: datetime, zone: str) -> None:
        self.before, self.after = nearest(wall, zone)


class Twice(Exception):
    """The wall time exists twice, and nobody has said which is meant."""


class EndsBeforeStart(Exception):
    """The date would end before it begins."""


@dataclass(frozen=True)
class Span(kinds.Span):
    """A span of a calendar; `flag` says what a series did so that it exists once."""

    flag: str | None = None


def instant(wall: datetime, tz: str, fold: int) -> datetime:
    """Return the instant of a wall time."""
    return wall.replace(tzinfo=ZoneInfo(tz), fold=fold).astimezone(UTC)


def span(start: datetime, end: datetime, tz: str, fold: int | None = None) -> Span:
    """Return one date that somebody typed; what does not exist or exists twice is asked about (C2)."""
    start_fold, end_fold = _fold(start, tz, fold), _fold(end, tz, fold)
    return _span(start, end, tz, start_fold, end_fold, None)


def repeated(start: datetime, end: datetime, tz: str) -> Span:
    """Return one date that a series made: out of a gap it moves forward, of two it takes the first, and says so (C2)."""
    flag = None
    for wall in (start, end):
        found = occurrences(wall, tz)
        flag = MOVED if not found else FIRST_OF_TWO if len(found) > 1 and flag is None else flag
    return _span(_forward(start, tz), _forward(end, tz), tz, 0, 0, flag)


def weekly(day: date, times: int) -> list[date]:
    """Return the days of a weekly series, the first one among them (calendars.md 2, 8)."""
    return [day + timedelta(weeks=number) for number in range(min(times, MOST_OCCURRENCES))]


def _fold(wall: datetime, tz: str, fold: int | None) -> int:
    found = occurrences(wall, tz)
    if not found:
        raise NotThere(wall, tz)
    if len(found) > 1 and fold is None:
        raise Twice
    return fold or 0 if len(found) > 1 else found[0]


def _forward(wall: datetime, tz: str) -> datetime:
    if occurrences(wall, tz):
        return wall
    place = ZoneInfo(tz)
    return wall.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None, fold=0)


def _span(start: datetime, end: datetime, tz: str, start_fold: int, end_fold: int, flag: str | None) -> Span:
    starts_at, ends_at = instant(start, tz, start_fold), instant(end, tz, end_fold)
    if ends_at <= starts_at:
        raise EndsBeforeStart
    return Span(start, end, tz, start_fold, end_fold, starts_at, ends_at, flag)
