"""Timed work of service levels: it makes things known earlier and never makes them true (C5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from portal.core import clock, jobs
from portal.core.db import db
from portal.core.events import publish
from portal.service_levels.actions.calendars import TELL
from portal.service_levels.actions.clocks import apply_clock_event, lock_subject
from portal.service_levels.actions.settling import settle_readings
from portal.service_levels.actions.warning import warn
from portal.service_levels.events import ClocksMoved, DueMoved
from portal.service_levels.models import Clock, ClockBreach, ClockInterval
from portal.service_levels.models.clocks import PAUSED, RUNNING
from portal.service_levels.queries.clocks import About, read_open

WARN, SWEEP = "service_levels.warn", "service_levels.sweep"
BATCH = 500

__all__ = ["SWEEP", "TELL", "WARN", "sweep", "tell_moved", "warn_some"]


def sweep(payload: dict[str, Any]) -> None:
    """Write resumptions whose date has passed and breaches that readers see already; have warnings sent in batches."""
    now = clock.now()
    for kind, subject_id in _resumed(now):
        apply_clock_event(About(kind, subject_id), lambda moment: None, now, now)
    settle_readings(_unsettled(now), now, now)
    ids = list(
        db.session.scalars(select(Clock.id).where(Clock.standing == RUNNING, Clock.due_cache.is_not(None)).order_by(Clock.id))
    )
    for start in range(0, len(ids), BATCH):
        jobs.enqueue(WARN, {"ids": ids[start : start + BATCH]})


def _resumed(now: datetime) -> list[tuple[str, int]]:
    waits = exists().where(ClockInterval.clock_id == Clock.id, ClockInterval.resumes_at <= now)
    found = select(Clock.subject_kind, Clock.subject_id).where(Clock.standing == PAUSED, waits)
    return [(kind, subject_id) for kind, subject_id in db.session.execute(found.distinct().limit(BATCH))]


def _unsettled(now: datetime) -> list[Any]:
    written = exists().where(ClockBreach.clock_id == Clock.id, ClockBreach.at == Clock.due_cache)
    return read_open(Clock.standing == RUNNING, Clock.due_cache < now, ~written, limit=BATCH)


def warn_some(payload: dict[str, Any]) -> None:
    """Send the warnings of some clocks."""
    warn(payload["ids"], clock.now())


def tell_moved(payload: dict[str, Any]) -> None:
    """Tell packages above whose date has moved after a calendar or a target was saved (35)."""
    moved = {clock_id: (_instant(old), _instant(new)) for clock_id, old, new in payload["moved"]}
    saved_at = datetime.fromisoformat(payload["saved_at"])
    for one in db.session.scalars(select(Clock).where(Clock.id.in_(moved)).order_by(Clock.id)).all():
        old, new = moved[one.id]
        lock_subject(About(one.subject_kind, one.subject_id))
        db.session.refresh(one)
        publish(DueMoved(one.subject_kind, one.subject_id, one.kind, old, new, saved_at))
        if one.kind == "fulfilment":
            publish(ClocksMoved(one.subject_kind, one.subject_id, one.standing, one.due_cache))


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
