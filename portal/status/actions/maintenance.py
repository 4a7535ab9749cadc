"""Announcing, moving, starting, ending and cancelling windows (SP-17 to SP-21)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.status import planning
from portal.status.actions import changes
from portal.status.events import (
    MaintenanceAnnounced,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceRescheduled,
    MaintenanceStarted,
)
from portal.status.models import Maintenance, MaintenanceComponent, MaintenanceUpdate, MaintenanceVersion
from portal.status.vocabulary import (
    CANCELLED,
    COMPLETED,
    IN_PROGRESS,
    MAINTENANCE,
    SCHEDULED,
    VERIFYING,
)

KIND = "maintenance"
LONGEST = timedelta(days=14)
WALL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class When:
    """The wall times that were meant, and the instants that they are (C1)."""

    scheduled_for: datetime
    scheduled_until: datetime
    zone: str
    flagged: bool = False

    def columns(self) -> dict[str, object]:
        """Return the columns that hold it."""
        walls = (at.astimezone(ZoneInfo(self.zone)).strftime(WALL) for at in (self.scheduled_for, self.scheduled_until))
        start, end = walls
        instants = {"scheduled_for": self.scheduled_for, "scheduled_until": self.scheduled_until}
        return {**instants, "zone": self.zone, "wall_start": start, "wall_end": end, "flagged": self.flagged}


@dataclass(frozen=True)
class Plan:
    """What a window is about."""

    name: Mapping[str, str]
    language: str
    body: Mapping[str, str]
    when: When
    components: Mapping[int, str] = field(default_factory=dict)
    auto_complete: bool = True
    published_at: datetime | None = None
    notify: bool = True


def announce(plan: Plan, by: Person, now: datetime) -> Maintenance:
    """Announce a window; one that is entered after it happened is listed, and excludes nothing (SP-20)."""
    _check(plan.when)
    published = plan.published_at or now
    window = Maintenance(
        name=dict(plan.name),
        language=plan.language,
        published_at=published,
        auto_complete=plan.auto_complete,
        owner_id=by.id,
        **plan.when.columns(),
    )
    db.session.add(window)
    db.session.flush()
    for component, status in plan.components.items():
        db.session.add(MaintenanceComponent(maintenance_id=window.id, component_id=component, status=status or MAINTENANCE))
    _version(window, published)
    state = planning.state_of(window, published)
    _say(window, state, plan.body, by, now, published, notify=plan.notify and state != COMPLETED)
    audit.record(by, "maintenance.announced", KIND, window.id, after=dict(plan.name))
    changes.window_changed(window, now)
    if published <= now:
        publish(MaintenanceAnnounced(window.id))
    return window


def move(window: Maintenance, when: When, body: Mapping[str, str], seen: int, by: Person, now: datetime) -> None:
    """Give a window other times: same UID, next sequence, a message, a version (SP-20, SP-21)."""
    _locked(window, seen)
    if planning.state_of(window, now) not in (SCHEDULED, IN_PROGRESS, VERIFYING):
        raise Refused(_("This window has ended."))
    _check(when)
    for name, value in when.columns().items():
        setattr(window, name, value)
    window.sequence, window.edited_at = window.sequence + 1, now
    _version(window, max(now, window.published_at))
    _say(window, planning.state_of(window, now), body, by, now, max(now, window.published_at))
    audit.record(by, "maintenance.moved", KIND, window.id, after={"scheduled_for": when.scheduled_for.isoformat()})
    changes.window_changed(window, now)
    if window.published_at <= now:
        publish(MaintenanceRescheduled(window.id))


def start(window: Maintenance, body: Mapping[str, str], by: Person, now: datetime) -> None:
    """Begin before the clock does; the seconds before the announced start are not excluded (SP-20)."""
    lock(Maintenance, window.id)
    if planning.state_of(window, now) != SCHEDULED:
        raise Refused(_("This window has begun already."))
    window.started_at = now
    _step(window, IN_PROGRESS, "maintenance.started", body, by, now)
    if window.published_at <= now:
        publish(MaintenanceStarted(window.id))


def verify(window: Maintenance, body: Mapping[str, str], by: Person, now: datetime) -> None:
    """Say that the work is done and being looked at."""
    lock(Maintenance, window.id)
    if planning.state_of(window, now) != IN_PROGRESS:
        raise Refused(_("Only a window in progress can be verified."))
    window.verifying_at = now
    _step(window, VERIFYING, "maintenance.verifying", body, by, now)


def end(window: Maintenance, body: Mapping[str, str], by: Person, now: datetime) -> None:
    """End a window before or after its announced end."""
    lock(Maintenance, window.id)
    if planning.state_of(window, now) not in (IN_PROGRESS, VERIFYING):
        raise Refused(_("Only a window in progress can be ended."))
    window.ended_at = now
    _step(window, COMPLETED, "maintenance.ended", body, by, now)
    if window.published_at <= now:
        publish(MaintenanceCompleted(window.id))


def cancel(window: Maintenance, body: Mapping[str, str], by: Person, now: datetime) -> None:
    """Cancel a window; it stays listed for 30 days (SP-21), unless it was never announced (SP-35)."""
    lock(Maintenance, window.id)
    if planning.state_of(window, now) in (COMPLETED, CANCELLED):
        raise Refused(_("This window has ended."))
    window.cancelled_at = now
    window.sequence += 1
    _step(window, CANCELLED, "maintenance.cancelled", body, by, now)
    if window.published_at <= now:
        publish(MaintenanceCancelled(window.id))


def _step(window: Maintenance, state: str, action: str, body: Mapping[str, str], by: Person, now: datetime) -> None:
    window.revision += 1
    _say(window, state, body, by, now, max(now, window.published_at))
    audit.record(by, action, KIND, window.id)
    changes.window_changed(window, now)


def _locked(window: Maintenance, seen: int) -> None:
    lock(Maintenance, window.id)
    if window.revision != seen:
        raise changes.Stale
    window.revision = seen + 1


def _check(when: When) -> None:
    if not timedelta() < when.scheduled_until - when.scheduled_for <= LONGEST:
        raise Refused(_("A window ends after it begins, and lasts 14 days at most."))


def _version(window: Maintenance, published: datetime) -> None:
    last = select(func.max(MaintenanceVersion.number)).where(MaintenanceVersion.maintenance_id == window.id)
    db.session.add(
        MaintenanceVersion(
            maintenance_id=window.id,
            number=(db.session.scalar(last) or 0) + 1,
            published_at=published,
            scheduled_for=window.scheduled_for,
            scheduled_until=window.scheduled_until,
        )
    )


def _say(
    window: Maintenance,
    state: str,
    body: Mapping[str, str],
    by: Person,
    now: datetime,
    published: datetime,
    *,
    notify: bool = True,
) -> None:
    db.session.add(
        MaintenanceUpdate(
            maintenance_id=window.id,
            state=state,
            body=dict(body),
            created_at=now,
            published_at=published,
            notify=notify,
            by_id=by.id,
        )
    )
