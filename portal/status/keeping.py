"""What a day came to when it had ended, kept once, so that a later correction of the past is seen (SP-30)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.db import db
from portal.status import queries
from portal.status.models import Component, ComponentDay

KIND = "status.days"


def keep(payload: dict[str, Any]) -> None:
    """Keep yesterday's figures of every public component that has none kept yet."""
    view = queries.public_view(clock.now())
    yesterday = view.today - timedelta(days=1)
    kept = set(db.session.scalars(select(ComponentDay.component_id).where(ComponentDay.day == yesterday)))
    ids = {row.public_id: row.id for row in db.session.execute(select(Component.public_id, Component.id))}
    for one in view.components:
        day = queries.days_of(one, view)[-2]
        if day.date >= one.start_date and ids[one.id] not in kept:
            db.session.add(ComponentDay(component_id=ids[one.id], day=yesterday, hundredths=day.figures.hundredths))


def install() -> None:
    """Look every hour whether a day has ended."""
    jobs.handler(KIND, keep, every=timedelta(hours=1))
