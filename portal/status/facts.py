"""Reading the facts of one instant, each kind in one statement, however many there are of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.status.models import (
    Component,
    ComponentBaseline,
    Incident,
    IncidentImpact,
    IncidentUpdate,
    Maintenance,
    MaintenanceComponent,
    MaintenanceUpdate,
    MaintenanceVersion,
)

NEWEST = 50
Row = TypeVar("Row")


@dataclass
class Facts:
    """The rows that count at `now`; rows of an incident or window stand under its id."""

    now: datetime
    components: Sequence[Component] = ()
    baselines: dict[int, list[ComponentBaseline]] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    updates: dict[int, list[IncidentUpdate]] = field(default_factory=dict)
    impacts: dict[int, list[IncidentImpact]] = field(default_factory=dict)
    windows: Sequence[Maintenance] = ()
    window_updates: dict[int, list[MaintenanceUpdate]] = field(default_factory=dict)
    versions: dict[int, list[MaintenanceVersion]] = field(default_factory=dict)
    planned: dict[int, list[MaintenanceComponent]] = field(default_factory=dict)


def is_public(component: Component) -> bool:
    """Return whether readers outside may know of it: itself and its group are public (SP-33)."""
    return component.visibility == "public" and (component.group is None or component.group.visibility == "public")


def read(now: datetime, since: datetime) -> Facts:
    """Return what counts between `since` and `now`: what is embargoed is not there (SP-35)."""
    running = or_(Incident.ended_at.is_(None), Incident.ended_at > since)
    incidents = select(Incident.id).where(Incident.published_at <= now)
    newest = incidents.order_by(Incident.published_at.desc(), Incident.id.desc()).limit(NEWEST)
    on = or_(Maintenance.scheduled_until > since, Maintenance.ended_at > since, _open_ended())
    windows = select(Maintenance.id).where(Maintenance.published_at <= now)
    latest = windows.order_by(Maintenance.scheduled_for.desc(), Maintenance.id.desc()).limit(NEWEST)
    return _read(now, since, or_(running, Incident.id.in_(newest)), or_(on, Maintenance.id.in_(latest)))


def read_month(now: datetime, since: datetime, until: datetime) -> Facts:
    """Return the incidents that began in a period and the windows that were planned in it, without baselines."""
    began = and_(Incident.started_at >= since, Incident.started_at < until)
    planned = and_(Maintenance.scheduled_for >= since, Maintenance.scheduled_for < until)
    return _read(now, now, began, planned)


def read_one(now: datetime, public_id: str) -> Facts:
    """Return the facts of one incident or window."""
    return _read(now, now, Incident.public_id == public_id, Maintenance.public_id == public_id)


def was_announced() -> ColumnElement[bool]:
    """Leave out windows that were cancelled before anybody outside knew of them (SP-35)."""
    return or_(Maintenance.cancelled_at.is_(None), Maintenance.cancelled_at >= Maintenance.published_at)


def _open_ended() -> ColumnElement[bool]:
    return and_(Maintenance.auto_complete == false(), Maintenance.ended_at.is_(None), Maintenance.cancelled_at.is_(None))


def _read(now: datetime, since: datetime, which: ColumnElement[bool], planned: ColumnElement[bool]) -> Facts:
    incidents = _all(select(Incident).where(Incident.published_at <= now, which))
    windows = _all(select(Maintenance).where(Maintenance.published_at <= now, was_announced(), planned))
    ids, window_ids = [one.id for one in incidents], [one.id for one in windows]
    return Facts(
        now=now,
        components=_components(),
        baselines=_by("component_id", _baselines(since)),
        incidents=incidents,
        updates=_by("incident_id", _updates(ids, now)) if ids else {},
        impacts=_by("incident_id", _impacts(ids, now)) if ids else {},
        windows=windows,
        window_updates=_by("maintenance_id", _window_updates(window_ids, now)) if window_ids else {},
        versions=_by("maintenance_id", _of_windows(MaintenanceVersion, window_ids)) if window_ids else {},
        planned=_by("maintenance_id", _of_windows(MaintenanceComponent, window_ids)) if window_ids else {},
    )


def _all(found: Any) -> Sequence[Any]:
    return db.session.scalars(found).all()


def _by(name: str, rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, name)].append(row)
    return grouped


def _components() -> Sequence[Component]:
    return _all(select(Component).options(joinedload(Component.group)).order_by(Component.position, Component.id))


def _baselines(since: datetime) -> Sequence[ComponentBaseline]:
    """Return those that began after `since`, and the last one before."""
    later = aliased(ComponentBaseline)
    superseded = exists().where(
        later.component_id == ComponentBaseline.component_id, later.since > ComponentBaseline.since, later.since <= since
    )
    return _all(select(ComponentBaseline).where(~superseded).order_by(ComponentBaseline.since, ComponentBaseline.id))


def _updates(ids: Sequence[int], now: datetime) -> Sequence[IncidentUpdate]:
    found = select(IncidentUpdate).where(IncidentUpdate.incident_id.in_(ids), IncidentUpdate.published_at <= now)
    return _all(found.order_by(IncidentUpdate.published_at, IncidentUpdate.id))


def _impacts(ids: Sequence[int], now: datetime) -> Sequence[IncidentImpact]:
    found = select(IncidentImpact).join(IncidentUpdate, IncidentUpdate.id == IncidentImpact.update_id)
    published = found.where(IncidentImpact.incident_id.in_(ids), IncidentUpdate.published_at <= now)
    return _all(published.order_by(IncidentImpact.since, IncidentImpact.update_id, IncidentImpact.component_id))


def _window_updates(ids: Sequence[int], now: datetime) -> Sequence[MaintenanceUpdate]:
    found = select(MaintenanceUpdate).where(MaintenanceUpdate.maintenance_id.in_(ids), MaintenanceUpdate.published_at <= now)
    return _all(found.order_by(MaintenanceUpdate.published_at, MaintenanceUpdate.id))


def _of_windows(model: Any, ids: Sequence[int]) -> Sequence[Any]:
    return _all(select(model).where(model.maintenance_id.in_(ids)).order_by(model.id))
