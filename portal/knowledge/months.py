"""The months of results: named "2026-03", in the zone of the department's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask_babel import get_locale

DECEMBER, LENGTH = 12, len("2026-03")


def first_of(month: str) -> date | None:
    """Return the first day of a month, or None when the text names none."""
    try:
        return date.fromisoformat(f"{month}-01") if len(month) == LENGTH else None
    except ValueError:
        return None


def bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return the first instant of a month and that of the next."""
    first = first_of(month)
    if first is None or first.year == date.max.year:
        return None
    following = first.replace(year=first.year + first.month // DECEMBER, month=first.month % DECEMBER + 1)
    begins, ends = (datetime(day.year, day.month, 1, tzinfo=zone).astimezone(UTC) for day in (first, following))
    return begins, ends


def month_words(month: str) -> str:
    """Return "marzo de 2026"."""
    return str(format_skeleton("yMMMM", first_of(month), locale=get_locale()))
