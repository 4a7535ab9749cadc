"""The hours of a calendar as people type them, read into wall minutes or refused with the row at fault.

The numbers in docstrings are the rules of the service-levels book.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes

Problem = Literal[
    "unknown_zone",
    "unknown_day",
    "bad_time",
    "end_before_start",
    "overlap",
    "never_open",
    "bad_date",
    "repeated_date",
    "range_too_long",
]


class Row(NamedTuple):
    """One interval as somebody typed it: `tue` or `2026-12-24`, `09:00`, `13:00`."""

    day: str
    opens: str
    closes: str

    def __str__(self) -> str:
        return f"{self.day} {self.opens}-{self.closes}"


class CalendarError(ValueError):
    """The hours make no calendar; a page puts the problem and its rows into words."""

    def __init__(self, problem: Problem, *rows: Row, value: str = "") -> None:
        super().__init__(": ".join(filter(None, (problem, value, ", ".join(map(str, rows))))))
        self.problem, self.rows, self.value = problem, rows, value


class Interval(NamedTuple):
    """Half-open wall minutes of the date on which it starts; the end may pass midnight (2)."""

    opens: int
    closes: int
    row: Row


def read_zone(name: str) -> ZoneInfo:
    """Return the zone of this name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CalendarError("unknown_zone", value=name) from None


def read_week(hours: Mapping[str, Mapping[str, str]]) -> list[Sequence[Interval]]:
    """Read Monday to Sunday; overlaps, Sunday's with Monday too, and a week that never opens are refused (2, 5)."""
    for day in hours:
        if day not in WEEKDAYS:
            raise CalendarError("unknown_day", value=day)
    week = [read_day(day, hours.get(day, {}).items()) for day in WEEKDAYS]
    if not any(week):
        raise CalendarError("never_open")
    refuse_overlaps([*week, week[0]])
    return week


def read_day(day: str, rows: Iterable[tuple[str, str]]) -> Sequence[Interval]:
    """Read the rows of one weekday or date, earliest first."""
    return sorted(_interval(Row(day, opens, closes)) for opens, closes in rows)


def refuse_overlaps(days: Iterable[Sequence[Interval]]) -> None:
    """Compare each interval of consecutive days with the one that follows it, also across midnight (2)."""
    line = [(DAY * n + opens, DAY * n + closes, row) for n, day in enumerate(days) for opens, closes, row in day]
    for (_, closes, row), (opens, _, other) in pairwise(line):
        if opens < closes:
            raise CalendarError("overlap", row, other)


def _interval(row: Row) -> Interval:
    opens, closes = _minute(row.opens, row), _minute(row.closes, row)
    if closes <= opens:
        raise CalendarError("end_before_start", row)
    if opens >= DAY or closes > 2 * DAY:
        raise CalendarError("bad_time", row)
    return Interval(opens, closes, row)


def _minute(text: str, row: Row) -> int:
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text, re.ASCII)
    if not match:
        raise CalendarError("bad_time", row)
    return int(match[1]) * 60 + int(match[2])
