"""Dates, times and lengths of promises in words, and the words of pauses (36, 37)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_timezone_location
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.core import clock
from portal.core.text import NBSP, in_language, wall
from portal.service_levels.calendar import NOTHING, Label
from portal.service_levels.timing import Target

MINUTE, HOUR = 60, 3600


def length_words(length: timedelta) -> str:
    """Return working time as hours and minutes: "9 h 30 min", never in days of 24 hours."""
    seconds = int(abs(length).total_seconds())
    if 0 < seconds < MINUTE:
        return f"{seconds}{NBSP}s"
    hours, minutes = divmod(seconds // MINUTE, MINUTE)
    parts = [f"{hours}{NBSP}h" if hours else "", f"{minutes}{NBSP}min" if minutes or not hours else ""]
    return " ".join(part for part in parts if part)


def days_count(days: int) -> str:
    """Return "5 working days"."""
    words: str = ngettext("%(num)d working day", "%(num)d working days", days)
    return words.replace(" ", NBSP, 1)


def target_words(target: Target) -> str:
    """Return what was promised: "8 h" of open time, or "5 working days"."""
    if target.unit == "working_days":
        return days_count(target.amount)
    return length_words(timedelta(seconds=target.amount))


def date_words(day: date) -> str:
    """Return "vie 6 mar", never "today"; the year only if another."""
    skeleton = "MMMEd" if day.year == wall(clock.now()).year else "yMMMEd"
    words: str = format_skeleton(skeleton, day, locale=get_locale())
    return words.replace(",", "").replace(".", "")


def dates_words(days: Sequence[date]) -> str:
    """Return a date, two that follow each other, or a range."""
    if len(days) == 1:
        return date_words(days[0])
    if len(days) == 2:  # noqa: PLR2004  both are named
        pair: str = _("%(first)s and %(second)s", first=date_words(days[0]), second=date_words(days[1]))
        return pair
    return f"{date_words(days[0])} – {date_words(days[-1])}"


def hours_between(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Return "9:00–11:00" in the calendar's zone; the end of a day is 24:00."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    midnight = last.date() > first.date() and not (last.hour or last.minute)
    return f"{first:%H:%M}–{'24:00' if midnight else f'{last:%H:%M}'}"


def clock_change(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Return that the clocks were put forward or back in between, and by how much; else nothing (36)."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    put = last.replace(tzinfo=None) - first.replace(tzinfo=None) - (ends - starts)
    length = length_words(put)
    if not put:
        return ""
    forward: str = _("clocks go forward %(length)s", length=length)
    return forward if put > NOTHING else str(_("clocks go back %(length)s", length=length))


def moment_words(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """Return date and time in the reader's zone, and in the calendar's too where they differ (37, C13)."""
    own = wall(instant)
    words = f"{date_words(own.date())}, {own:%H:%M}"
    if zone is None or not differs(instant, zone):
        return words
    there = instant.astimezone(zone)
    other = f"{there:%H:%M}" if there.date() == own.date() else f"{date_words(there.date())}, {there:%H:%M}"
    return f"{words} {city(own.tzinfo)} = {other} {city(zone)}"


def differs(instant: datetime, zone: ZoneInfo) -> bool:
    """Return whether the reader's clock shows another time than the calendar's."""
    return wall(instant).utcoffset() != instant.astimezone(zone).utcoffset()


def city(zone: tzinfo | None) -> str:
    """Return the name of a zone as people say it."""
    return str(get_timezone_location(zone, locale=get_locale(), return_city=True))


def label_words(label: Label) -> str:
    """Return the words of a label: of a holiday, or of what a clock waited for."""
    if not isinstance(label, str):
        return in_language(label)
    known: dict[str, str] = {
        "paused": _("paused"),
        "solved": _("it was solved"),
        "withdrawn": _("it was withdrawn"),
        "merged": _("it was merged"),
        "decided": _("it was decided"),
        "answered": _("it was answered"),
    }
    return known.get(label, label)
