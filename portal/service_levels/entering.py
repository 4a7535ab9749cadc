"""A calendar as a person types it: one line of hours for each weekday, rows of exceptions; and what is wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.service_levels.exceptions import read_exceptions
from portal.service_levels.hours import WEEKDAYS, CalendarError, Row
from portal.service_levels.models import business_calendar
from portal.service_levels.timing import Target
from portal.service_levels.words import date_words

INTERVAL = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)", re.ASCII)
BETWEEN = re.compile(r"[\s,;]*")
LENGTH = re.compile(r"(\d{1,5})\s*(min|h|d)", re.ASCII)
SECONDS = {"min": 60, "h": 3600}
MONDAY = date(2026, 3, 2)

Content = dict[str, Any]


def read_hours(day: str, text: str) -> dict[str, str]:
    """Read "9:00-13:00, 14:00-18:00"; nothing typed is closed."""
    found = INTERVAL.findall(text)
    if BETWEEN.fullmatch(INTERVAL.sub("", text)) is None:
        raise CalendarError("bad_time", Row(day, text.strip(), ""))
    hours: dict[str, str] = {}
    for opens, closes in found:
        opens, closes = opens.zfill(5), closes.zfill(5)
        if opens in hours:
            raise CalendarError("overlap", Row(day, opens, hours[opens]), Row(day, opens, closes))
        hours[opens] = closes
    return hours


def hours_text(hours: Mapping[str, str]) -> str:
    """Return hours as they are typed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in sorted(hours.items()))


def read_content(name: str, zone: str, week: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Content:
    """Return the content of a calendar, or refuse it with the row at fault (5)."""
    hours = {day: read for day in WEEKDAYS if (read := read_hours(day, week.get(day, "")))}
    exceptions = [read_row(row) for row in rows]
    business_calendar(zone, hours, exceptions)
    return {"name": name, "zone": zone, "hours": hours, "exceptions": exceptions}


def read_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read one exception: no last date means one day, no hours mean closed."""
    first = str(row["from"]).strip()
    last = str(row["until"]).strip() or first
    if row["yearly"]:
        first, last = (text[5:] if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else text for text in (first, last))
    read = {
        "from": first,
        "until": last,
        "yearly": bool(row["yearly"]),
        "hours": read_hours(first, str(row["hours"])),
        "label": {language: text for language, text in row["label"].items() if text},
    }
    read_exceptions([read])
    return read


def problem_words(error: CalendarError) -> str:
    """Say what is wrong and name the row (Bad input)."""
    rows = error.rows
    first = rows[0] if rows else Row("", "", "")
    day, typed = day_words(first.day), " - ".join(dict.fromkeys(filter(None, (first.opens, first.closes))))
    words: dict[str, str] = {
        "unknown_zone": _("“%(zone)s” is no time zone: write one such as Europe/Madrid.", zone=error.value),
        "unknown_day": _("“%(day)s” is no weekday.", day=error.value),
        "bad_time": _("%(day)s: “%(typed)s” is no time: write it like 09:00-13:00, 14:00-18:00.", day=day, typed=typed),
        "end_before_start": _("%(day)s: %(typed)s ends before it starts.", day=day, typed=typed),
        "overlap": _overlap(rows),
        "never_open": _("A calendar needs at least one open hour in the week."),
        "bad_date": _("“%(typed)s” is no date: write it like 2026-12-24, or 12-24 for every year.", typed=typed),
        "repeated_date": _("%(day)s stands in two exceptions.", day=day),
        "range_too_long": _("%(typed)s is longer than four years.", typed=typed),
    }
    return words[error.problem]


def _overlap(rows: Sequence[Row]) -> str:
    if len(rows) < 2:  # noqa: PLR2004  an overlap has two sides
        return ""
    one, other = (f"{row.opens}-{row.closes}" for row in rows[:2])
    day, following = day_words(rows[0].day), day_words(rows[1].day)
    second = other if day == following else f"{following} {other}"
    words: str = _("%(day)s %(first)s overlaps %(second)s.", day=day, first=one, second=second)
    return words


def day_words(day: str) -> str:
    """Return a weekday, or a date, by its name."""
    if day in WEEKDAYS:
        name: str = format_date(MONDAY + timedelta(days=WEEKDAYS.index(day)), "EEEE", locale=get_locale())
        return name[:1].upper() + name[1:]
    try:
        return date_words(date.fromisoformat(day))
    except ValueError:
        return day


def dates_text(row: Mapping[str, Any]) -> str:
    """Return the dates of an exception in words."""
    if row["yearly"]:
        ends = [_day_of_year(str(row[end])) for end in ("from", "until")]
        span = ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"
        words: str = _("every year, %(dates)s", dates=span)
        return words
    first, last = day_words(str(row["from"])), day_words(str(row["until"]))
    return first if first == last else f"{first} – {last}"


def _day_of_year(text: str) -> str:
    return str(format_date(date.fromisoformat(f"2000-{text}"), "d MMM", locale=get_locale())).replace(".", "")


def read_target(text: str) -> Target | None:
    """Read "4 h", "90 min" or "5 d" (working days); nothing and zero are no target (12)."""
    match = LENGTH.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        return None
    amount = int(match[1])
    return Target(amount, "working_days") if match[2] == "d" else Target(amount * SECONDS[match[2]])


def target_text(target: Target | None) -> str:
    """Return a target as it is typed."""
    if target is None:
        return ""
    if target.unit == "working_days":
        return f"{target.amount} d"
    whole_hours = target.amount % SECONDS["h"] == 0
    return f"{target.amount // SECONDS['h']} h" if whole_hours else f"{target.amount // SECONDS['min']} min"


def split_words(text: str) -> list[str]:
    """Return the words of a line that are separated by commas."""
    return [word for part in text.split(",") if (word := part.strip())]
