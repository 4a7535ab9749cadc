"""The day ruler under a promise: one entry per date, folded when it gets long (design.md, `ui.days`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.core.text import NBSP
from portal.service_levels.calendar import NOTHING
from portal.service_levels.reckoning import Line
from portal.service_levels.words import length_words

ONE_DAY = timedelta(days=1)
LONGEST = 12
PAUSE_MARK, DOT = "‖", "·"

Entry = Mapping[str, Any]


def ruler(lines: Sequence[Line], due: datetime | None, now: datetime, zone: ZoneInfo, asked: datetime | None) -> list[Entry]:
    """Return the entries for `ui.days`; `asked` adds the dates on which the thing waited to start."""
    if not lines:
        return []
    today, last = now.astimezone(zone).date(), due.astimezone(zone).date() if due else None
    waited = _waited(asked, lines, zone)
    by_date: dict[date, list[Line]] = {}
    for line in lines:
        for day in line.dates:
            by_date.setdefault(day, []).append(line)
    days = _all_dates(by_date)
    number = _Numbers()
    entries = [_named(day, _of_date(day, by_date.get(day, []), number)) for day in days]
    entries = [*waited, *entries]
    return _fold([_placed(entry, today, last) for entry in entries], today)


class _Numbers:
    """Counts the counted days of a target in days."""

    last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def _all_dates(by_date: Mapping[date, Any]) -> list[date]:
    first, last = min(by_date), max(by_date)
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def _waited(asked: datetime | None, lines: Sequence[Line], zone: ZoneInfo) -> list[dict[str, Any]]:
    if asked is None:
        return []
    first, start = asked.astimezone(zone).date(), lines[0].dates[0]
    days = [first + ONE_DAY * n for n in range((start - first).days)]
    return [
        _named(day, {"kind": "wait", "mark": DOT, "word": _("approval") if n else _("you ask")}) for n, day in enumerate(days)
    ]


def _of_date(day: date, lines: Sequence[Line], number: _Numbers) -> dict[str, Any]:
    counted = [line for line in lines if line.kind == "count"]
    if counted:
        return {"kind": "count", "mark": _mark(counted, number), "word": ""}
    kinds = {line.kind: line for line in lines}
    if "pause" in kinds:
        return {"kind": "pause", "mark": PAUSE_MARK, "word": kinds["pause"].label or _("paused")}
    if "start" in kinds:
        return {"kind": "wait", "mark": DOT, "word": _("it starts")}
    label = kinds["off"].label if "off" in kinds else ""
    return {"kind": "off", "mark": "", "word": label if label and label != _("closed") else _("does not count")}


def _mark(counted: Sequence[Line], number: _Numbers) -> str:
    if counted[0].number:
        return str(number.next())
    if len(counted[0].dates) > 1:
        return DOT  # the hours of several dates stand together in the sum
    return length_words(sum((line.counted for line in counted), NOTHING))


def _named(day: date, entry: dict[str, Any]) -> dict[str, Any]:
    name = format_date(day, "EEE", locale=get_locale()).replace(".", "")
    return {"date": day, "day": name, "number": day.day, **entry}


def _placed(entry: dict[str, Any], today: date, due: date | None) -> dict[str, Any]:
    """Mark today and the promised date; they say so in words."""
    if entry["date"] == due:
        return {**entry, "kind": "due", "word": _("promised")}
    if entry["date"] == today and entry["kind"] in ("count", "wait"):
        return {**entry, "kind": "today", "word": _("today")}
    return entry


def _fold(entries: Sequence[dict[str, Any]], today: date) -> list[Entry]:
    """Keep the first, the last and those around today when there are more than twelve (design.md 4)."""
    if len(entries) <= LONGEST:
        return list(entries)
    here = next((n for n, entry in enumerate(entries) if entry["date"] == today), 0)
    kept = {0, 1, 2, here - 1, here, here + 1, *range(len(entries) - 4, len(entries))}
    found: list[Entry] = []
    for shown, group in groupby(enumerate(entries), key=lambda pair: pair[0] in kept):
        those = [entry for _n, entry in group]
        found += those if shown or len(those) == 1 else [_folded(len(those))]
    return found


def _folded(hidden: int) -> Entry:
    words = ngettext("%(num)d more day", "%(num)d more days", hidden)
    return {"date": None, "kind": "off", "day": NBSP, "number": "…", "mark": "", "word": words}
