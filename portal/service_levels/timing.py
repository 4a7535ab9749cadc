"""Clocks, calculated: from running intervals, a calendar and a target to due, state, what is left and why (8 to 11, 36).

No database and no ambient time; the numbers in docstrings are the rules of the service-levels book.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from portal.service_levels.calendar import LIMIT, NOTHING, BusinessCalendar, CalendarExhausted, Label, Reason, Segment

ONE_DAY = timedelta(days=1)

State = Literal["running", "paused", "met", "breached", "none", "no_date"]


@dataclass(frozen=True, slots=True)
class Run:
    """A running interval; `resumes` ends the pause after it, `why` names that pause."""

    starts: datetime
    ends: datetime | None = None
    resumes: datetime | None = None
    why: Label = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a clock has to reach: seconds of open time, or working days."""

    amount: int
    unit: Literal["seconds", "working_days"] = "seconds"


@dataclass(frozen=True, slots=True)
class Day:
    """A date of a target in working days; a counted one bears its number, another one says why not (11)."""

    date: date
    number: int = 0
    why: Reason | Literal["start", "pause", ""] = ""
    label: Label = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """A clock as it stands at one instant. `left` and `elapsed` count seconds, or whole days for a target in days."""

    state: State
    running: bool = False
    due: datetime | None = None
    # the clock passed its due; also when it waits again since
    late: bool = False
    elapsed: timedelta = NOTHING
    left: timedelta = NOTHING
    elapsed_days: int = 0
    left_days: int = 0
    # beyond the due: working time, and time by the wall clock (30)
    overdue: timedelta = NOTHING
    overdue_wall: timedelta = NOTHING
    paused_since: datetime | None = None
    stopped_at: datetime | None = None


def effective(runs: Sequence[Run], now: datetime) -> list[Run]:
    """Return the runs as they count now: a resume date that has passed ends its pause (20)."""
    found: list[Run] = []
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        found.append(run)
        if following is None:
            if run.ends and run.resumes and run.resumes <= now:
                found.append(Run(max(run.resumes, run.ends)))
        elif run.ends and run.resumes and run.resumes < following.starts:
            found.append(Run(max(run.resumes, run.ends), following.starts))
    return found


def timing(
    runs: Sequence[Run], calendar: BusinessCalendar, target: Target | None, now: datetime, stopped: bool = False
) -> Timing:
    """Return how a clock stands at `now`; `stopped` tells its end from a pause."""
    counted = runs if stopped else effective(runs, now)
    if not counted:
        return Timing("none")
    last = counted[-1]
    running = last.ends is None
    base = Timing(
        "none",
        running=running,
        elapsed=elapsed(counted, calendar, now),
        paused_since=None if running or stopped else last.ends,
        stopped_at=last.ends if stopped else None,
    )
    if target is None or target.amount <= 0:
        return base
    try:
        return _judged(base, counted, calendar, target, now)
    except CalendarExhausted:
        return replace(base, state="no_date" if running else "met")


def _judged(base: Timing, runs: Sequence[Run], calendar: BusinessCalendar, target: Target, now: datetime) -> Timing:
    due = due_of(runs, calendar, target, as_if_running=base.running or base.stopped_at is not None)
    beyond = _beyond(runs, due, now) if due else []
    wall = _wall(beyond, now)
    late = wall > NOTHING
    shown = due if base.paused_since is None or late else None  # while paused there is no due date (21)
    found = replace(base, due=shown, late=late, overdue=elapsed(beyond, calendar, now), overdue_wall=wall)
    if target.unit == "working_days":
        days = sum(1 for day in days_of(runs, calendar, target, now) if day.number)
        found = replace(found, elapsed_days=days, left_days=max(target.amount - days, 0))
    else:
        found = replace(found, left=max(timedelta(seconds=target.amount) - base.elapsed, NOTHING))
    return replace(found, state=_state(found))


def _state(found: Timing) -> State:
    if found.paused_since is not None:
        return "paused"
    if found.late:
        return "breached"
    return "met" if found.stopped_at is not None else "running"


def elapsed(runs: Sequence[Run], calendar: BusinessCalendar, now: datetime) -> timedelta:
    """Return the open time in which the clock ran until `now` (8)."""
    parts = (calendar.working_time(run.starts, min(run.ends or now, now)) for run in runs)
    return sum(parts, NOTHING)


def _beyond(runs: Sequence[Run], due: datetime, now: datetime) -> list[Run]:
    """Return the parts of the runs after the due (21, 30)."""
    return [Run(max(run.starts, due), run.ends or now) for run in runs if (run.ends or now) > max(run.starts, due)]


def _wall(runs: Sequence[Run], now: datetime) -> timedelta:
    return sum(((run.ends or now) - run.starts for run in runs), NOTHING)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the order of lists and the writing of breaches need of a clock that has not stopped: no sums of time."""

    running: bool
    due: datetime | None = None
    late: bool = False


def standing(runs: Sequence[Run], calendar: BusinessCalendar, target: Target | None, now: datetime) -> Standing:
    """Return how an open clock stands at `now`; running, due and late are those of `timing`."""
    counted = effective(runs, now)
    running = bool(counted) and counted[-1].ends is None
    if not counted or target is None or target.amount <= 0:
        return Standing(running)
    try:
        due = due_of(counted, calendar, target, as_if_running=running)
    except CalendarExhausted:
        return Standing(running)
    late = due is not None and bool(_beyond(counted, due, now))
    return Standing(running, due if running or late else None, late)


# --- due --------------------------------------------------------------------------------------------------------------


def due_of(runs: Sequence[Run], calendar: BusinessCalendar, target: Target, as_if_running: bool = True) -> datetime | None:
    """Return when the target is reached; None when the runs end before it and do not go on."""
    if as_if_running and runs[-1].ends is not None:
        runs = [*runs[:-1], replace(runs[-1], ends=None)]
    if target.unit == "working_days":
        return _due_in_days(runs, calendar, target.amount)
    missing = timedelta(seconds=target.amount)
    for run in runs:
        if run.ends is None or missing <= (length := calendar.working_time(run.starts, run.ends)):
            return calendar.due(run.starts, missing)
        missing -= length
    return None


def _due_in_days(runs: Sequence[Run], calendar: BusinessCalendar, wanted: int) -> datetime | None:
    if len(runs) == 1 and runs[0].ends is None:
        return calendar.due_days(runs[0].starts, wanted)  # it runs all the time: every open day counts
    for day in counted_days(runs, calendar):
        if day.number == wanted:
            return calendar.spans(day.date)[-1].closes
    if runs[-1].ends is None:
        raise CalendarExhausted
    return None


# --- working days -----------------------------------------------------------------------------------------------------


def counted_days(runs: Sequence[Run], calendar: BusinessCalendar, until: datetime | None = None) -> Iterator[Day]:
    """Walk the dates after the first running instant: a day counts when the clock ran half of its open time (11).

    The walk ends with the runs, or at `until` if that is later; runs that go on are followed up to the limit (25).
    """
    first = runs[0].starts.astimezone(calendar.zone).date()
    last = runs[-1].ends
    end = max(last, until or last).astimezone(calendar.zone).date() if last else first + ONE_DAY * LIMIT
    number = 0
    for n in range((end - first).days + 1):
        day = first + ONE_DAY * n
        if n == 0:
            yield Day(day, why="start")
        elif not calendar.spans(day):
            yield Day(day, 0, *calendar.why_closed(day))
        elif _ran_half(runs, calendar, day):
            number += 1
            yield Day(day, number, label=calendar.why_closed(day)[1])
        else:
            yield Day(day, why="pause", label=_pause_on(runs, calendar, day))


def _ran_half(runs: Sequence[Run], calendar: BusinessCalendar, day: date) -> bool:
    whole = ran = NOTHING
    for opens, closes in calendar.spans(day):
        whole += closes - opens
        for run in runs:
            ran += max(min(run.ends or closes, closes) - max(run.starts, opens), NOTHING)
    return 2 * ran >= whole


def _pause_on(runs: Sequence[Run], calendar: BusinessCalendar, day: date) -> Label:
    """Return what the clock waited for on a date."""
    closes = calendar.spans(day)[-1].closes
    waited = [run.why for run in runs if run.ends and run.ends < closes]
    return waited[-1] if waited else ""


def days_of(runs: Sequence[Run], calendar: BusinessCalendar, target: Target, now: datetime) -> list[Day]:
    """Return the dates of a target in days that are over by `now`, up to the one that reaches it."""
    found: list[Day] = []
    for day in counted_days(runs, calendar):
        spans = calendar.spans(day.date)
        if day.number and spans[-1].closes > now:
            break
        if not spans and day.date > now.astimezone(calendar.zone).date():
            break
        found.append(day)
        if day.number == target.amount:
            break
    return found


# --- explanation ------------------------------------------------------------------------------------------------------


def days_until_due(runs: Sequence[Run], calendar: BusinessCalendar, target: Target, now: datetime, stopped: bool) -> list[Day]:
    """Return every date from the start to the due, or to the pause that lasts: counted ones add up to the target (36)."""
    counted = _going_on(runs if stopped else effective(runs, now), stopped)
    found: list[Day] = []
    for day in counted_days(counted, calendar, until=now):
        found.append(day)
        if day.number == target.amount:
            break
    return found


def segments_until_due(
    runs: Sequence[Run], calendar: BusinessCalendar, target: Target, now: datetime, stopped: bool
) -> list[Segment]:
    """Return all the time from the start to the due, or to now while paused: counted parts add up to the target (36)."""
    counted = _going_on(runs if stopped else effective(runs, now), stopped)
    due = due_of(counted, calendar, target, as_if_running=False)
    found: list[Segment] = []
    for run, following in zip(counted, [*counted[1:], None], strict=True):
        ends = min(filter(None, (run.ends, due)), default=now)
        found += calendar.between(run.starts, ends)
        if due is not None and ends == due:
            break
        until = following.starts if following else now
        if run.ends is not None and run.ends < until:
            found.append(Segment(run.ends, until, "pause", run.why))
    return found


def _going_on(runs: Sequence[Run], stopped: bool) -> list[Run]:
    """A stopped clock is explained by the promise that it had when it stopped."""
    return [*runs[:-1], replace(runs[-1], ends=None)] if stopped else list(runs)
