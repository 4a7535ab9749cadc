"""The steps of warning of a level: whom to tell at which share of the target, or how long after the due (28)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db
from portal.people.models import Person
from portal.service_levels.models import EscalationStep, ServiceLevel

# what is stored of a step, by its id; None adds one
Steps = Sequence[tuple[int | None, Mapping[str, Any]]]


def steps_of(level: ServiceLevel) -> list[EscalationStep]:
    """Return the steps in the order in which they are reached."""
    found = select(EscalationStep).where(EscalationStep.level_id == level.id)
    late = EscalationStep.seconds_after.is_not(None)
    return list(db.session.scalars(found.order_by(late, EscalationStep.percent, EscalationStep.seconds_after, EscalationStep.id)))


def change_steps(level: ServiceLevel, wanted: Steps, by: Person) -> None:
    """Let a level have these steps. One that stays keeps what it has told, so it tells nobody a second time (28)."""
    known = {step.id: step for step in steps_of(level)}
    for id_, content in wanted:
        step = known.pop(id_, None) if id_ is not None else None
        if step is None:
            step = EscalationStep(level_id=level.id)
            db.session.add(step)
        for name, value in content.items():
            setattr(step, name, value)
    for gone in known.values():
        db.session.delete(gone)
    level.version += 1
    db.session.flush()
    audit.record(
        by, "service_level.steps_changed", "service_level", level.id, after={"steps": [dict(each) for _id, each in wanted]}
    )
