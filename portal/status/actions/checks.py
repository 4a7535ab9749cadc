"""Adding and removing checks, and taking what they see (SP-5, SP-6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from portal.audit import actions as audit
from portal.core import outbound, security
from portal.core.db import db, lock
from portal.people.models import Person
from portal.status import stamps, uptime
from portal.status.actions import components
from portal.status.building import unconfirmed_from
from portal.status.effective import worst
from portal.status.facts import is_public
from portal.status.judging import GAP, Change, Rule, Run, after_gap, judge
from portal.status.models import Component, ComponentBaseline, ComponentCheck
from portal.status.vocabulary import MANUAL, MONITORED, OPERATIONAL, UNKNOWN

HTTP, TCP, DNS, HEARTBEAT = "http", "tcp", "dns", "heartbeat"
SUCCESS = range(200, 400)


@dataclass(frozen=True)
class Content:
    """What a check asks, and when it is believed."""

    kind: str
    target: str = ""
    interval_seconds: int = 60
    failure_threshold: int = 3
    success_threshold: int = 2
    failing_status: str = "major_outage"


def split(target: str) -> tuple[str, int]:
    """Return host and port of "db.example.org:5432"; raise Forbidden for anything else."""
    host, _, port = target.strip().rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) <= 65_535:  # noqa: PLR2004 - the last port
        raise outbound.Forbidden(target)
    return host.strip("[]"), int(port)


def refuse_bad_target(content: Content) -> None:
    """Raise Forbidden for a target that may not be asked; names are resolved again each time (SE-51)."""
    if content.kind == HTTP:
        _scheme, host, port, _path = outbound.parts_of(content.target)
        outbound.resolve(host, port)
    elif content.kind == TCP:
        outbound.resolve(*split(content.target))
    elif content.kind == DNS and not content.target.strip():
        raise outbound.Forbidden(content.target)


def add(component: Component, content: Content, by: Person, now: datetime) -> tuple[ComponentCheck, str]:
    """Add a check; return it with the secret of a heartbeat, which is told this once. What people said before stays known."""
    lock(Component, component.id)
    if component.observation == MANUAL:
        _keep_past(component, OPERATIONAL, now)
    secret = security.new_token() if content.kind == HEARTBEAT else ""
    check = ComponentCheck(
        component_id=component.id,
        secret_digest=security.digest(secret) if secret else None,
        next_at=now,
        **content.__dict__,
    )
    db.session.add(check)
    component.observation = MONITORED
    db.session.flush()
    _note_patience(component)
    audit.record(by, "check.added", "component", component.id, after={"kind": content.kind})
    return check, secret


def remove(check: ComponentCheck, by: Person, now: datetime) -> None:
    """Remove a check; what the others say goes on, and without any it is people who say how the component does (SP-6)."""
    component: Component = lock(Component, check.component_id)
    before, silent = worst(_said(component)), unconfirmed_from(component, now)
    check.removed_at = check.removed_at or now
    db.session.flush()
    _note_patience(component)
    audit.record(by, "check.removed", "component", component.id)
    after = worst(_said(component))
    if component.patience_seconds is None:
        _end_watch(component, silent, by, now)
    elif after != before:
        components.confirm(component, after, now, by, now)


def _end_watch(component: Component, silent: datetime | None, by: Person, now: datetime) -> None:
    """Leave a component to people; when nothing was known of it, that stays so (SP-6)."""
    _keep_past(component, UNKNOWN, now)
    if silent is not None:
        components.confirm(component, UNKNOWN, silent, None, now)
    component.observation, component.checked_at = MANUAL, None
    stamps.plan("component", component.id, {}, now)
    components.confirm(component, OPERATIONAL, now, by, now)


def _said(component: Component, but: int = 0) -> list[str]:
    """Return what the checks of a component have confirmed, one of them left out if asked."""
    there = select(ComponentCheck.confirmed).where(
        ComponentCheck.component_id == component.id, ComponentCheck.removed_at.is_(None), ComponentCheck.id != but
    )
    return [status for status in db.session.scalars(there) if status != UNKNOWN]


def _keep_past(component: Component, status: str, now: datetime) -> None:
    """Write down what held since the component began, before it is known in another way (SP-6, SP-24)."""
    since = uptime.day_begins(component.start_date, str(current_app.config["PORTAL_TIMEZONE"]))
    earlier = select(ComponentBaseline.id).where(ComponentBaseline.component_id == component.id, ComponentBaseline.since <= since)
    if db.session.scalar(earlier.limit(1)) is None:
        db.session.add(ComponentBaseline(component_id=component.id, status=status, since=since, recorded_at=now))


def _note_patience(component: Component) -> None:
    """Remember after how long without a result nothing is known of the component (SP-6)."""
    longest = select(func.max(ComponentCheck.interval_seconds)).where(
        ComponentCheck.component_id == component.id, ComponentCheck.removed_at.is_(None)
    )
    seconds = db.session.scalar(longest)
    component.patience_seconds = GAP * seconds if seconds else None


def take(check: ComponentCheck, ok: bool, now: datetime) -> None:
    """Take one result of a check; the baseline changes only when it confirms something (SP-5)."""
    component: Component = lock(Component, check.component_id)
    rule = Rule(check.failure_threshold, check.success_threshold, check.failing_status)
    run = Run(check.confirmed, check.run_ok, check.run_length, check.run_since, check.last_at)
    run, lost = after_gap(run, now, timedelta(seconds=check.interval_seconds))
    run, change = judge(run, ok, now, rule)
    check.confirmed, check.run_ok, check.run_length = run.confirmed, run.ok, run.length
    check.run_since, check.last_at = run.since, run.last_at
    check.next_at = now + timedelta(seconds=check.interval_seconds)
    for each in (lost, change):
        if each is not None:
            _confirm(component, check, each, now)
    component.checked_at = now
    silent = now + timedelta(seconds=component.patience_seconds or 0)
    stamps.plan("component", component.id, {"silent": silent} if is_public(component) else {}, now)


def _confirm(component: Component, check: ComponentCheck, change: Change, now: datetime) -> None:
    """Record the worst of what all checks of the component say, since the change of this one."""
    statuses = [status for status in (change.status, *_said(component, but=check.id)) if status != UNKNOWN]
    components.confirm(component, worst(statuses), change.since, None, now)
