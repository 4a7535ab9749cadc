"""What every deed does at its end: plan what the clock will change, and count the public revision (SP-22, SP-23)."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.status import planning, stamps
from portal.status.events import PublicStateChanged
from portal.status.facts import is_public
from portal.status.models import (
    Component,
    Incident,
    IncidentImpact,
    IncidentUpdate,
    Maintenance,
    MaintenanceComponent,
    MaintenanceUpdate,
)
from portal.status.vocabulary import OPEN_STATES


class Stale(Refused):
    """Somebody else has changed it since the page was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Here is how it is now; your text is below."))


def seen_by_all(now: datetime) -> None:
    """Count a public change."""
    db.session.flush()
    publish(PublicStateChanged(stamps.raise_revision(now)))


def touches_public(component_ids: Iterable[int]) -> bool:
    """Return whether readers outside may know of it: it names no component, or a public one (SP-33)."""
    ids = set(component_ids)
    there = db.session.scalars(select(Component).where(Component.id.in_(ids))).all() if ids else []
    return not ids or any(is_public(one) for one in there)


def incident_is_public(incident: Incident) -> bool:
    """Return whether an incident is public once it is published."""
    ids = db.session.scalars(select(IncidentImpact.component_id).where(IncidentImpact.incident_id == incident.id)).all()
    return not incident.internal and touches_public(ids)


def window_is_public(window: Maintenance) -> bool:
    """Return whether a window is public once it is published; one that was cancelled before never is (SP-35)."""
    if window.cancelled_at is not None and window.cancelled_at < window.published_at:
        return False
    which = select(MaintenanceComponent.component_id).where(MaintenanceComponent.maintenance_id == window.id)
    return touches_public(db.session.scalars(which).all())


def incident_changed(incident: Incident, now: datetime, at: datetime | None = None) -> None:
    """Plan the instants of an incident; count the change if it can be seen already. `at`: when it is to be seen."""
    if plan_incident(incident, now) and max(incident.published_at, at or now) <= now:
        seen_by_all(now)


def plan_incident(incident: Incident, now: datetime) -> bool:
    """Write down when the clock changes what is seen of an incident; return whether anything of it is public."""
    db.session.flush()
    public = incident_is_public(incident)
    stamps.plan("incident", incident.id, incident_instants(incident) if public else {}, now)
    return public


def incident_instants(incident: Incident) -> dict[str, datetime | None]:
    """Return when its publications come, and when it is overdue (SP-13)."""
    ordered = select(IncidentUpdate).where(IncidentUpdate.incident_id == incident.id)
    updates = db.session.scalars(ordered.order_by(IncidentUpdate.published_at, IncidentUpdate.id)).all()
    found: dict[str, datetime | None] = {f"update {one.id}": max(one.published_at, incident.published_at) for one in updates}
    last = updates[-1] if updates else None
    found["overdue"] = last.next_due_at if last and last.state in OPEN_STATES else None
    return found


def window_changed(window: Maintenance, now: datetime) -> None:
    """Plan the instants of a window; count the change if it can be seen already."""
    if plan_window(window, now) and window.published_at <= now:
        seen_by_all(now)


def plan_window(window: Maintenance, now: datetime) -> bool:
    """Write down when the clock changes what is seen of a window; return whether anything of it is public."""
    db.session.flush()
    public = window_is_public(window)
    stamps.plan("maintenance", window.id, window_instants(window) if public else {}, now)
    return public


def newest_of(window: Maintenance) -> MaintenanceUpdate:
    """Return what was said of a window last; there is something from its announcement on."""
    said = select(MaintenanceUpdate).where(MaintenanceUpdate.maintenance_id == window.id).order_by(MaintenanceUpdate.id.desc())
    return db.session.scalars(said.limit(1)).one()


def window_instants(window: Maintenance) -> dict[str, datetime | None]:
    """Return when it is announced, begins, ends, and runs longer than announced."""
    seen = window.published_at
    if window.cancelled_at is not None:
        return {"announced": seen, "cancelled": window.cancelled_at}
    end = planning.end_of(window)
    return {
        "announced": seen,
        "started": max(planning.start_of(window), seen),
        "completed": max(end, seen) if end else None,
        "overrun": max(window.scheduled_until, seen) if end is None else None,
    }
