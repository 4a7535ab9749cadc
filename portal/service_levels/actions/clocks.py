"""Starting, stopping, pausing, resuming and re-aiming clocks: all of it through `apply_clock_event`.

It locks the subject's row (C3), writes what is already broken, changes the clocks, and rewrites what lists are ordered by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import subjects
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.service_levels.actions.one_clock import Moment, aim, close_run, iso, open_run, start_one, stop_one
from portal.service_levels.actions.settling import record, settle_readings
from portal.service_levels.choosing import Facts, calendar_id_of, choose
from portal.service_levels.events import ClocksMoved
from portal.service_levels.models import Clock, PauseReason
from portal.service_levels.models.clocks import PAUSED, RUNNING
from portal.service_levels.queries.clocks import About, Reading, clocks
from portal.service_levels.writing import update_many

Change = Callable[[Moment], None]
DONE = ("solved", "answered", "decided", "passed_on")
"""What ends a clock because its thing was done; another end is no result that a report could count."""
WORK = ("fulfilment", "team")
"""What waits together: the work, and the team that has it."""


def apply_clock_event(about: About, change: Change, at: datetime, now: datetime, by: Person | None = None) -> list[Reading]:
    """Change the clocks of one subject as of `at`, which is now if it lies in the future (19).

    Breaches until then are written first, by the clocks as they stood (26).
    """
    at = min(at, now).replace(microsecond=0)
    lock_subject(about)
    readings = clocks(about)
    settle_readings(readings, at, now)
    for reading in readings:
        _write_resumption(reading, at)
    change(Moment(about, at, by, readings))
    db.session.flush()
    readings = clocks(about)
    settle_readings(readings, now, now)
    rewrite_caches(readings, now)
    _tell(about, readings)
    return readings


def lock_subject(about: About) -> None:
    """Lock the subject's row, which is what all writes to its clocks compete for (C3)."""
    model: Any = subjects.of_kind(about.kind).model
    db.session.execute(select(model.id).where(model.id == about.id).with_for_update())


def rewrite_caches(readings: Sequence[Reading], now: datetime) -> None:
    """Write again what lists are ordered by and reports count; no decision looks at it."""
    for reading in readings:
        (_rewrite_stopped if reading.stopped else _rewrite_open)(reading, now)


def rewrite_open_caches(readings: Sequence[Reading], now: datetime) -> None:
    """Do the same for many clocks that have not stopped, in one statement for those whose place changes (RE-40)."""
    changed = [
        (one.clock, found) for one in readings if (found := _cached(one, now)) != (one.clock.standing, one.clock.due_cache)
    ]
    update_many(Clock, ("standing", "due_cache"), [(clock.id, *found) for clock, found in changed])
    for clock, found in changed:
        for name, value in zip(("standing", "due_cache"), found, strict=True):
            set_committed_value(clock, name, value)


def _rewrite_stopped(reading: Reading, now: datetime) -> None:
    found = reading.at(now)
    reading.clock.due_cache = found.due
    reading.clock.worked_cache = int(found.elapsed.total_seconds()) if reading.end_cause in DONE else None


def _rewrite_open(reading: Reading, now: datetime) -> None:
    reading.clock.standing, reading.clock.due_cache = _cached(reading, now)
    reading.clock.worked_cache = None


def _cached(reading: Reading, now: datetime) -> tuple[str, datetime | None]:
    found = reading.standing(now)
    return RUNNING if found.running else PAUSED, found.due


def _tell(about: About, readings: Sequence[Reading]) -> None:
    main = next((one.clock for one in readings if one.clock.kind == "fulfilment"), None)
    publish(ClocksMoved(about.kind, about.id, main.standing if main else "", main.due_cache if main else None))


def _write_resumption(reading: Reading, at: datetime) -> None:
    """Write the resumption that a reader has seen already: the resume date has passed (20)."""
    last = reading.intervals[-1]
    if last.ended_at and last.resumes_at and last.resumes_at <= at and not reading.stopped:
        open_run(reading, max(last.resumes_at, last.ended_at), "resume_date", None)


def _together(moment: Moment, kind: str) -> list[Reading]:
    """Return the clocks of a kind; where the work waits, the team that has it waits too (20)."""
    return moment.found(kind) + (moment.found("team") if kind == "fulfilment" else [])


# --- the verbs --------------------------------------------------------------------------------------------------------


def start(
    about: About,
    kinds: Sequence[str],
    facts: Facts,
    at: datetime,
    now: datetime,
    cause: str = "sent",
    part: str = "",
    counted_by: int | None = None,
) -> list[Reading]:
    """Start clocks of these kinds; one that exists already is left as it is, so it is never asked a second time (14).

    `part` tells apart several of a kind: the stage of an approval, the team that holds it. `counted_by` is the department
    whose calendar counts, if that is not the one that was asked: the approver's.
    """
    chosen = choose(facts)
    if counted_by is not None:
        chosen = replace(chosen, calendar_id=calendar_id_of(counted_by))

    def change(moment: Moment) -> None:
        for kind in kinds:
            if not moment.found(kind, part):
                start_one(moment, kind, part, chosen, cause)

    return apply_clock_event(about, change, at, now)


def stop(
    about: About,
    kinds: Sequence[str],
    at: datetime,
    now: datetime,
    by: Person | None = None,
    cause: str = "solved",
    part: str | None = None,
) -> list[Reading]:
    """Stop the clocks of these kinds that have not stopped yet."""

    def change(moment: Moment) -> None:
        for kind in kinds:
            for reading in moment.found(kind, part):
                stop_one(reading, moment, cause)

    return apply_clock_event(about, change, at, now, by)


def pause(
    about: About,
    reason_key: str,
    at: datetime,
    now: datetime,
    by: Person | None = None,
    resumes_at: datetime | None = None,
    note: str = "",
    kind: str = "fulfilment",
) -> list[Reading]:
    """Pause the running clocks of a kind for a reason, perhaps until a date; a first response is never paused (14, 20)."""
    reason = db.session.scalars(select(PauseReason).where(PauseReason.key == reason_key)).one()
    if reason.needs_date and (resumes_at is None or resumes_at <= at):
        raise Refused(_("Say until when: this reason needs a date in the future."))
    if kind == "first_response":
        raise ValueError("a first response is never paused")

    def change(moment: Moment) -> None:
        for reading in _together(moment, kind) if reason.stops_fulfilment or kind not in WORK else []:
            if reading.intervals[-1].ended_at is None:
                last = close_run(reading, moment, "paused")
                last.reason, last.resumes_at, last.note = reason, resumes_at, note or None
                record(reading.clock, "paused", moment.at, by, reason=reason_key, until=iso(resumes_at))

    return apply_clock_event(about, change, at, now, by)


def resume(
    about: About,
    at: datetime,
    now: datetime,
    by: Person | None = None,
    cause: str = "resumed",
    kind: str = "fulfilment",
    part: str | None = None,
) -> list[Reading]:
    """Let the paused clocks of a kind run again, or the one of a part."""

    def change(moment: Moment) -> None:
        for reading in moment.found(kind, part) if part is not None else _together(moment, kind):
            if reading.intervals[-1].ended_at is not None and not reading.stopped:
                open_run(reading, max(moment.at, reading.intervals[-1].ended_at), cause, by)

    return apply_clock_event(about, change, at, now, by)


def requester_wrote(about: About, facts: Facts, at: datetime, now: datetime, by: Person) -> list[Reading]:
    """A person of the requester's side wrote: what waited for that runs again, and an answer is due (15, 20, 45)."""

    def change(moment: Moment) -> None:
        for reading in _together(moment, "fulfilment"):
            last = reading.intervals[-1]
            if last.ended_at is not None and not reading.stopped and last.reason and last.reason.ended_by_requester:
                open_run(reading, max(moment.at, last.ended_at), "requester_wrote", by)
        if not any(not one.stopped for one in moment.found("next_response")):
            start_one(moment, "next_response", str(len(moment.found("next_response")) + 1), choose(facts), "requester_wrote")

    return apply_clock_event(about, change, at, now, by)


def answered(about: About, at: datetime, now: datetime, by: Person) -> list[Reading]:
    """A person of the service replied publicly or logged a call: first and next response are given (14, 15)."""
    return stop(about, ("first_response", "next_response"), at, now, by, "answered")


def retarget(about: About, facts: Facts, now: datetime, by: Person | None, reason: str) -> list[Reading]:
    """Choose the level again after priority, category, service or requester changed: elapsed stays, targets change (22)."""
    chosen = choose(facts)

    def change(moment: Moment) -> None:
        for reading in moment.readings:
            if not reading.stopped:
                aim(reading, chosen, moment.at, by, reason)

    return apply_clock_event(about, change, now, now, by)


def reopen(about: About, at: datetime, now: datetime, by: Person | None = None) -> list[Reading]:
    """Let the fulfilment clock run again; the time between is not counted, and there is no new first response (23)."""

    def change(moment: Moment) -> None:
        for reading in moment.found("fulfilment"):
            if reading.stopped:
                reading.clock.standing, reading.clock.calendar_version = RUNNING, None
                open_run(reading, max(moment.at, reading.intervals[-1].started_at), "reopened", by)

    return apply_clock_event(about, change, at, now, by)


def end_all(about: About, at: datetime, now: datetime, by: Person | None = None, cause: str = "merged") -> list[Reading]:
    """Stop every clock: the thing was merged into another, withdrawn or rejected; it is never late afterwards (24)."""
    return stop(about, ("first_response", "next_response", "fulfilment", "approval", "team"), at, now, by, cause)
