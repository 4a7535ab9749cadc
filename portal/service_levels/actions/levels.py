"""Changing what is promised: levels in their order, their targets, and on request the open clocks too (31, 33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from portal.audit import actions as audit
from portal.core.db import db
from portal.people.models import Person
from portal.service_levels.actions.calendars import note_moved
from portal.service_levels.actions.clocks import rewrite_open_caches
from portal.service_levels.actions.one_clock import aim
from portal.service_levels.actions.settling import settle_readings
from portal.service_levels.choosing import Chosen, targets_of
from portal.service_levels.dry_run import moved_by, open_readings
from portal.service_levels.models import Clock, EscalationStep, ServiceLevel, ServiceTarget
from portal.service_levels.timing import Target

STEPS = ((75, ("assigned",)), (100, ("assigned", "team_lead", "department_head")))


def create_level(content: Mapping[str, Any], targets: Mapping[str, Target], by: Person) -> ServiceLevel:
    """Add a level at the end, with the usual steps of warning (28)."""
    last = db.session.scalar(select(func.max(ServiceLevel.position))) or 0
    level = ServiceLevel(position=last + 1, **content)
    db.session.add(level)
    db.session.flush()
    _write_targets(level, targets)
    db.session.add_all(
        EscalationStep(level_id=level.id, percent=share, recipients=list(recipients)) for share, recipients in STEPS
    )
    audit.record(by, "service_level.created", "service_level", level.id, after=dict(content))
    return level


def change_level(level: ServiceLevel, content: Mapping[str, Any], targets: Mapping[str, Target], by: Person) -> None:
    """Change a level for new things; a promise already shown does not move silently (33)."""
    for name, value in content.items():
        setattr(level, name, value)
    level.version += 1
    _write_targets(level, targets)
    audit.record(by, "service_level.changed", "service_level", level.id, after=dict(content))


def _write_targets(level: ServiceLevel, targets: Mapping[str, Target]) -> None:
    db.session.execute(delete(ServiceTarget).where(ServiceTarget.level_id == level.id))
    db.session.add_all(
        ServiceTarget(level_id=level.id, kind=kind, amount=target.amount, unit=target.unit) for kind, target in targets.items()
    )
    db.session.flush()


def apply_to_open(level: ServiceLevel, by: Person, now: datetime) -> int:
    """Give the open clocks of a level its present targets; return how many dates moved (33, 35)."""
    targets, count = targets_of(level), 0
    for batch in open_readings(Clock.level_id == level.id):
        settle_readings(batch, now, now)
        moved = [one for reading in batch if (one := moved_by(reading, targets.get(reading.clock.kind), reading.calendar, now))]
        for reading in batch:
            aim(reading, Chosen(level, reading.clock.calendar_id, targets), now, by, _("The promise of this level changed."))
        db.session.flush()
        ids = [reading.clock.id for reading in batch]
        for again in open_readings(Clock.id.in_(ids)):
            rewrite_open_caches(again, now)
        note_moved(moved, "target_changed", now, version=level.version)
        count += len(moved)
    audit.record(by, "service_level.applied", "service_level", level.id, after={"moved": count})
    return count


def move_level(level: ServiceLevel, up: bool, by: Person) -> None:
    """Exchange a level with its neighbour: positions are rewritten in one locked transaction (31)."""
    ordered = list(db.session.scalars(select(ServiceLevel).order_by(ServiceLevel.position).with_for_update()))
    here = ordered.index(level)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    _number(ordered)
    audit.record(by, "service_level.moved", "service_level", level.id, after={"position": level.position})


def _number(ordered: Sequence[ServiceLevel]) -> None:
    """Write 1, 2, 3 …; first out of the way, because positions are unique."""
    db.session.execute(update(ServiceLevel).values(position=-ServiceLevel.position - 1_000))
    for position, level in enumerate(ordered, 1):
        db.session.execute(update(ServiceLevel).where(ServiceLevel.id == level.id).values(position=position))
        db.session.refresh(level)
