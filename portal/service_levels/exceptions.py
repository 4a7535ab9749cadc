"""Dates with hours of their own as people type them: one date or a range, once or every year.

The numbers in docstrings are the rules of the service-levels book. A row is JSON:
`{"from": "2026-12-24", "until": "2026-12-24", "yearly": false, "hours": {"09:00": "13:00"}, "label": {"es": …, "en": …}}`;
a yearly one names its ends as `12-24`, and no hours mean closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from portal.service_levels.calendar import Label
from portal.service_levels.hours import CalendarError, Row

ONE_DAY = timedelta(days=1)
LONGEST = 1_500  # days of one range
LEAP = 2000

Rows = Sequence[tuple[str, str]]
Exceptions = Sequence[Mapping[str, Any]]


class Read(NamedTuple):
    """Exceptions as a calendar takes them."""

    dated: dict[date, Rows]
    yearly: dict[tuple[int, int], Rows]
    labels: dict[date | tuple[int, int], Label]


def read_exceptions(rows: Exceptions) -> Read:
    """Read all rows; two for one date, an end before its start and dates that are none are refused (3, 4)."""
    found = Read({}, {}, {})
    for row in rows:
        hours: Rows = list(row.get("hours", {}).items())
        if row.get("yearly"):
            for day in yearly_dates(row):
                _add(found.yearly, found.labels, (day.month, day.day), hours, row)
        else:
            for day in dates(row):
                _add(found.dated, found.labels, day, hours, row)
    return found


def _add(into: dict[Any, Rows], labels: dict[Any, Label], at: Any, hours: Rows, row: Mapping[str, Any]) -> None:
    if at in into:
        raise CalendarError("repeated_date", typed(row))
    into[at] = hours
    if row.get("label"):
        labels[at] = row["label"]


def typed(row: Mapping[str, Any]) -> Row:
    """Return the row as somebody typed it, to name it where it is refused."""
    return Row(str(row.get("from", "")), str(row.get("from", "")), str(row.get("until", "")))


def dates(row: Mapping[str, Any]) -> Iterator[date]:
    """Return the dates of a dated row, both ends included."""
    try:
        first, last = (date.fromisoformat(str(row[end])) for end in ("from", "until"))
    except (KeyError, ValueError):
        raise CalendarError("bad_date", typed(row)) from None
    if last < first:
        raise CalendarError("end_before_start", typed(row))
    if (last - first).days >= LONGEST:
        raise CalendarError("range_too_long", typed(row))
    return _days(first, last)


def yearly_dates(row: Mapping[str, Any]) -> Iterator[date]:
    """Return the dates of a yearly row in a leap year; an end before the start crosses New Year (4)."""
    try:
        first, last = (_in_leap_year(str(row[end])) for end in ("from", "until"))
    except (KeyError, ValueError):
        raise CalendarError("bad_date", typed(row)) from None
    if last >= first:
        return _days(first, last)
    return (day for half in (_days(first, date(LEAP, 12, 31)), _days(date(LEAP, 1, 1), last)) for day in half)


def _in_leap_year(text: str) -> date:
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(f"{LEAP}-{text}")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * n for n in range((last - first).days + 1))
