"""Uptime as weighted seconds of effective status; pure, in whole numbers (SP-24 to SP-28).

down   = major 1.0, partial 0.3, maintenance that nobody had announced 0.3, degraded 0
uptime = 100 * (1 - down / (measured - excluded)), floored to two decimals; 100.00 only when nothing was down
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.status.effective import worst
from portal.status.spans import Span
from portal.status.vocabulary import MAINTENANCE, MAJOR, NO_DATA, PARTIAL, UNKNOWN

DAYS = 90
TENTHS = 10
HUNDREDTHS = 10_000
WEIGHTS = {MAJOR: 10, PARTIAL: 3, MAINTENANCE: 3}  # in tenths of a second for each second


@dataclass(frozen=True)
class Figures:
    """What a period amounts to, in seconds; `down_tenths` in tenths of one, so that nothing is rounded on the way."""

    measured: int = 0
    excluded: int = 0
    down_tenths: int = 0
    major: int = 0
    partial: int = 0
    maintenance: int = 0

    @property
    def hundredths(self) -> int | None:
        """Return the uptime in hundredths of a per cent, floored; none where there is nothing to measure."""
        whole = (self.measured - self.excluded) * TENTHS
        return HUNDREDTHS * (whole - self.down_tenths) // whole if whole else None

    @property
    def percentage(self) -> float | None:
        """Return the uptime as a number with two decimals."""
        return None if self.hundredths is None else self.hundredths / 100

    @property
    def down(self) -> int:
        """Return the weighted seconds of downtime, rounded up, so that none of it is hidden."""
        return -(-self.down_tenths // TENTHS)

    def __add__(self, other: "Figures") -> "Figures":
        """Return what two periods amount to together."""
        names = self.__dataclass_fields__
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True)
class Day:
    """One calendar day of the page's zone (SP-26); `worst` is a status, `no_data`, or empty before the service began."""

    date: date
    worst: str
    figures: Figures


def figures(spans: Iterable[Span], start: datetime, end: datetime) -> Figures:
    """Count the seconds of `[start, end)`; each second once, for spans do not overlap (SP-25)."""
    return sum((_of(span, start, end) for span in spans), Figures())


def _of(span: Span, start: datetime, end: datetime) -> Figures:
    seconds = int((min(span.until, end) - max(span.since, start)).total_seconds())
    if seconds <= 0 or span.status == UNKNOWN:
        return Figures()
    weight = 0 if span.excluded else WEIGHTS.get(span.status, 0)
    return Figures(
        measured=seconds,
        excluded=seconds if span.excluded else 0,
        down_tenths=seconds * weight,
        major=seconds if span.status == MAJOR and not span.excluded else 0,
        partial=seconds if span.status == PARTIAL and not span.excluded else 0,
        maintenance=seconds if span.status == MAINTENANCE else 0,
    )


def day_begins(day: date, zone: str) -> datetime:
    """Return the first instant of a calendar day."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def window(now: datetime, zone: str, days: int = DAYS) -> list[date]:
    """Return today and the days before it, the oldest first (SP-27)."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return [today - timedelta(days=back) for back in range(days - 1, -1, -1)]


def by_day(spans: Sequence[Span], days: Sequence[date], zone: str, start_date: date, end: datetime) -> list[Day]:
    """Return each day's own worst status and figures; the present day runs to `end` (SP-26)."""
    return [_day(spans, day, zone, start_date, end) for day in days]


def _day(spans: Sequence[Span], day: date, zone: str, start_date: date, end: datetime) -> Day:
    if day < start_date:
        return Day(day, "", Figures())
    begin, finish = day_begins(day, zone), min(day_begins(day + timedelta(days=1), zone), end)
    there = [span for span in spans if span.since < finish and span.until > begin and span.status != UNKNOWN]
    return Day(day, worst(span.status for span in there) if there else NO_DATA, figures(there, begin, finish))


def mean(percentages: Iterable[int | None]) -> int | None:
    """Return the plain mean of the children of a group that have a figure, in hundredths, floored (SP-28)."""
    there = [one for one in percentages if one is not None]
    return sum(there) // len(there) if there else None
