"""What the clock alone changes, recorded once, however many workers there are and however late they come (SP-22)."""

from collections.abc import Callable, Mapping, Sequence

from flask import current_app
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, lock, reading, transaction
from portal.core.events import publish
from portal.status import stamps
from portal.status.actions import changes
from portal.status.events import (
    IncidentPublished,
    IncidentUpdatePublished,
    MaintenanceAnnounced,
    MaintenanceCompleted,
    MaintenanceStarted,
)
from portal.status.models import IncidentUpdate, Maintenance, MaintenanceUpdate, PublicRevision, StatusTransition
from portal.status.vocabulary import COMPLETED, IN_PROGRESS

MAINTENANCE: Mapping[str, Callable[[int], object]] = {
    "announced": MaintenanceAnnounced,
    "started": MaintenanceStarted,
    "completed": MaintenanceCompleted,
}
BY_CLOCK: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "started": (IN_PROGRESS, {"es": "El mantenimiento ha empezado.", "en": "The maintenance has begun."}),
    "completed": (COMPLETED, {"es": "El mantenimiento ha terminado.", "en": "The maintenance has ended."}),
}
UPDATE = "update "


def work() -> int:
    """Record the transitions that have passed; return how many."""
    now = clock.now()
    due = select(StatusTransition).where(StatusTransition.passed_at.is_(None), StatusTransition.at <= now)
    with current_app.app_context(), reading():
        if db.session.scalar(due.with_only_columns(StatusTransition.id).limit(1)) is None:
            return 0
    with current_app.app_context(), transaction():
        lock(PublicRevision, stamps.ONLY)
        passed = db.session.scalars(due.order_by(StatusTransition.at, StatusTransition.id)).all()
        for one in passed:
            one.passed_at = now
        db.session.flush()
        if passed:
            changes.seen_by_all(now)
        _tell(passed)
        return len(passed)


def _tell(passed: Sequence[StatusTransition]) -> None:
    for one in passed:
        if one.kind == "maintenance" and one.what in MAINTENANCE:
            _say_by_clock(one)
            publish(MAINTENANCE[one.what](one.object_id))
        elif one.kind == "incident" and one.what.startswith(UPDATE):
            _tell_of_update(one.object_id, int(one.what.removeprefix(UPDATE)))


def _say_by_clock(passed: StatusTransition) -> None:
    """Write the update of a start or an end that nobody made by hand, so that it is listed and told (SP-19, SP-21)."""
    window = db.session.get_one(Maintenance, passed.object_id)
    by_hand = {"started": window.started_at, "completed": window.ended_at}
    if passed.what not in BY_CLOCK or by_hand[passed.what] is not None:
        return
    state, body = BY_CLOCK[passed.what]
    db.session.add(
        MaintenanceUpdate(
            maintenance_id=window.id,
            state=state,
            body=dict(body),
            created_at=clock.now(),
            published_at=passed.at,
            notify=changes.newest_of(window).notify,
        )
    )
    db.session.flush()


def _tell_of_update(incident_id: int, update_id: int) -> None:
    first = select(IncidentUpdate.id).where(IncidentUpdate.incident_id == incident_id).order_by(IncidentUpdate.id).limit(1)
    if db.session.scalar(first) == update_id:
        publish(IncidentPublished(incident_id))
    publish(IncidentUpdatePublished(incident_id, update_id))
