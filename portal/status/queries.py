"""Finding what everybody may know, and what employees may know beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Select, false, func, or_, select

from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import has_role
from portal.status import building, facts, stamps, uptime
from portal.status.models import (
    Component,
    ComponentDay,
    ComponentGroup,
    Incident,
    IncidentImpact,
    IncidentUpdate,
    Maintenance,
    MaintenanceComponent,
    Subscription,
    SubscriptionComponent,
)
from portal.status.view import PublicComponent, PublicIncident, PublicMaintenance, PublicView


def zone() -> str:
    """Return the time zone of the page."""
    return str(current_app.config["PORTAL_TIMEZONE"])


def languages() -> Sequence[str]:
    """Return the languages of the installation, the default one first."""
    found: list[str] = current_app.config["LANGUAGES"]
    return found


def public_view(now: datetime, stamp: stamps.Stamp | None = None) -> PublicView:
    """Return everything that is public now: the only source of pages, JSON, feeds, badges, calendar and copies (SP-32)."""
    first = uptime.window(now, zone())[0]
    read = facts.read(now, uptime.day_begins(first, zone()))
    return building.build(read, stamp or stamps.read(now), zone(), _kept_days(first), languages())


def public_month(now: datetime, month: date) -> PublicView:
    """Return what is public of a month: the incidents that began in it and the windows planned in it."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    since, until = (uptime.day_begins(day, zone()) for day in (month, following))
    return building.build(facts.read_month(now, since, until), stamps.read(now), zone(), {}, languages())


def public_incident(now: datetime, public_id: str) -> PublicIncident | None:
    """Return one public incident; none for what is unknown, internal or embargoed alike."""
    found = _one(now, public_id).incidents
    return found[0] if found else None


def public_maintenance(now: datetime, public_id: str) -> PublicMaintenance | None:
    """Return one public window."""
    found = _one(now, public_id).maintenances
    return found[0] if found else None


def _one(now: datetime, public_id: str) -> PublicView:
    return building.build(facts.read_one(now, public_id), stamps.read(now), zone(), {}, languages())


def _kept_days(since: date) -> Mapping[int, Mapping[date, int | None]]:
    found: dict[int, dict[date, int | None]] = defaultdict(dict)
    columns = select(ComponentDay.component_id, ComponentDay.day, ComponentDay.hundredths)
    for component, day, hundredths in db.session.execute(columns.where(ComponentDay.day >= since)):
        found[component][day] = hundredths
    return found


def figures_of(one: PublicComponent, view: PublicView, days: int = uptime.DAYS) -> uptime.Figures:
    """Return the figures of a component for the last days: the same on page, API, badge and report (SP-24)."""
    since = uptime.day_begins(uptime.window(view.now, view.zone, days)[0], view.zone)
    return uptime.figures(one.spans, max(since, uptime.day_begins(one.start_date, view.zone)), view.as_of)


def days_of(one: PublicComponent, view: PublicView) -> list[uptime.Day]:
    """Return the 90 days of a component, the oldest first."""
    return uptime.by_day(one.spans, uptime.window(view.now, view.zone), view.zone, one.start_date, view.as_of)


def first_month(now: datetime) -> date:
    """Return the month of the first public record."""
    incidents = select(func.min(Incident.started_at)).where(*_public_incidents(now))
    windows = select(func.min(Maintenance.scheduled_for)).where(*_public_windows(now))
    starts = [db.session.scalar(found) for found in (incidents, windows)]
    earliest = min((one for one in starts if one is not None), default=now)
    return min(earliest, now).astimezone(ZoneInfo(zone())).date().replace(day=1)


def chosen_by(one: Subscription) -> Sequence[str]:
    """Return the public ids of the components that a subscriber has chosen."""
    found = select(Component.public_id).join(SubscriptionComponent, SubscriptionComponent.component_id == Component.id)
    return db.session.scalars(found.where(SubscriptionComponent.subscription_id == one.id)).all()


def is_editor(person: Person, now: datetime) -> bool:
    """Return whether the person publishes incidents and maintenance (permissions.md row 20)."""
    return has_role(person, Role.COMMUNICATIONS, now) or has_role(person, Role.ADMINISTRATOR, now)


def visible_incidents(person: Person, now: datetime) -> Select[Incident]:
    """Select the incidents that somebody inside may see: all that are published, drafts too for those who publish."""
    if is_editor(person, now):
        return select(Incident)
    if has_role(person, Role.PARTNER, now):
        return select(Incident).where(*_public_incidents(now))
    return select(Incident).where(Incident.published_at <= now)


def visible_windows(person: Person, now: datetime) -> Select[Maintenance]:
    """Select the windows that somebody inside may see: partners only what is public (SP-33)."""
    if is_editor(person, now):
        return select(Maintenance)
    if has_role(person, Role.PARTNER, now):
        return select(Maintenance).where(*_public_windows(now))
    return select(Maintenance).where(Maintenance.published_at <= now, facts.was_announced())


def components_for(person: Person, now: datetime) -> Select[Component]:
    """Select the components that somebody inside may see: partners only the public ones."""
    there = select(Component).where(or_(Component.removed_at.is_(None), Component.removed_at > now))
    if has_role(person, Role.PARTNER, now):
        there = there.where(Component.id.in_(_public_components()))
    return there.order_by(Component.position, Component.id)


def _public_components() -> Select[int]:
    """Select the ids of those that readers outside may know of, as `facts.is_public` tells (SP-33)."""
    grouped = select(Component.id).outerjoin(ComponentGroup, ComponentGroup.id == Component.group_id)
    open_group = or_(Component.group_id.is_(None), ComponentGroup.visibility == "public")
    return grouped.where(Component.visibility == "public", open_group)


def _public_incidents(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of public incidents: published, and touching nothing or something public (SP-33)."""
    said = select(IncidentUpdate.id).where(IncidentUpdate.incident_id == Incident.id, IncidentUpdate.published_at <= now)
    touched = select(IncidentImpact.id).where(IncidentImpact.incident_id == Incident.id, IncidentImpact.update_id.in_(said))
    public = touched.where(IncidentImpact.component_id.in_(_public_components()))
    return Incident.published_at <= now, Incident.internal == false(), or_(~touched.exists(), public.exists())


def _public_windows(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of public windows: announced, and touching nothing or something public (SP-33)."""
    touched = select(MaintenanceComponent.id).where(MaintenanceComponent.maintenance_id == Maintenance.id)
    public = touched.where(MaintenanceComponent.component_id.in_(_public_components()))
    return Maintenance.published_at <= now, facts.was_announced(), or_(~touched.exists(), public.exists())
