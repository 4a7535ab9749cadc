"""Working time: a pure calculation over weekly hours, exceptions and the clock of one zone.

The numbers in docstrings are the rules of the service-levels book. Instants go in aware and come out in UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, groupby, islice
from types import MappingProxyType
from typing import Literal, NamedTuple

from portal.service_levels.hours import Interval, read_day, read_week, read_zone, refuse_overlaps

Reason = Literal["open", "outside_hours", "closed_day", "exception", "holiday", "pause"]
Label = str | Mapping[str, str]  # one text, or one for each language

LIMIT = 1_100  # days that a walk may take (25)
NOTHING = timedelta(0)
NO_EXCEPTIONS: Mapping[date, Sequence[tuple[str, str]]] = MappingProxyType({})

NO_YEARLY: Mapping[tuple[int, int], Sequence[tuple[str, str]]] = MappingProxyType({})
NO_LABELS: Mapping[date | tuple[int, int], Label] = MappingProxyType({})


class CalendarExhausted(Exception):
    """The next 1,100 days have not enough open time for an answer (25)."""


class Span(NamedTuple):
    """An interval of one date as instants."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a walk and why it was counted or not (36)."""

    starts: datetime
    ends: datetime
    reason: Reason
    label: Label = ""

    @property
    def counted(self) -> bool:
        """Whether this stretch went into the target."""
        return self.reason == "open"


@dataclass(frozen=True, slots=True)
class Walk:
    """A due date and the whole way to it: the segments follow each other without a hole (36)."""

    due: datetime
    segments: tuple[Segment, ...]


class BusinessCalendar:
    """The open time of one zone: weekly hours, whole closed dates, and dates with hours of their own.

    `holidays` may map each date to its label. A holiday closes its date, whatever `exceptions` says of it. `yearly` holds
    exceptions by (month, day); a dated one wins over it (3). `labels` names the dates of both.
    """

    def __init__(
        self,
        time_zone: str,
        hours: Mapping[str, Mapping[str, str]],
        holidays: Iterable[date] = (),
        exceptions: Mapping[date, Sequence[tuple[str, str]]] = NO_EXCEPTIONS,
        yearly: Mapping[tuple[int, int], Sequence[tuple[str, str]]] = NO_YEARLY,
        labels: Mapping[date | tuple[int, int], Label] = NO_LABELS,
    ) -> None:
        self.zone = read_zone(time_zone)
        self._week = read_week(hours)
        self._dates = {day.toordinal(): read_day(day.isoformat(), rows) for day, rows in exceptions.items()}
        self._yearly = {at: read_day(f"{at[0]:02}-{at[1]:02}", rows) for at, rows in yearly.items()}
        named = holidays if isinstance(holidays, Mapping) else dict.fromkeys(holidays, "")
        self._holidays: dict[int, Label] = {day.toordinal(): label for day, label in named.items()}
        self._labels = labels
        for day in self._dates:
            refuse_overlaps(map(self._intervals_of, (day - 1, day, day + 1)))
        self._refuse_yearly_overlaps()
        self._spans = cache(self._convert)

    def due(self, start: datetime, working: timedelta) -> datetime:
        """Return the instant at which `working` has passed; a closing that is reached exactly is the due (9, 10)."""
        if working < NOTHING:
            raise ValueError("working time cannot be negative")
        for opens, closes in self._open(_utc(start)):
            if working <= (length := closes - opens):
                return opens + working
            working -= length
        raise CalendarExhausted

    def due_days(self, start: datetime, days: int) -> datetime:
        """Return the last closing of the `days`-th open day after the local date of `start` (11, C12)."""
        if days < 1:
            raise ValueError("a target in working days is at least one day")
        tomorrow = self._day(_utc(start)) + 1
        open_days = (spans for day in range(tomorrow, tomorrow + LIMIT) if (spans := self._spans(day)))
        for spans in islice(open_days, days - 1, None):
            return spans[-1].closes
        raise CalendarExhausted

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time between two instants; none when the end lies before the start (8)."""
        start, end = _utc(start), _utc(end)
        total = NOTHING
        for opens, closes in self._open(start, days=(end - start).days + 3):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def walk(self, start: datetime, working: timedelta) -> Walk:
        """Return the due and the segments that lead to it; the counted ones add up to `working` (36)."""
        due = self.due(start, working)
        return Walk(due, self.between(start, due))

    def between(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Explain all the time between two instants, without a hole (36)."""
        at, end = _utc(start), _utc(end)
        segments: list[Segment] = []
        for opens, closes in self._open(at, days=(end - at).days + 3):
            if opens >= end:
                break
            segments += self._closed(at, opens)
            at = min(closes, end)
            segments.append(Segment(opens, at, "open"))
        return (*segments, *self._closed(at, end))

    def is_open(self, at: datetime) -> bool:
        """Tell whether `at` is counted; a closing is outside already (10)."""
        at = _utc(at)
        return any(opens == at for opens, _ in islice(self._open(at, days=2), 1))

    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant from `at` on: `at` itself while open (10, 29)."""
        return self.due(at, NOTHING)

    def next_closing(self, at: datetime) -> datetime:
        """Return when the open time closes that runs at `at` or comes next; midnight does not part 24:00 and 00:00."""
        closing: datetime | None = None
        for opens, closes in self._open(_utc(at)):
            if closing and opens > closing:
                break
            closing = closes
        if closing is None or self.is_open(closing):
            raise CalendarExhausted
        return closing

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the open time that starts on a local date, in order."""
        return self._spans(day.toordinal())

    def _open(self, start: datetime, days: int = LIMIT) -> Iterator[Span]:
        """Walk the open time from `start` on, with the tail of the evening before (3)."""
        today = self._day(start)
        for day in range(today - 1, today + days):
            for span in self._spans(day):
                if span.closes > start:
                    yield span if span.opens >= start else Span(start, span.closes)

    def _closed(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Explain a closed stretch date by date, equal neighbours joined (36)."""
        for (reason, label), group in groupby(self._closed_dates(start, end), key=lambda part: part[1:]):
            parts = list(group)
            yield Segment(start, parts[-1][0], reason, label)
            start = parts[-1][0]

    def _closed_dates(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Reason, Label]]:
        for day in count(self._day(start)):
            if start >= end:
                return
            midnight = min(self._instant(day + 1, 0), end)
            if midnight > start:
                start = midnight
                yield midnight, self._why_closed(day), self._label(day)

    def _why_closed(self, day: int) -> Reason:
        if day in self._holidays:
            return "holiday"
        if self._intervals_of(day):
            return "outside_hours"
        return "exception" if self._excepted(day) is not None else "closed_day"

    def why_closed(self, day: date) -> tuple[Reason, Label]:
        """Tell why a date has no open time, or that its hours are over (36)."""
        return self._why_closed(day.toordinal()), self._label(day.toordinal())

    def _label(self, day: int) -> Label:
        if day in self._holidays:
            return self._holidays[day]
        day_of_year = date.fromordinal(day)
        known = day_of_year if day in self._dates else (day_of_year.month, day_of_year.day)
        return self._labels.get(known, "")

    def _excepted(self, day: int) -> Sequence[Interval] | None:
        """Return the hours of an exception for a date, the dated one first (3, 4)."""
        if day in self._dates or not self._yearly:
            return self._dates.get(day)
        named = date.fromordinal(day)
        return self._yearly.get((named.month, named.day))

    def _refuse_yearly_overlaps(self) -> None:
        """A yearly date falls on every weekday in the course of the years (2, 4)."""
        for (month, day), rows in self._yearly.items():
            leap = date(2000, month, day).toordinal()
            before, after = (self._excepted(other) for other in (leap - 1, leap + 1))
            for evening in [before] if before is not None else self._week:
                for morning in [after] if after is not None else self._week:
                    refuse_overlaps([evening, rows, morning])

    def _intervals_of(self, day: int) -> Sequence[Interval]:
        """Return what starts on a date: an exception replaces the whole weekday (3)."""
        if day in self._holidays:
            return ()
        excepted = self._excepted(day)
        return self._week[(day - 1) % 7] if excepted is None else excepted  # ordinal 1 was a Monday

    def _convert(self, day: int) -> tuple[Span, ...]:
        """Turn the intervals of one date into instants; what a clock change swallows whole is gone (1)."""
        ends = ((self._instant(day, opens), self._instant(day, closes)) for opens, closes, _ in self._intervals_of(day))
        return tuple(Span(opens, closes) for opens, closes in ends if opens < closes)

    def _instant(self, day: int, minute: int) -> datetime:
        """Return when the wall clock first shows this minute, or has jumped over it (1, C2)."""
        wall = datetime.fromordinal(day).replace(tzinfo=self.zone) + timedelta(minutes=minute)
        late, early = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        if early >= late:
            return late
        before, second = early.astimezone(self.zone).utcoffset(), timedelta(seconds=1)
        jump = range(int((late - early) / second))
        return early + second * bisect_left(
            jump, True, key=lambda i: (early + second * i).astimezone(self.zone).utcoffset() != before
        )

    def _day(self, at: datetime) -> int:
        return at.astimezone(self.zone).toordinal()


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return at.astimezone(UTC)
