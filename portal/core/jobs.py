"""Timed work: one table, one worker loop, claims by lease, effect and "done" in one commit (RE-21, RE-22).

A worker that dies leaves a lease that ends: the job is then claimed again, three times in all, then parked. While a job
runs, its row is locked, so that a worker that is merely slow is not overtaken.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import JSON, Index, String, UniqueConstraint, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, UtcDateTime, db, reading, transaction
from portal.core.events import publish

LEASE = timedelta(minutes=5)
KEPT = timedelta(days=32)
ATTEMPTS = 3
PAUSE_SECONDS = 2
TIDY = "core.tidy_jobs"
log = structlog.get_logger()


class Job(Model):
    """One piece of work to be done after its cause was committed."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "unique_key"),
        Index(
            "ix_job_due",
            "run_at",
            "id",
            sqlite_where=text("done_at IS NULL AND parked_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND parked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(120))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    duration_ms: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Periodic:
    """Work that recurs: at most once per period, whoever runs the worker."""

    kind: str
    every: timedelta


@dataclass(frozen=True)
class Claim:
    """A job leased to this worker; `attempt` tells this lease from later ones."""

    job_id: int
    attempt: int


@dataclass(frozen=True)
class JobParked:
    """A job failed as often as it may and waits for an administrator."""

    job_id: int
    kind: str


_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
_periodic: dict[str, Periodic] = {}
_sources: dict[str, Callable[[], int]] = {}
_outside: set[str] = set()


def handler(kind: str, work: Callable[[dict[str, Any]], None], every: timedelta | None = None, *, outside: bool = False) -> None:
    """Register the work of a kind; with `every`, it also recurs. Work must be safe to run twice.

    Slow work on files is done `outside` a transaction: it begins short ones of its own (RE-3).
    """
    _handlers[kind] = work
    if outside:
        _outside.add(kind)
    if every:
        _periodic[kind] = Periodic(kind, every)


def source(name: str, work: Callable[[], int]) -> None:
    """Let the worker also look after a table of another kind, such as the outbox; `work` returns how much it did."""
    _sources[name] = work


def registered() -> set[str]:
    """Return the kinds of work that there are."""
    return set(_handlers)


def period_of(kind: str) -> timedelta | None:
    """Return how often a kind recurs, None if it does not."""
    return _periodic[kind].every if kind in _periodic else None


def enqueue(kind: str, payload: dict[str, Any] | None = None, *, at: datetime | None = None, key: str | None = None) -> None:
    """Add a job in the caller's transaction; with `key`, at most one of this kind and key ever exists."""
    if key and db.session.scalar(select(Job.id).where(Job.kind == kind, Job.unique_key == key)):
        return
    db.session.add(Job(kind=kind, payload=payload or {}, run_at=at or clock.now(), unique_key=key))


def run_due(limit: int = 100) -> int:
    """Run what is due, jobs and other sources; return how much was done."""
    return run_jobs(limit) + sum(work() for work in _sources.values())


def works() -> Sequence[Callable[[], int]]:
    """Return what a worker repeats side by side, so that slow mail never delays a job."""
    return [run_jobs, *_sources.values()]


def work_forever(app: Flask, work: Callable[[], int], stop: Callable[[], bool]) -> None:
    """Repeat one kind of work until `stop()`; a database that is away is asked again (RE-28)."""
    while not stop():
        try:
            with app.app_context():
                done = work()
        except Exception as error:
            log.error("worker_failed", exc_info=error)
            done = 0
        if not done:
            time.sleep(PAUSE_SECONDS)


def run_jobs(limit: int = 100) -> int:
    """Run the jobs that are due, at most `limit`; return how many ran."""
    schedule_periodic()
    done = 0
    while done < limit and (claimed := claim()) is not None:
        run(claimed)
        done += 1
    return done


def schedule_periodic() -> None:
    """Make the present period's job of each recurring kind, once whoever does it; missed periods are not made up for."""
    now = clock.now()
    keys = {kind: f"period-{int(now.timestamp() // one.every.total_seconds())}" for kind, one in _periodic.items()}
    with current_app.app_context(), reading():
        there = set(db.session.execute(select(Job.kind, Job.unique_key).where(Job.unique_key.in_(set(keys.values())))))
    for kind, key in keys.items():
        if (kind, key) not in there:
            _try_enqueue(kind, key)


def _try_enqueue(kind: str, key: str) -> None:
    try:
        with current_app.app_context(), transaction():
            enqueue(kind, key=key)
    except IntegrityError:
        log.info("period_taken", kind=kind)


def claim() -> Claim | None:
    """Lease the next due job to this worker; two workers never get the same one."""
    with current_app.app_context(), transaction():
        while (job := _next_due(clock.now())) is not None:
            job.leased_until, job.attempts = clock.now() + LEASE, job.attempts + 1
            if job.attempts <= ATTEMPTS:
                return Claim(job.id, job.attempts)
            _park(job, job.error or "the worker ended while it ran")
            db.session.flush()
    return None


def _next_due(now: datetime) -> Job | None:
    return db.session.scalar(
        select(Job)
        .where(Job.done_at.is_(None), Job.parked_at.is_(None), Job.run_at <= now)
        .where((Job.leased_until.is_(None)) | (Job.leased_until < now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _park(job: Job, error: str) -> None:
    job.parked_at, job.error = clock.now(), error[:500]
    log.error("job_parked", job=job.id, kind=job.kind)
    publish(JobParked(job.id, job.kind))


def run(claimed: Claim) -> None:
    """Do the work and mark it done in one commit; a failure is kept and tried again later, three times in all."""
    started = time.monotonic()
    try:
        with current_app.app_context():
            _work(claimed, started)
    except Exception as error:
        log.error("job_failed", job=claimed.job_id, exc_info=error)
        _note_failure(claimed, repr(error))


def _work(claimed: Claim, started: float) -> None:
    with transaction():
        job = _held(claimed)
        if job is None:
            return
        kind, payload = job.kind, dict(job.payload)
        if kind not in _outside:
            _handlers[kind](payload)
            _finish(job, started)
            return
    _handlers[kind](payload)
    with transaction():
        job = _held(claimed)
        if job is not None:
            _finish(job, started)


def _finish(job: Job, started: float) -> None:
    job.done_at, job.duration_ms = clock.now(), int((time.monotonic() - started) * 1000)


def _held(claimed: Claim) -> Job | None:
    """Lock and return the job if it is still this worker's, None if a later lease has taken it over."""
    job = db.session.get_one(Job, claimed.job_id, with_for_update=True)
    taken_over = job.attempts != claimed.attempt or job.done_at is not None or job.parked_at is not None
    return None if taken_over else job


def _note_failure(claimed: Claim, error: str) -> None:
    with current_app.app_context(), transaction():
        job = _held(claimed)
        if job is None:
            return
        job.error, job.leased_until = error[:500], None
        job.run_at = clock.now() + timedelta(minutes=job.attempts**2)
        if job.attempts >= ATTEMPTS:
            _park(job, error)


def try_again(job_id: int, now: datetime) -> None:
    """Give a parked job three more attempts."""
    job = db.session.get_one(Job, job_id, with_for_update=True)
    if job.parked_at is not None:
        job.parked_at, job.leased_until, job.attempts, job.run_at = None, None, 0, now


def tidy(payload: dict[str, Any]) -> None:
    """Forget jobs done long ago."""
    db.session.execute(delete(Job).where(Job.done_at < clock.now() - KEPT))


handler(TIDY, tidy, every=timedelta(days=1))
