"""How timed work stands: what the administration page shows of it (RE-22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from portal.core.db import db
from portal.core.jobs import Job, period_of, registered

NORMAL = timedelta(minutes=1)
LATE_AFTER = 10 * NORMAL


@dataclass(frozen=True)
class KindState:
    """How one kind of work stands."""

    kind: str
    every: timedelta | None
    last_run: datetime | None
    duration_ms: int | None
    waiting: int
    oldest: datetime | None
    parked: int
    late: bool


def states(now: datetime) -> list[KindState]:
    """Return how each kind of work stands, by name."""
    open_ = Job.done_at.is_(None) & Job.parked_at.is_(None) & (Job.run_at <= now)
    found = db.session.execute(
        select(
            Job.kind,
            func.max(Job.done_at),
            func.sum(case((open_, 1), else_=0)),
            func.min(case((open_, Job.run_at))),
            func.sum(case((Job.parked_at.is_not(None), 1), else_=0)),
        ).group_by(Job.kind)
    )
    rows = {kind: (last, waiting, oldest, parked) for kind, last, waiting, oldest, parked in found}
    return [_state(kind, rows.get(kind, (None, 0, None, 0)), now) for kind in sorted({*registered(), *rows})]


def _state(kind: str, row: tuple[datetime | None, int, datetime | None, int], now: datetime) -> KindState:
    last, waiting, oldest, parked = row
    late = oldest is not None and now - oldest > LATE_AFTER
    return KindState(kind, period_of(kind), last, _last_duration(kind), waiting, oldest, parked, late)


def _last_duration(kind: str) -> int | None:
    newest = select(Job.duration_ms).where(Job.kind == kind, Job.done_at.is_not(None)).order_by(Job.done_at.desc())
    return db.session.scalar(newest.limit(1))


def parked() -> list[Job]:
    """Return the parked jobs, newest first."""
    return list(db.session.scalars(select(Job).where(Job.parked_at.is_not(None)).order_by(Job.parked_at.desc()).limit(100)))
