"""Timed work: one table, one worker loop, claims by lease, effect and "done" in one commit (RE-21, RE-22)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, UtcDateTime, db, transaction

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
PAUSE_SECONDS = 2
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


_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
_periodic: dict[str, Periodic] = {}


def handler(kind: str, work: Callable[[dict[str, Any]], None], every: timedelta | None = None) -> None:
    """Register the work of a kind; with `every`, it also recurs. Work must be safe to run twice."""
    _handlers[kind] = work
    if every:
        _periodic[kind] = Periodic(kind, every)


def enqueue(kind: str, payload: dict[str, Any] | None = None, *, at: datetime | None = None, key: str | None = None) -> None:
    """Add a job in the caller's transaction; with `key`, at most one of this kind and key ever exists."""
    if key and db.session.scalar(select(Job.id).where(Job.kind == kind, Job.unique_key == key)):
        return
    db.session.add(Job(kind=kind, payload=payload or {}, run_at=at or clock.now(), unique_key=key))


def work_forever(stop: Callable[[], bool]) -> None:
    """Run jobs as they fall due until `stop()`."""
    while not stop():
        if not run_due():
            time.sleep(PAUSE_SECONDS)


def run_due(limit: int = 100) -> int:
    """Run what is due, at most `limit` jobs; return how many ran."""
    schedule_periodic()
    done = 0
    while done < limit and (claimed := claim()) is not None:
        run(claimed)
        done += 1
    return done


def schedule_periodic() -> None:
    """Make the present period's job of each recurring kind, once whoever does it."""
    now = clock.now()
    for periodic in _periodic.values():
        period = int(now.timestamp() // periodic.every.total_seconds())
        key = f"period-{period}"
        with db.session.no_autoflush:
            missing = db.session.scalar(select(Job.id).where(Job.kind == periodic.kind, Job.unique_key == key)) is None
        db.session.rollback()
        if missing:
            _try_enqueue(periodic.kind, key)


def _try_enqueue(kind: str, key: str) -> None:
    from sqlalchemy.exc import IntegrityError

    try:
        with transaction():
            enqueue(kind, key=key)
    except IntegrityError:
        log.info("period_taken", kind=kind)


def claim() -> int | None:
    """Lease the next due job to this worker and return its id; two workers never get the same one."""
    now = clock.now()
    with transaction():
        job = db.session.scalar(
            select(Job)
            .where(Job.done_at.is_(None), Job.parked_at.is_(None), Job.run_at <= now)
            .where((Job.leased_until.is_(None)) | (Job.leased_until < now))
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return None
        job.leased_until, job.attempts = now + LEASE, job.attempts + 1
        if job.attempts > ATTEMPTS:
            job.parked_at = now
            return job.id
        return job.id


def run(job_id: int) -> None:
    """Do the work and mark it done in one commit; a failure is kept and tried again later, three times in all."""
    try:
        with transaction():
            job = db.session.get_one(Job, job_id)
            if job.parked_at is None:
                _handlers[job.kind](dict(job.payload))
                job.done_at = clock.now()
    except Exception as error:
        log.error("job_failed", job=job_id, exc_info=error)
        _note_failure(job_id, repr(error))


def _note_failure(job_id: int, error: str) -> None:
    with transaction():
        job = db.session.get_one(Job, job_id)
        job.error, job.leased_until = error[:500], None
        job.run_at = clock.now() + timedelta(minutes=job.attempts**2)
        if job.attempts >= ATTEMPTS:
            job.parked_at = clock.now()
