"""Timed work: telling people when something is out (C5)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.announcements import actions, queries
from portal.announcements.actions.delivering import JOB
from portal.announcements.models import Announcement
from portal.core import clock, jobs
from portal.core.db import db

SWEEP = "announcements.sweep"


def register() -> None:
    """Register the work."""
    jobs.handler(JOB, deliver)
    jobs.handler(SWEEP, sweep, every=timedelta(minutes=30))


def deliver(payload: dict[str, Any]) -> None:
    """Tell the recipients of one announcement."""
    found = db.session.get(Announcement, payload["id"], with_for_update=True)
    if found is not None:
        actions.deliver(found, clock.now())


def sweep(payload: dict[str, Any]) -> None:
    """Keep the recipients of all current ones in step and tell those who joined (rule 3)."""
    now = clock.now()
    for found in db.session.scalars(select(Announcement).where(queries.is_current(now)).order_by(Announcement.id)).all():
        actions.deliver(found, now)
