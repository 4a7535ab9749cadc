"""Timed work: each job takes effect once, whoever dies; what fails is put aside; recurring work is done once a period."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.core import clock as portal_clock
from portal.core import events, job_states, jobs
from portal.core.db import db, transaction
from tests.racing import ROUNDS, race
from tests.workers import COUNTED, count

BROKEN = "test.broken"


@pytest.fixture
def kinds(app: Flask) -> Iterator[None]:
    """Two kinds of work for the tests, without those of the portal."""
    kept = dict(jobs._handlers), dict(jobs._periodic)
    outside = set(jobs._outside)
    jobs._handlers.clear()
    jobs._periodic.clear()
    jobs.handler(COUNTED, count)
    jobs.handler(BROKEN, fail)
    yield
    for registry, before in zip((jobs._handlers, jobs._periodic), kept, strict=True):
        registry.clear()
        registry.update(before)
    jobs._outside.clear()
    jobs._outside.update(outside)


def fail(payload):
    count({"number": 1000})
    raise ValueError("no way")


def run() -> int:
    db.session.commit()
    return jobs.run_jobs()


def counted() -> list[int]:
    db.session.rollback()
    return sorted(db.session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "counted")))


def all_jobs() -> list[jobs.Job]:
    db.session.rollback()
    return list(db.session.scalars(select(jobs.Job).order_by(jobs.Job.id)))


def test_job_takes_effect_once_and_is_done(kinds, clock) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    jobs.enqueue(COUNTED, {"number": 2}, at=portal_clock.now() + timedelta(hours=1))
    assert run() == 1
    assert run() == 0
    assert counted() == [1]
    clock.shift(timedelta(hours=1))
    run()
    assert counted() == [1, 2]


def test_job_of_a_transaction_that_failed_does_not_exist(kinds) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    db.session.rollback()
    assert run() == 0


def test_one_key_makes_one_job(kinds) -> None:
    for _ in range(3):
        jobs.enqueue(COUNTED, {"number": 1}, key="once")
    run()
    jobs.enqueue(COUNTED, {"number": 1}, key="once")
    run()
    assert counted() == [1]


def test_R23_failing_job_leaves_no_effect_and_is_put_aside_after_three_attempts(kinds, clock) -> None:
    heard = []
    events.subscribe(jobs.JobParked, heard.append)
    jobs.enqueue(BROKEN)
    jobs.enqueue(COUNTED, {"number": 1})
    pauses = []
    for _ in range(3):
        run()
        job = all_jobs()[0]
        pauses.append(int((job.run_at - portal_clock.now()).total_seconds() // 60))
        clock.shift(timedelta(minutes=10))
    assert run() == 0
    job = all_jobs()[0]
    assert (job.attempts, job.error, job.done_at) == (3, "ValueError('no way')", None)
    assert job.parked_at is not None
    assert pauses[:2] == [1, 4]
    assert counted() == [1]
    assert heard == [jobs.JobParked(job.id, BROKEN)]
    events._subscribers[jobs.JobParked].remove(heard.append)


def test_R23_worker_that_dies_counts_as_a_failure(kinds, clock) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    jobs.enqueue(COUNTED, {"number": 2}, at=portal_clock.now() + timedelta(seconds=1))
    db.session.commit()
    for _ in range(3):
        assert jobs.claim().job_id == all_jobs()[0].id
        db.session.commit()
        clock.shift(timedelta(minutes=6))
    assert run() == 1
    assert all_jobs()[0].parked_at is not None
    assert counted() == [2]


def test_slow_worker_that_was_overtaken_has_no_effect(kinds, clock) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    db.session.commit()
    slow = jobs.claim()
    clock.shift(timedelta(minutes=6))
    assert run() == 1
    jobs.run(slow)
    assert counted() == [1]


def test_work_outside_a_transaction_is_done_once_and_lets_others_write(kinds, clock) -> None:
    def work(payload):
        with transaction():
            count({"number": 1})
        with transaction():
            count({"number": 2})

    jobs.handler(COUNTED, work, outside=True)
    jobs.enqueue(COUNTED)
    assert run() == 1
    assert run() == 0
    assert counted() == [1, 2]
    assert all_jobs()[0].done_at is not None


def test_R24_recurring_work_is_done_once_a_period_and_caught_up_once(kinds, clock) -> None:
    jobs.handler(COUNTED, lambda payload: count({"number": 7}), every=timedelta(hours=1))
    for _ in range(3):
        run()
    assert counted() == [7]
    clock.shift(timedelta(hours=3))
    for _ in range(3):
        run()
    assert counted() == [7, 7]


@race
def test_R24_schedulers_that_race_make_one_job_a_period(kinds, app: Flask) -> None:
    db.session.commit()
    for number in range(ROUNDS):
        together = threading.Barrier(3)
        threads = [threading.Thread(target=schedule, args=(app, f"period-{number}", together)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [job.unique_key for job in all_jobs()] == [f"period-{number}" for number in range(ROUNDS)]


def schedule(app: Flask, key: str, together: threading.Barrier) -> None:
    with app.app_context():
        together.wait()
        jobs._try_enqueue(COUNTED, key)


def test_worker_that_is_asked_to_stop_ends_by_itself(app: Flask, workers_of) -> None:
    workers = workers_of(app)
    pid = workers.start()
    time.sleep(0.5)
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while is_there(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(pid)
    workers.pids.discard(pid)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_jobs_done_long_ago_are_forgotten(kinds, clock) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    run()
    clock.shift(timedelta(days=31))
    jobs.tidy({})
    assert len(all_jobs()) == 0 or all_jobs()[0].done_at is not None
    clock.shift(timedelta(days=2))
    jobs.tidy({})
    db.session.commit()
    assert all_jobs() == []


def test_state_of_each_kind_says_backlog_and_delay(kinds, clock) -> None:
    jobs.enqueue(COUNTED, {"number": 1})
    run()
    jobs.enqueue(COUNTED, {"number": 2})
    db.session.commit()
    clock.shift(timedelta(minutes=11))
    broken, state = job_states.states(portal_clock.now())
    assert (broken.kind, broken.last_run, broken.waiting) == (BROKEN, None, 0)
    assert (state.waiting, state.late, state.parked) == (1, True, 0)
    assert state.last_run is not None
    assert state.duration_ms is not None


@race
def test_three_workers_and_kills_run_each_job_once(app: Flask, workers_of) -> None:
    for number in range(60):
        jobs.enqueue(COUNTED, {"number": number})
    db.session.commit()
    workers = workers_of(app)
    running = [workers.start() for _ in range(3)]
    for pause in (0.05, 0.25, 0.15, 0.2):
        time.sleep(pause)
        workers.kill(running.pop(0))
        running.append(workers.start())
    deadline = time.monotonic() + 30
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    workers.kill_all()
    assert counted() == list(range(60))


def left() -> int:
    db.session.rollback()
    open_ = select(func.count()).where(jobs.Job.kind == COUNTED, jobs.Job.done_at.is_(None), jobs.Job.parked_at.is_(None))
    number = db.session.scalar(open_) or 0
    db.session.rollback()
    return number
