"""Days and months as the head of a calendar names them."""

from datetime import date

from babel.dates import format_date, format_skeleton
from flask_babel import get_locale


def weekday(day: date, pattern: str = "EEEE") -> str:
    """Return "lunes", or shorter by another pattern."""
    return str(format_date(day, pattern, locale=get_locale())).strip(".")


def month_in_full(day: date) -> str:
    """Return "marzo de 2026"."""
    words = str(format_skeleton("yMMMM", day, locale=get_locale()))
    return f"{words[:1].upper()}{words[1:]}"
