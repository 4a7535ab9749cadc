"""Changing a calendar by which many clocks count: in batches, without stopping who reads, and with the same answers."""

from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from portal.core.db import db, writing
from portal.people.models import Department
from portal.service_levels import actions
from portal.service_levels.dry_run import preview_calendar
from portal.service_levels.models import Calendar, CalendarVersion, Clock, ClockBreach, ClockEvent
from portal.service_levels.timing import Run, Target, due_of, standing, timing
from tests.cast.people import Cast
from tests.performance.promises import CHANGED, HOURS, fill

from .cases import random_hours, windows
from .test_timing import at

CLOCKS = 130
NOW = at("fri 10:00")


@pytest.fixture
def draft(cast: Cast, thing: Department, monkeypatch: pytest.MonkeyPatch):
    """An edit that closes Friday afternoons, on a calendar by which some clocks of each sort count; batches are small."""
    monkeypatch.setattr("portal.service_levels.dry_run.BATCH", 20)
    content = {"name": "Many", "zone": "Europe/Madrid", "hours": HOURS, "exceptions": []}
    calendar = actions.create_calendar(content, cast.admin, NOW)
    fill(calendar.id, CLOCKS, NOW)
    made = actions.draft_change(calendar, {**content, "hours": CHANGED}, calendar.version, cast.admin, NOW)
    db.session.commit()
    return made


def test_saving_moves_what_the_preview_said_and_writes_each_breach_once(cast: Cast, draft) -> None:
    preview = preview_calendar(draft.calendar_id, CalendarVersion(content=draft.content).business, NOW)
    late = sum(1 for one in preview.moved if one.newly_late)
    assert (preview.checked, late) == (CLOCKS, 0)
    assert actions.save_draft(draft, cast.admin, NOW) == len(preview.moved) > 0
    broken = set(db.session.scalars(select(ClockBreach.clock_id)))
    told = list(db.session.scalars(select(ClockEvent.clock_id).where(ClockEvent.name == "breached")))
    assert broken == set(told)
    assert len(told) == len(broken) > 0
    again = {clock.id: clock.due_cache for clock in db.session.scalars(select(Clock))}
    assert {one.clock.id: one.new for one in preview.moved} == {one.clock.id: again[one.clock.id] for one in preview.moved}


def test_who_reads_meanwhile_is_not_stopped_and_sees_the_old_hours(app: Flask, cast: Cast, draft) -> None:
    actions.save_draft(draft, cast.admin, NOW)
    db.session.flush()
    token = writing.set(False)  # as a page that is only read
    with db.engine.connect() as other:
        if other.dialect.name == "postgresql":
            other.exec_driver_sql("SET statement_timeout = 2000")
        assert other.scalar(select(Calendar.version).where(Calendar.id == draft.calendar_id)) == 1
        assert other.scalar(select(func.count()).select_from(ClockBreach)) == 0
    writing.reset(token)
    db.session.commit()
    assert db.session.scalars(select(Calendar.version)).one() == 2


def test_a_batch_takes_the_same_few_statements_however_many_clocks_it_has(cast: Cast, draft, monkeypatch) -> None:
    changed = CalendarVersion(content=draft.content).business
    numbers = []
    for size in (20, 200):
        monkeypatch.setattr("portal.service_levels.dry_run.BATCH", size)
        found: list[str] = []

        def listen(*args: object) -> None:
            found.append(str(args[2]))  # noqa: B023  listens only in this round

        event.listen(db.engine, "before_cursor_execute", listen)
        preview_calendar(draft.calendar_id, changed, NOW)
        event.remove(db.engine, "before_cursor_execute", listen)
        numbers.append(len(found))
    assert numbers == [2 * 7 + 1, 2 + 1]


def test_saving_writes_the_places_of_a_batch_at_once_and_those_read_before_know_it(cast: Cast, draft, monkeypatch) -> None:
    """RE40."""
    read_before = list(db.session.scalars(select(Clock).order_by(Clock.id)))
    monkeypatch.setattr("portal.service_levels.dry_run.BATCH", CLOCKS)
    found: list[bool] = []

    def listen(_conn: object, _cursor: object, statement: str, _parameters: object, _context: object, many: bool) -> None:
        if statement.startswith("UPDATE clock SET"):
            found.append(many)

    event.listen(db.engine, "before_cursor_execute", listen)
    actions.save_draft(draft, cast.admin, NOW)
    event.remove(db.engine, "before_cursor_execute", listen)
    assert found == [db.engine.dialect.name == "sqlite"]
    known = [(one.standing, one.due_cache) for one in read_before]
    db.session.expire_all()
    assert known == [(one.standing, one.due_cache) for one in read_before]


def test_the_short_way_to_a_clock_agrees_with_the_long_one() -> None:
    """`standing` says running, due and late as `timing` does; unbroken runs reach the due of runs cut without a gap."""
    random = Random(51)  # noqa: S311  cases, no secrets
    for window in windows():
        for _ in range(8):
            calendar = random_hours(random, window).calendar(window.zone)
            start = window.starts + timedelta(minutes=random.randrange(5_000))
            cut = start + timedelta(minutes=random.randrange(3_000))
            pause = timedelta(minutes=random.randrange(3_000))
            resumes = cut + timedelta(minutes=random.randrange(6_000)) if random.random() < 0.5 else None
            runs = random.choice(([Run(start)], [Run(start, cut, resumes)], [Run(start, cut), Run(cut + pause)]))
            target = random.choice((Target(random.randrange(60, 90_000)), Target(random.randrange(1, 4), "working_days")))
            now = start + timedelta(minutes=random.randrange(20_000))
            long, short = timing(runs, calendar, target, now), standing(runs, calendar, target, now)
            assert (short.running, short.due, short.late) == (long.running, long.due, long.late)
            assert due_of([Run(start)], calendar, target) == due_of([Run(start, cut), Run(cut)], calendar, target)
