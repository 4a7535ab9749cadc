"""Warnings before and after a due: each once, in open hours, and only the most serious of several late ones (28, 29)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import select, tuple_

from portal.core.db import db
from portal.core.events import publish
from portal.notifications.actions import notify
from portal.service_levels.actions.settling import record
from portal.service_levels.calendar import CalendarExhausted
from portal.service_levels.events import Warned
from portal.service_levels.models import Clock, EscalationSent, EscalationStep, ServiceLevel
from portal.service_levels.models.clocks import RUNNING
from portal.service_levels.owners import owner_of
from portal.service_levels.queries.clocks import Reading, read
from portal.service_levels.timing import Target, due_of, effective
from portal.service_levels.writing import insert_once

MESSAGE = "service_levels/warning"


def warn(clock_ids: Collection[int], now: datetime) -> int:
    """Send what is to be sent of these clocks now; return how many warnings left."""
    readings = [one for one in read(Clock.id.in_(clock_ids), Clock.standing == RUNNING) if one.target_row] if clock_ids else []
    steps, sent = _steps({one.clock.level_id for one in readings}), _sent(readings)
    return sum(_warn(one, steps.get(one.clock.level_id, ()), sent, now) for one in readings)


def _steps(level_ids: set[int | None]) -> Mapping[int | None, Sequence[EscalationStep]]:
    """Return the steps of active levels: one that was put away escalates nothing any more."""
    found: dict[int | None, list[EscalationStep]] = {}
    steps = select(EscalationStep).join(ServiceLevel, ServiceLevel.id == EscalationStep.level_id)
    for step in db.session.scalars(steps.where(EscalationStep.level_id.in_(level_ids - {None}), ServiceLevel.active)):
        found.setdefault(step.level_id, []).append(step)
    return found


def _sent(readings: Sequence[Reading]) -> set[tuple[int, int]]:
    """Return (target id, step id) of what was sent already."""
    ids = [(one.clock.id, one.target_row.id) for one in readings if one.target_row]
    if not ids:
        return set()
    found = select(EscalationSent.target_id, EscalationSent.step_id)
    found = found.where(tuple_(EscalationSent.clock_id, EscalationSent.target_id).in_(ids))
    return {(target_id, step_id) for target_id, step_id in db.session.execute(found)}


def _warn(reading: Reading, steps: Sequence[EscalationStep], sent: set[tuple[int, int]], now: datetime) -> bool:
    assert reading.target_row is not None  # noqa: S101  clocks without a target were left out
    target_id = reading.target_row.id
    if not reading.calendar.is_open(now) or not reading.at(now).running:
        return False
    reached = [
        (at, step) for step in steps if (target_id, step.id) not in sent and (at := due_at(reading, step, now)) and at <= now
    ]
    if not reached:
        return False
    reached.sort(key=lambda one: (one[0], one[1].seconds_after or 0, one[1].percent or 0))
    most_serious = reached[-1][1]
    rows = [
        {"clock_id": reading.clock.id, "target_id": target_id, "step_id": step.id, "at": now, "told": step is most_serious}
        for _at, step in reached
    ]
    return len(insert_once(EscalationSent, rows)) == len(rows) and _tell(reading, most_serious, now)


def due_at(reading: Reading, step: EscalationStep, now: datetime) -> datetime | None:
    """Return when a step is reached: a share of the target, or working time after the due (28)."""
    target = reading.target
    if target is None:
        return None
    runs = effective(reading.runs, now)
    try:
        if step.percent is not None:
            return due_of(runs, reading.calendar, Target(ceil(target.amount * step.percent / 100), target.unit))
        due = due_of(runs, reading.calendar, target)
        return due and reading.calendar.due(due, timedelta(seconds=step.seconds_after or 0))
    except CalendarExhausted:
        return None


def _tell(reading: Reading, step: EscalationStep, now: datetime) -> bool:
    clock, owner = reading.clock, owner_of(reading.clock.subject_kind)
    to = tuple(sorted(set(owner.recipients(clock.subject_id, clock.kind, step.recipients, now)))) if owner else ()
    found = reading.at(now)
    data: dict[str, Any] = {
        "clock": clock.kind,
        "late": found.late,
        "due": found.due.isoformat() if found.due else "",
        "text": dict(step.text or {}),
    }
    event = f"clock-{clock.id}-{reading.target_row.id if reading.target_row else 0}-{step.id}"
    internal = clock.kind != "approval"  # those who decide do not read what the service writes to itself
    notify(to, MESSAGE, clock.subject_kind, clock.subject_id, event, now, mail=True, data=data, internal=internal)
    record(clock, "escalated" if found.late else "warned", now, None, step=step.id, to=list(to))
    publish(Warned(clock.subject_kind, clock.subject_id, clock.kind, step.id, to))
    return True
