"""Statuses and states in the reader's words, with the sign that goes with each (never colour alone)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from portal.core import language
from portal.core.text import NBSP, in_language
from portal.status import vocabulary as words
from portal.status.models import Component
from portal.status.view import Text

MINUTE = 60
HOUR = 60
STATUS_WORDS: Mapping[str, object] = {
    words.OPERATIONAL: lazy_gettext("Works"),
    words.DEGRADED: lazy_gettext("Slow"),
    words.PARTIAL: lazy_gettext("Partial outage"),
    words.MAJOR: lazy_gettext("Major outage"),
    words.MAINTENANCE: lazy_gettext("Under maintenance"),
    words.UNKNOWN: lazy_gettext("Not known"),
    words.NO_DATA: lazy_gettext("No data"),
    "": lazy_gettext("Not in service yet"),
}
STATUS_SIGNS: Mapping[str, tuple[str, str]] = {
    words.OPERATIONAL: ("ok", "check"),
    words.DEGRADED: ("warn", "alert-triangle"),
    words.PARTIAL: ("bad", "alert-circle"),
    words.MAJOR: ("bad", "x"),
    words.MAINTENANCE: ("info", "tool"),
    words.UNKNOWN: ("mute", "help-circle"),
}
STATE_WORDS: Mapping[str, object] = {
    words.INVESTIGATING: lazy_gettext("Investigating"),
    words.IDENTIFIED: lazy_gettext("Cause found"),
    words.MONITORING: lazy_gettext("Watching"),
    words.RESOLVED: lazy_gettext("Resolved"),
    words.POSTMORTEM: lazy_gettext("Report"),
    words.SCHEDULED: lazy_gettext("Planned"),
    words.IN_PROGRESS: lazy_gettext("Under way"),
    words.VERIFYING: lazy_gettext("Verifying"),
    words.COMPLETED: lazy_gettext("Completed"),
    words.CANCELLED: lazy_gettext("Called off"),
}
STATE_SIGNS: Mapping[str, tuple[str, str]] = {
    words.INVESTIGATING: ("warn", "search"),
    words.IDENTIFIED: ("warn", "tool"),
    words.MONITORING: ("info", "eye"),
    words.RESOLVED: ("ok", "check"),
    words.POSTMORTEM: ("ok", "file-text"),
    words.SCHEDULED: ("mute", "calendar-event"),
    words.IN_PROGRESS: ("info", "tool"),
    words.VERIFYING: ("info", "eye"),
    words.COMPLETED: ("ok", "check"),
    words.CANCELLED: ("mute", "x"),
}
INDICATOR_SIGNS: Mapping[str, tuple[str, str]] = {
    "none": ("ok", "circle-check"),
    "maintenance": ("info", "tool"),
    "minor": ("warn", "alert-triangle"),
    "major": ("bad", "alert-circle"),
    "critical": ("bad", "alert-circle"),
}


def status_word(status: str) -> str:
    """Return a status in the reader's words."""
    return str(STATUS_WORDS[status])


def state_word(state: str) -> str:
    """Return the state of an incident or window in the reader's words."""
    return str(STATE_WORDS[state])


def moment(at: datetime, zone: str) -> str:
    """Return "24 November 2026, 10:42": absolute, since the page may be read later (SP-53)."""
    wall = at.astimezone(ZoneInfo(zone))
    return f"{day(wall.date())}, {wall:%H:%M}"


def day(at: date) -> str:
    """Return "24 November 2026"."""
    pattern = "d 'de' MMMM 'de' y" if language.current() == "es" else "d MMMM y"
    return str(format_date(at, pattern, locale=get_locale()))


def month(at: date) -> str:
    """Return "November 2026"."""
    pattern = "MMMM 'de' y" if language.current() == "es" else "MMMM y"
    words_ = str(format_date(at, pattern, locale=get_locale()))
    return words_[:1].upper() + words_[1:]


def hour(at: datetime, zone: str) -> str:
    """Return "10:42"."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def period(since: datetime, until: datetime, zone: str) -> str:
    """Return "26 November 2026, 22:00–23:30"; the second day where it is another."""
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (since, until))
    if start.date() == end.date():
        return f"{moment(since, zone)}–{end:%H:%M}"
    return f"{moment(since, zone)} – {moment(until, zone)}"


def minutes(seconds: int) -> str:
    """Return "42 min" or "3 h 5 min"; a part of a minute counts as one."""
    whole = -(-seconds // MINUTE)
    hours, rest = divmod(whole, HOUR)
    parts = [f"{hours}{NBSP}h" if hours else "", f"{rest}{NBSP}min" if rest or not hours else ""]
    return " ".join(part for part in parts if part)


def listed(names: Iterable[Text], lang: str) -> str:
    """Return names one after another."""
    return ", ".join(name.text(lang) for name in names)


def status_fact(pair: tuple[Component, str]) -> tuple[str, str]:
    """Return a component and its status as words, for a list of facts."""
    return in_language(pair[0].name), status_word(pair[1])


def percentage(hundredths: int | None) -> str:
    """Return "99.98 %" as the reader writes it; a figure that is not there says so."""
    if hundredths is None:
        return str(_("no figure"))
    whole, part = divmod(hundredths, 100)
    mark = "," if language.current() == "es" else "."
    return f"{whole}{mark}{part:02d}{NBSP}%"
