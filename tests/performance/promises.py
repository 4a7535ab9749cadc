"""Measures what dates cost: previewing and saving a calendar with many open clocks, and one due date: `make measure-promises`."""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from portal.core.clock import now as wall_now
from portal.core.db import db, transaction
from portal.people.models import Person
from portal.service_levels.actions import calendars as actions
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.dry_run import preview_calendar
from portal.service_levels.models import Calendar, CalendarDraft, CalendarVersion, Clock, ClockInterval, ClockTarget
from tests import conftest
from tests.cast import people
from tests.performance.measure import places, portal, say, server_process, tidy

CLOCKS = 10_000
PREVIEW, SAVE = 5.0, 10.0  # seconds by the wall clock (issue of the promises)
THREE_DAYS, ONE_YEAR = 25.0, 1_000.0  # microseconds at the median with a warm calendar
ROUNDS = 2_000
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOURS = {day: {"09:00": "13:00", "14:00": "18:00"} for day in WORKDAYS}
CHANGED = {**HOURS, "fri": {"09:00": "13:00"}}


def fill(calendar_id: int, clocks: int, now: datetime) -> None:
    """Write open clocks of all sorts: hours and days, running and paused, some of them late already."""
    ids = range(1, clocks + 1)
    started = {id_: now - timedelta(minutes=37 * (id_ % 400)) for id_ in ids}
    paused = {id_ for id_ in ids if id_ % 10 == 0}
    rows: list[dict[str, Any]] = [
        {
            "id": id_,
            "subject_kind": "request",
            "subject_id": id_,
            "kind": "fulfilment",
            "part": "",
            "calendar_id": calendar_id,
            "standing": "paused" if id_ in paused else "running",
        }
        for id_ in ids
    ]
    intervals = [
        {"clock_id": id_, "started_at": started[id_], "start_cause": "sent", "ended_at": now if id_ in paused else None}
        for id_ in ids
    ]
    targets = [
        {"clock_id": id_, "from_at": started[id_], "reason": ""}
        | ({"amount": 5, "unit": "working_days"} if id_ % 2 else {"amount": 3600 * (4 + id_ % 40), "unit": "seconds"})
        for id_ in ids
    ]
    for model, many in ((Clock, rows), (ClockInterval, intervals), (ClockTarget, targets)):
        db.session.execute(insert(model), many)


def prepare(app: Flask, clocks: int) -> int:
    """Return the id of a draft that closes Friday afternoons, on a calendar by which many clocks count."""
    with app.app_context(), transaction():
        admin, now = people.build().admin, wall_now()
        content = {"name": "Measured", "zone": "Europe/Madrid", "hours": HOURS, "exceptions": []}
        calendar = actions.create_calendar(content, admin, now)
        fill(calendar.id, clocks, now)
        return int(actions.draft_change(calendar, {**content, "hours": CHANGED}, calendar.version, admin, now).id)


def timed(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what came out, the seconds by the wall clock, and the CPU seconds of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = act()
    return found, time.perf_counter() - wall, time.process_time() - cpu


def preview(app: Flask, draft_id: int) -> tuple[int, float, float]:
    """Measure the dry run as the page does it."""
    with app.app_context():
        draft = db.session.get_one(CalendarDraft, draft_id)
        changed = CalendarVersion(content=draft.content).business
        found, wall, cpu = timed(lambda: preview_calendar(draft.calendar_id, changed, wall_now()))
        return len(found.moved), wall, cpu


def save(app: Flask, draft_id: int) -> tuple[int, float, float]:
    """Measure the saving with its commit."""
    with app.app_context():
        by = db.session.scalars(select(Person).order_by(Person.id)).first()
        assert by is not None

        def act() -> int:
            with transaction():
                return actions.save_draft(db.session.get_one(CalendarDraft, draft_id), by, wall_now())

        return timed(act)


def measure(engine: str, clocks: int) -> list[str]:
    """Measure on one database and return what takes too long."""
    broken = []
    with places(engine) as place:
        app = portal(*place("promises"))
        gc.freeze()  # as wsgi.py does
        draft_id = prepare(app, clocks)
        with app.app_context():
            tidy()
            server = server_process()
        say(f"\n{engine}: a calendar with {clocks:,} open clocks")
        for name, act, limit in (("preview", preview, PREVIEW), ("save", save, SAVE)):
            before = sum(server.cpu_times()[:2]) if server else 0.0
            moved, wall, cpu = act(app, draft_id)
            there = sum(server.cpu_times()[:2]) - before if server else 0.0
            used = f"{cpu:.2f} s CPU here, {there:.2f} s in the database"
            say(f"{name:<8} {wall:6.2f} s, at most {limit:g} ({used}; {moved:,} move)")
            broken += [f"{engine}, {name}: {wall:.2f} s, at most {limit:g}"] if wall > limit else []
        with app.app_context():
            assert db.session.scalars(select(Calendar.version)).one() == 2
        conftest.dispose(app)
    return broken


# --- one due date ----------------------------------------------------------------------------------------------------


def microseconds(working: timedelta) -> float:
    """Return what `due` takes at the median with a warm calendar, over starts of a year."""
    calendar = BusinessCalendar("Europe/Madrid", HOURS)
    first = datetime(2026, 1, 1, 8, tzinfo=UTC)
    starts = [first + timedelta(hours=7 * count) for count in range(ROUNDS // 2)]
    for start in starts:
        calendar.due(start, working)
    taken = []
    for start in starts:
        begun = time.perf_counter_ns()
        calendar.due(start, working)
        taken.append(time.perf_counter_ns() - begun)
    return median(taken) / 1_000


def measure_due() -> list[str]:
    """Measure one due date of three working days and of a working year."""
    say("\none due date, warm")
    broken = []
    for name, days, limit in (("3 days", 3, THREE_DAYS), ("1 year", 250, ONE_YEAR)):
        found = microseconds(timedelta(hours=8 * days))
        say(f"{name:<8} {found:8.1f} microseconds at the median, at most {limit:g}")
        broken += [f"due after {name}: {found:.1f} microseconds, at most {limit:g}"] if found > limit else []
    return broken


def main() -> int:
    """Measure; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clocks", type=int, default=CLOCKS)
    parser.add_argument("--database", choices=(*conftest.ENGINES, "both"), default="both")
    chosen = parser.parse_args()
    engines = tuple(conftest.ENGINES) if chosen.database == "both" else (chosen.database,)
    broken = measure_due() + [fault for engine in engines for fault in measure(engine, chosen.clocks)]
    say("\n".join(["", *broken]) if broken else "\nNo limit is broken.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
