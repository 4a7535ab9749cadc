"""Words: dates as people say them, texts in several languages, and the folding that search and sorting share."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from portal.core import clock, language

NBSP = "\N{NO-BREAK SPACE}"
MINUTE = 60
HOUR = 3600


def in_language(text: Mapping[str, str] | None, wanted: str | None = None) -> str:
    """Return the text in the reader's language, else in the one there is (C13)."""
    if not text:
        return ""
    return text.get(wanted or language.current()) or next((value for value in text.values() if value), "")


def fold(text: str) -> str:
    """Return the text without case and accents, as search and sorting compare it."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def initials(name: str) -> str:
    """Return up to two letters that stand for a name."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def wall(instant: datetime) -> datetime:
    """Return the instant as wall time of the reader."""
    return instant.astimezone(ZoneInfo(str(get_timezone())))


def day_words(instant: datetime | date) -> str:
    """Return "hoy", "ayer", "mañana", or "mié 2 dic"; the year only if another (design.md 6)."""
    day = wall(instant).date() if isinstance(instant, datetime) else instant
    today = wall(clock.now()).date()
    near: dict[int, str] = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    skeleton = "MMMEd" if day.year == today.year else "yMMMEd"
    words: str = format_skeleton(skeleton, day, locale=get_locale())
    return words.replace(",", "").replace(".", "")


def time_words(instant: datetime) -> str:
    """Return "hoy, 13:00"."""
    return f"{day_words(instant)}, {wall(instant):%H:%M}"


def moment_words(instant: datetime) -> str:
    """Return "10:02" of today, else "mié 2 dic, 10:02": for sentences that say at what time something happened."""
    same_day = wall(instant).date() == wall(clock.now()).date()
    return f"{wall(instant):%H:%M}" if same_day else time_words(instant)


def date_in_full(instant: datetime | date) -> str:
    """Return "jueves 3 de diciembre"; the year only if another."""
    day = wall(instant).date() if isinstance(instant, datetime) else instant
    pattern = "EEEE d 'de' MMMM" if language.current() == "es" else "EEEE d MMMM"
    year = "" if day.year == wall(clock.now()).year else f" {day.year}"
    return format_date(day, pattern, locale=get_locale()) + year


def duration_words(length: timedelta) -> str:
    """Return "2 h 18 min" or "3 días"."""
    seconds = int(abs(length).total_seconds())
    if seconds >= 2 * 24 * HOUR:
        days: str = ngettext("%(num)d day", "%(num)d days", seconds // (24 * HOUR))
        return days.replace(" ", NBSP)
    hours, minutes = divmod(seconds // MINUTE, MINUTE)
    parts = [f"{hours}{NBSP}h" if hours else "", f"{minutes}{NBSP}min" if minutes or not hours else ""]
    return " ".join(part for part in parts if part)
