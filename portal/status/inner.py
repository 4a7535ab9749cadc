"""What people inside see beside the public view: internal components, notes, requests, what was said and when (SP-34)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true

from portal.core import subjects
from portal.core.db import db
from portal.people.models import Person
from portal.status import building, course, facts, planning, queries
from portal.status.effective import published
from portal.status.models import (
    Component,
    Incident,
    IncidentImpact,
    IncidentNote,
    IncidentRequest,
    IncidentUpdate,
    Maintenance,
    MaintenanceComponent,
    MaintenanceUpdate,
    UpdateVersion,
)
from portal.status.vocabulary import CANCELLED, COMPLETED, OPEN_STATES


@dataclass(frozen=True)
class Line:
    """An incident or window in a list."""

    row: Incident | Maintenance
    state: str
    embargoed: bool


@dataclass(frozen=True)
class Overview:
    """All components with their status, what is open, what is planned."""

    components: Sequence[tuple[Component, str]]
    incidents: Sequence[Line]
    windows: Sequence[Line]


def overview(person: Person, now: datetime) -> Overview:
    """Return how everything does, internal components too for those who may know of them."""
    read = facts.read(now, now)
    maker = building.Maker(read, queries.zone(), now, queries.languages()[0])
    components = db.session.scalars(queries.components_for(person, now)).all()
    statuses = [(one, published(maker.status(one))) for one in components]
    running = queries.visible_incidents(person, now).where(or_(Incident.ended_at.is_(None), Incident.ended_at > now))
    open_ = db.session.scalars(running.order_by(Incident.started_at.desc()).limit(50)).all()
    coming = queries.visible_windows(person, now).where(Maintenance.scheduled_until > now)
    planned = db.session.scalars(coming.order_by(Maintenance.scheduled_for).limit(50)).all()
    states = _states([one.id for one in open_], _known_until(person, now))
    return Overview(
        statuses,
        [Line(one, states.get(one.id, "investigating"), one.published_at > now) for one in open_],
        [Line(one, planning.state_of(one, now), one.published_at > now) for one in planned],
    )


def _known_until(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition for updates that the person may know of: embargoed ones are for those who publish (SP-35)."""
    return true() if queries.is_editor(person, now) else IncidentUpdate.published_at <= now


def _states(ids: Sequence[int], known: ColumnElement[bool]) -> Mapping[int, str]:
    found = select(IncidentUpdate.incident_id, IncidentUpdate.state).where(IncidentUpdate.incident_id.in_(ids), known)
    rows = db.session.execute(found.order_by(IncidentUpdate.published_at, IncidentUpdate.id))
    return {row.incident_id: row.state for row in rows}


@dataclass(frozen=True)
class ShownIncident:
    """An incident as people inside read it."""

    row: Incident
    state: str
    is_open: bool
    reopenable: bool
    updates: Sequence[IncidentUpdate]
    versions: Mapping[int, Sequence[UpdateVersion]]
    statuses: Sequence[tuple[Component, str]]
    present: Mapping[int, str]
    notes: Sequence[tuple[IncidentNote, Person]]
    requests: Sequence[tuple[str, str, str]]
    next_due_at: datetime | None


def incident(one: Incident, person: Person, now: datetime) -> ShownIncident:
    """Return an incident with what the person may know of it."""
    known = IncidentUpdate.incident_id == one.id, _known_until(person, now)
    said = select(IncidentUpdate).where(*known).order_by(IncidentUpdate.published_at, IncidentUpdate.id)
    updates = db.session.scalars(said).all()
    declared = select(IncidentImpact).join(IncidentUpdate, IncidentUpdate.id == IncidentImpact.update_id).where(*known)
    impacts = db.session.scalars(declared.order_by(IncidentImpact.since, IncidentImpact.id)).all()
    present = {impact.component_id: impact.status for impact in impacts}
    components = db.session.scalars(queries.components_for(person, now)).all()
    state = course.state_of(updates)
    return ShownIncident(
        row=one,
        state=state,
        is_open=state in OPEN_STATES,
        reopenable=state not in OPEN_STATES,
        updates=list(reversed(updates)),
        versions=_versions([each.id for each in updates]),
        statuses=[(each, present[each.id]) for each in components if each.id in present],
        present=present if state in OPEN_STATES else {},
        notes=_notes(one),
        requests=_requests(one, person, now),
        next_due_at=updates[-1].next_due_at if updates and state in OPEN_STATES else None,
    )


def _versions(ids: Sequence[int]) -> Mapping[int, Sequence[UpdateVersion]]:
    found: dict[int, list[UpdateVersion]] = {}
    rows = select(UpdateVersion).where(UpdateVersion.kind == "incident", UpdateVersion.update_id.in_(ids))
    for row in db.session.scalars(rows.order_by(UpdateVersion.id)):
        found.setdefault(row.update_id, []).append(row)
    return found


def _notes(one: Incident) -> Sequence[tuple[IncidentNote, Person]]:
    found = select(IncidentNote, Person).join(Person, Person.id == IncidentNote.by_id)
    rows = db.session.execute(found.where(IncidentNote.incident_id == one.id).order_by(IncidentNote.id)).all()
    return [(row[0], row[1]) for row in rows]


def _requests(one: Incident, person: Person, now: datetime) -> Sequence[tuple[str, str, str]]:
    """Return (reference, title, address) of the requests behind it that the person may see."""
    ids = db.session.scalars(select(IncidentRequest.request_id).where(IncidentRequest.incident_id == one.id)).all()
    kind = subjects.of_kind("request")
    there = subjects.visible_among([("request", id_) for id_ in ids], person, now)
    return [(kind.reference(row), kind.title(row), kind.address(row)) for row in there.values()]


@dataclass(frozen=True)
class ShownWindow:
    """A window as people inside read it."""

    row: Maintenance
    state: str
    ended: bool
    updates: Sequence[MaintenanceUpdate]
    statuses: Sequence[tuple[Component, str]]


def window(one: Maintenance, person: Person, now: datetime) -> ShownWindow:
    """Return a window with what the person may know of it."""
    updates = db.session.scalars(
        select(MaintenanceUpdate)
        .where(MaintenanceUpdate.maintenance_id == one.id)
        .order_by(MaintenanceUpdate.published_at.desc(), MaintenanceUpdate.id.desc())
    ).all()
    planned = select(MaintenanceComponent).where(MaintenanceComponent.maintenance_id == one.id)
    present = {row.component_id: row.status for row in db.session.scalars(planned)}
    components = db.session.scalars(queries.components_for(person, now)).all()
    statuses = [(each, present[each.id]) for each in components if each.id in present]
    state = planning.state_of(one, now)
    return ShownWindow(one, state, state in (COMPLETED, CANCELLED), updates, statuses)
