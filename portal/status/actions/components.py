"""Adding, changing and removing components and groups, and confirming by hand how one does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.text import fold
from portal.people.models import Person
from portal.status.actions import changes
from portal.status.events import ComponentStatusChanged
from portal.status.facts import is_public
from portal.status.models import Component, ComponentBaseline, ComponentGroup, Incident, IncidentImpact, Maintenance
from portal.status.models import MaintenanceComponent as Planned


@dataclass(frozen=True)
class Content:
    """What is said of a component."""

    name: Mapping[str, str]
    start_date: date
    description: Mapping[str, str] = field(default_factory=dict)
    group: ComponentGroup | None = None
    visibility: str = "public"
    observation: str = "manual"
    showcase: bool = True
    only_show_if_degraded: bool = False


def add_group(name: Mapping[str, str], by: Person | None, now: datetime, visibility: str = "public") -> ComponentGroup:
    """Add a group at the end."""
    group = ComponentGroup(name=dict(name), visibility=visibility, position=_next(), created_at=now, updated_at=now)
    db.session.add(group)
    db.session.flush()
    audit.record(by, "component_group.added", "component_group", group.id, after=dict(name))
    return group


def add(content: Content, by: Person | None, now: datetime) -> Component:
    """Add a component at the end of its level."""
    refuse_taken_names(content.name, None)
    component = Component(position=_next(content.group), created_at=now, updated_at=now, **_columns(content))
    db.session.add(component)
    db.session.flush()
    audit.record(by, "component.added", "component", component.id, after=dict(content.name))
    if is_public(component):
        changes.seen_by_all(now)
    return component


def change(component: Component, content: Content, seen: int, by: Person, now: datetime) -> None:
    """Change a component; made internal, it leaves all public paths at once, and what concerns nothing else with it (SP-36)."""
    lock(Component, component.id)
    if component.revision != seen:
        raise changes.Stale
    refuse_taken_names(content.name, component)
    was_public = is_public(component)
    for name, value in _columns(content).items():
        setattr(component, name, value)
    component.group = content.group
    component.revision, component.updated_at = seen + 1, now
    db.session.flush()
    audit.record(by, "component.changed", "component", component.id, after={"visibility": content.visibility})
    _replan(component, now)
    if was_public or is_public(component):
        changes.seen_by_all(now)


def remove(component: Component, by: Person, now: datetime) -> None:
    """Take a component off the page; past incidents keep its name (SP-31)."""
    lock(Component, component.id)
    component.removed_at = component.removed_at or now
    audit.record(by, "component.removed", "component", component.id)
    if is_public(component):
        changes.seen_by_all(now)


def confirm(component: Component, status: str, since: datetime, by: Person | None, now: datetime) -> None:
    """Record what a person or the checks confirmed of a component, from an instant on."""
    if since > now:
        raise Refused(_("Nobody can confirm what comes."))
    db.session.add(ComponentBaseline(component_id=component.id, status=status, since=since, recorded_at=now, by_id=by and by.id))
    if by is not None:
        audit.record(by, "component.confirmed", "component", component.id, after={"status": status})
    db.session.flush()
    publish(ComponentStatusChanged(component.id))
    if is_public(component):
        changes.seen_by_all(now)


def refuse_taken_names(name: Mapping[str, str], component: Component | None) -> None:
    """Refuse a name that another component bears in one of its languages: clients tell them apart by it (SP-39)."""
    if taken_names(name, component):
        raise Refused(_("Another component bears this name."))


def taken_names(name: Mapping[str, str], component: Component | None) -> bool:
    """Return whether another component bears one of these names in the same language."""
    others = select(Component.name).where(Component.removed_at.is_(None), Component.id != (component.id if component else 0))
    wanted = {(code, fold(text.strip())) for code, text in name.items() if text.strip()}
    return any(wanted & {(code, fold(text.strip())) for code, text in other.items()} for other in db.session.scalars(others))


def _columns(content: Content) -> dict[str, object]:
    return {
        "name": dict(content.name),
        "description": dict(content.description) or None,
        "group_id": content.group.id if content.group else None,
        "visibility": content.visibility,
        "observation": content.observation,
        "showcase": content.showcase,
        "only_show_if_degraded": content.only_show_if_degraded,
        "start_date": content.start_date,
    }


def _next(group: ComponentGroup | None = None) -> int:
    """Return the place after the last one of a level; groups and single components share theirs."""
    single = select(func.max(Component.position)).where(Component.group_id == (group.id if group else None))
    groups = select(func.max(ComponentGroup.position))
    found = [db.session.scalar(single), None if group else db.session.scalar(groups)]
    return max((one for one in found if one is not None), default=0) + 1


def _replan(component: Component, now: datetime) -> None:
    """Plan anew what the clock changes of everything that touches the component."""
    touching = select(IncidentImpact.incident_id).where(IncidentImpact.component_id == component.id)
    for incident in db.session.scalars(select(Incident).where(Incident.id.in_(touching))):
        changes.plan_incident(incident, now)
    planned = select(Planned.maintenance_id).where(Planned.component_id == component.id)
    for window in db.session.scalars(select(Maintenance).where(Maintenance.id.in_(planned))):
        changes.plan_window(window, now)
