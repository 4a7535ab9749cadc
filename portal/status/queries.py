"""Finding what everybody may know, and what employees may know beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Select, false, or_, select

from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import has_role
from portal.status import building, facts, stamps, uptime
from portal.status.models import Component, ComponentDay, Incident, Maintenance, Subscription, SubscriptionComponent
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
    starts = [
        db.session.scalar(select(Incident.started_at).where(Incident.published_at <= now).order_by(Incident.started_at).limit(1)),
        db.session.scalar(
            select(Maintenance.scheduled_for).where(Maintenance.published_at <= now).order_by(Maintenance.id).limit(1)
        ),
    ]
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
        return select(Incident).where(Incident.published_at <= now, Incident.internal == false())
    return select(Incident).where(Incident.published_at <= now)


def visible_windows(person: Person, now: datetime) -> Select[Maintenance]:
    """Select the windows that somebody inside may see."""
    found = select(Maintenance)
    return found if is_editor(person, now) else found.where(Maintenance.published_at <= now)


def components_for(person: Person, now: datetime) -> Select[Component]:
    """Select the components that somebody inside may see: partners only the public ones."""
    there = select(Component).where(or_(Component.removed_at.is_(None), Component.removed_at > now))
    if has_role(person, Role.PARTNER, now):
        there = there.where(Component.visibility == "public")
    return there.order_by(Component.position, Component.id)
