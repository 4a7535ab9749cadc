"""Timed work of training: offers that ran out are noted, and who was there before the end has the record (C5, rules 13, 24)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.core import clock, jobs
from portal.core.db import db, reading, transaction
from portal.training import actions, reminding
from portal.training.actions.serving import serve
from portal.training.models import Enrolment, EnrolmentState, TrainingSession
from portal.training.queries.results import without_record

EVERY = timedelta(minutes=5)
DAILY = timedelta(days=1)
CAUGHT_UP = timedelta(days=7)
NEEDS_KEPT = timedelta(days=30)


def install() -> None:
    """Register the work that recurs."""
    jobs.handler("training.sweep", sweep, every=EVERY, outside=True)
    jobs.handler("training.catch_up", catch_up, every=EVERY, outside=True)
    jobs.handler("training.remind", remind, every=DAILY)
    jobs.handler("training.forget_needs", forget_needs, every=DAILY)


def remind(payload: dict[str, Any]) -> None:
    """Tell people what falls due (rule 32)."""
    reminding.remind(clock.now())


def forget_needs(payload: dict[str, Any]) -> None:
    """Delete what people said of diet and access 30 days after an event (rule 35)."""
    over = select(TrainingSession.id).where(TrainingSession.last_ends_at < clock.now() - NEEDS_KEPT)
    db.session.execute(update(Enrolment).where(Enrolment.needs.is_not(None), Enrolment.session_id.in_(over)).values(needs=None))


def catch_up(payload: dict[str, Any]) -> None:
    """Let the records of sessions follow that ended since attendance was taken, each in a short transaction."""
    now = clock.now()
    with reading():
        ids = without_record(now - CAUGHT_UP, now)
        db.session.rollback()
    for session_id in ids:
        with transaction():
            actions.catch_up(session_id, now)


def sweep(payload: dict[str, Any]) -> None:
    """Serve each session with an offer that ran out; one that somebody holds is left to them."""
    now = clock.now()
    with reading():
        ran_out = (Enrolment.state == EnrolmentState.OFFERED, Enrolment.offer_expires_at <= now)
        ids = db.session.scalars(select(Enrolment.session_id).where(*ran_out).distinct().order_by(Enrolment.session_id)).all()
        db.session.rollback()
    for session_id in ids:
        with transaction():
            one = select(TrainingSession.id).where(TrainingSession.id == session_id)
            if db.session.scalar(one.with_for_update(skip_locked=True)):
                serve(session_id, now)
