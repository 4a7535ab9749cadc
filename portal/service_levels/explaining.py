"""The card "Why this date": the promise, how it stands, and its arithmetic, in the reader's language and zone (36, 37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _

from portal.core.text import date_in_full, wall
from portal.service_levels.calendar import BusinessCalendar, CalendarExhausted
from portal.service_levels.models import ExpectedDate
from portal.service_levels.queries.clocks import Reading
from portal.service_levels.queries.standing import Broken
from portal.service_levels.reckoning import Line, in_sentences, lines_of_days, lines_of_segments, shortened
from portal.service_levels.ruler import Entry, ruler
from portal.service_levels.timing import Run, Target, Timing, days_until_due, segments_until_due
from portal.service_levels.words import (
    city,
    days_count,
    differs,
    label_words,
    length_words,
    moment_words,
    target_words,
)

MINUTE = 60
SOON = 2 * 3600  # seconds left from which a clock warns (design.md 4)
Look = Literal["ok", "warn", "bad", "paused", "idle"]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Explanation:
    """A promise in words, ready for `ui.promise`, `ui.days` and `ui.sum`."""

    caption: str
    date: str
    time: str = ""
    verdict: str = ""
    left: str = ""
    late: bool = False
    # the clock is paused: there is no date
    waits: bool = False
    days: Sequence[Entry] = ()
    rows: Sequence[Pair] = ()
    total: Pair | None = None
    # the same as sentences, for mail
    lines: Sequence[str] = ()
    # more that a reader must know, such as a new expected date
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class ClockWords:
    """A clock in a list, ready for `ui.clock`."""

    text: str
    kind: Look
    share: int | None = None


def clock_words(reading: Reading, now: datetime) -> ClockWords:
    """Return a clock in words for a list: always words, never a colour alone."""
    found = reading.at(now)
    if found.state == "none" or reading.target is None:
        return ClockWords(_("no promise"), "idle")
    if found.state == "no_date":
        return ClockWords(_("no date"), "idle")
    if found.state == "paused":
        return ClockWords(_("paused, %(left)s left", left=left_words(found, reading.target)), "paused")
    if found.state == "met":
        return ClockWords(_("kept"), "ok", 100)
    if found.late:
        return ClockWords(_late(found), "bad")
    in_hours = reading.target.unit == "seconds"
    soon = in_hours and found.left.total_seconds() < SOON
    words: str = _("%(left)s left", left=left_words(found, reading.target))
    return ClockWords(words, "warn" if soon else "ok", _share(found, reading.target))


def _late(found: Timing) -> str:
    """Say by how much working time it is late; before the window opens again, only that it is (rule 30)."""
    if found.overdue.total_seconds() < MINUTE:
        return str(_("late"))
    return str(_("late, %(length)s", length=length_words(found.overdue)))


def left_words(found: Timing, target: Target) -> str:
    """Return what is left of a target."""
    return days_count(found.left_days) if target.unit == "working_days" else length_words(found.left)


def _share(found: Timing, target: Target) -> int:
    gone = found.elapsed_days if target.unit == "working_days" else found.elapsed.total_seconds()
    return min(int(100 * gone / target.amount), 100)


def explain(
    reading: Reading,
    now: datetime,
    expected: ExpectedDate | None = None,
    asked: datetime | None = None,
    caption: str = "",
    broken: Sequence[Broken] = (),
) -> Explanation:
    """Return the card of a clock; `asked` is when the thing was sent, if the clock started later (after an approval).

    `caption` says what the date is of, if it is not that of the work; `broken` is what was not kept of it (27).
    """
    card = with_broken(_explained(reading, now, expected, asked), broken)
    return replace(card, caption=caption) if caption and not card.waits else card


def with_broken(card: Explanation, broken: Sequence[Broken]) -> Explanation:
    """Return the card with what was not kept before: a new target does not undo it, an annulment stands beside it (27)."""
    before = next((one for one in broken if one.replaced and one.counts), None)
    if before is not None and not card.late:
        caption = _("It was promised for %(date)s. New target", date=date_in_full(before.at))
        card = replace(card, caption=caption, verdict=_("Late"), late=True)
    said = [
        _(
            "The promise of %(date)s was not kept. It does not count: %(reason)s (%(name)s)",
            date=moment_words(one.at),
            reason=one.annulment.reason,
            name=one.annulment.by.name,
        )
        for one in broken
        if one.annulment
    ]
    return replace(card, notes=[*card.notes, *said])


def _explained(reading: Reading, now: datetime, expected: ExpectedDate | None, asked: datetime | None) -> Explanation:
    found, target = reading.at(now), reading.target
    if target is None or found.state == "none":
        return Explanation(_("Promised for"), _("no date"), notes=[_("Nothing is promised for this.")])
    if found.state == "no_date":
        notes = [_("No date: the calendar has no open time in the next three years.")]
        return Explanation(_("Promised for"), _("no date"), notes=notes)
    worked_out = _reckon(reading.runs, reading.calendar, target, now, reading.stopped)
    return _card(reading, found, target, worked_out, now, expected, asked)


def _reckon(runs: list[Run], calendar: BusinessCalendar, target: Target, now: datetime, stopped: bool) -> list[Line]:
    try:
        if target.unit == "working_days":
            return lines_of_days(days_until_due(runs, calendar, target, now, stopped))
        return lines_of_segments(segments_until_due(runs, calendar, target, now, stopped), calendar.zone)
    except CalendarExhausted:
        return []


def _card(
    reading: Reading,
    found: Timing,
    target: Target,
    lines: list[Line],
    now: datetime,
    expected: ExpectedDate | None,
    asked: datetime | None,
) -> Explanation:
    zone, short = reading.calendar.zone, shortened(lines)
    total: Pair | None = (_("Promised date"), moment_words(found.due, zone)) if found.due else None
    return replace(
        _head(reading, found, target, now, expected),
        days=ruler(lines, found.due, now, zone, asked),
        rows=[(_("What is promised"), target_words(target)), *((line.what, line.how_much) for line in short)],
        total=total,
        lines=[*in_sentences(short), *([f"{total[0]}: {total[1]}."] if total else [])],
        notes=_notes(reading, expected, found),
    )


def _notes(reading: Reading, expected: ExpectedDate | None, found: Timing) -> list[str]:
    """Return what the board has no room for: when a pause ends by itself, and the date given beside the promise (20, 38)."""
    notes = []
    if found.paused_since is not None and found.due is None:
        notes.append(_("There is no date while it waits: this time is not counted."))
    if found.paused_since is not None and (resumes := reading.runs[-1].resumes) is not None:
        notes.append(_("It goes on by itself on %(date)s.", date=moment_words(resumes, reading.calendar.zone)))
    if expected is not None:
        said = _("Now expected for %(date)s: %(reason)s") if found.stopped_at is None else _("Expected for %(date)s: %(reason)s")
        notes.append(said % {"date": moment_words(expected.expected_at), "reason": expected.reason})
    return notes


def _head(reading: Reading, found: Timing, target: Target, now: datetime, expected: ExpectedDate | None) -> Explanation:
    """Return what stands on the board: date, verdict, and what is left."""
    if found.state == "paused" or found.due is None:
        left, why = _("%(left)s left", left=left_words(found, target)), label_words(reading.runs[-1].why)
        waits_for = why[:1].upper() + why[1:]
        return Explanation(
            _("The clock waits"), waits_for, verdict=left, left=_("from when it goes on"), late=found.late, waits=True
        )
    if found.late and found.running and expected is not None and expected.expected_at > now:
        return Explanation(
            _("It was promised for %(date)s. Now expected for", date=date_in_full(found.due)),
            date_in_full(expected.expected_at),
            before_words(expected.expected_at, reading.calendar),
            verdict=_("Late"),
            left=overdue_words(found),
            late=True,
        )
    return Explanation(
        _("Promised for"),
        date_in_full(found.due),
        before_words(found.due, reading.calendar),
        verdict=_verdict(found),
        left=overdue_words(found) if found.late else _left(found, target),
        late=found.late,
    )


def _verdict(found: Timing) -> str:
    if found.late:
        words: str = _("Late") if found.running else _("Not kept")
    else:
        words = _("On course") if found.running else _("Kept")
    return words


def before_words(instant: datetime, calendar: BusinessCalendar) -> str:
    """Return "by 17:00", with the time of the calendar's zone where it differs (37)."""
    words: str = _("by %(time)s", time=f"{wall(instant):%H:%M}")
    if not differs(instant, calendar.zone):
        return words
    there = instant.astimezone(calendar.zone)
    return f"{words} ({city(wall(instant).tzinfo)}) · {there:%H:%M} ({city(calendar.zone)})"


def overdue_words(found: Timing) -> str:
    """Return how late it is: working time first, then by the wall clock (30)."""
    working, wall_time = length_words(found.overdue), length_words(found.overdue_wall)
    words: str = _("%(working)s of open time, %(wall)s by the clock", working=working, wall=wall_time)
    return words


def _left(found: Timing, target: Target) -> str:
    if found.stopped_at is not None:
        words: str = _("ready on %(date)s", date=moment_words(found.stopped_at))
    else:
        words = _("%(left)s left", left=left_words(found, target))
    return words
