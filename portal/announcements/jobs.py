"""Timed work: telling people when something is out, reminders and digests (C5)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from portal.announcements import actions, queries
from portal.announcements.actions.delivering import JOB
from portal.announcements.models import Announcement
from portal.core import clock, jobs
from portal.core.db import db

SWEEP, MAILINGS = "announcements.sweep", "announcements.mailings"
MORNING = 8


def register() -> None:
    """Register the work."""
    jobs.handler(JOB, deliver)
    jobs.handler(SWEEP, sweep, every=timedelta(minutes=30))
    jobs.handler(MAILINGS, mail, every=timedelta(hours=1))


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


def mail(payload: dict[str, Any]) -> None:
    """Remind, tell heads who is missing, and send digests, from the morning on (rules 10 and 15)."""
    now, zone = clock.now(), str(current_app.config["PORTAL_TIMEZONE"])
    if now.astimezone(ZoneInfo(zone)).hour < MORNING:
        return
    actions.remind(now, zone)
    actions.tell_heads(now)
    actions.send_digests(now, zone)
