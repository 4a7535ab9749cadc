"""Months as a department counts them: in the zone of its calendar, however long a day of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask_babel import get_locale

LENGTHS = (3, 6, 12)
DECEMBER = 12


@dataclass(frozen=True)
class Month:
    """One month from its first instant to the first of the next."""

    first: date
    starts: datetime
    ends: datetime

    @property
    def key(self) -> str:
        """Return how addresses name it: "2026-03"."""
        return f"{self.first:%Y-%m}"

    @property
    def short(self) -> str:
        """Return "mar"."""
        words: str = format_skeleton("MMM", self.first, locale=get_locale())
        return words.replace(".", "")

    @property
    def name(self) -> str:
        """Return "marzo de 2026"."""
        return str(format_skeleton("yMMMM", self.first, locale=get_locale()))


def month_of(first: date, zone: ZoneInfo) -> Month:
    """Return the month that begins on a date."""
    return Month(first, _midnight(first, zone), _midnight(shifted(first, 1), zone))


def months(now: datetime, zone: ZoneInfo, length: int) -> Sequence[Month]:
    """Return the month of now and those before it, the oldest first."""
    current = now.astimezone(zone).date().replace(day=1)
    return [month_of(shifted(current, -back), zone) for back in range(length - 1, -1, -1)]


def last_full(now: datetime, zone: ZoneInfo) -> Month:
    """Return the month before that of now."""
    return months(now, zone, 2)[0]


def shifted(first: date, by: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    number = first.year * DECEMBER + first.month - 1 + by
    return date(number // DECEMBER, number % DECEMBER + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
