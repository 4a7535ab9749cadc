"""Reminders after 8 and escalation after 18 working hours; time-out never approves and never rejects (AP-25)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.approvals import engine, events, messages
from portal.approvals.directory import PeopleNow
from portal.approvals.models import Approval, ApprovalSeat, ApprovalStage
from portal.core.db import db
from portal.core.events import publish

REMIND_AFTER = timedelta(hours=8)
ESCALATE_AFTER = timedelta(hours=18)
DUE = or_(ApprovalSeat.reminded_at.is_(None), ApprovalSeat.escalated_at.is_(None))

# (service department, from, to) -> working time between them
WorkingTime = Callable[[int, datetime, datetime], timedelta]


def remind_due(now: datetime, working_time: WorkingTime) -> int:
    """Remind and escalate what is due, each once per seat; return how many seats were touched.

    Seats of absent people whose delegate may not decide get their alternative here too, if the absence began later (AP-22).
    """
    waiting = (
        select(ApprovalSeat.approval_id)
        .where(ApprovalSeat.ended_at.is_(None), DUE, ApprovalSeat.from_at < now)
        .distinct()
        .order_by(ApprovalSeat.approval_id)
    )
    return sum(_look_after(approval_id, now, working_time) for approval_id in db.session.scalars(waiting).all())


def _look_after(approval_id: int, now: datetime, working_time: WorkingTime) -> int:
    approval, _row = engine.lock_all(approval_id)
    directory = PeopleNow(now)
    touched = 0
    for stage in engine.stages_of(approval):
        added = engine.stand_in_alternatives(approval, stage, now, directory)
        messages.ask(approval, added, now)
        for seat in engine.open_seats(stage):
            waited = working_time(approval.service_department_id, seat.from_at, now)
            touched += _remind(approval, stage, seat, waited, now) + _escalate(approval, stage, seat, waited, now, directory)
    return touched


def _remind(approval: Approval, stage: ApprovalStage, seat: ApprovalSeat, waited: timedelta, now: datetime) -> int:
    if seat.reminded_at is not None or waited < REMIND_AFTER:
        return 0
    seat.reminded_at = now
    told_id = messages.delegate_of(seat, now) or seat.person_id
    engine.note(approval, "reminded", now, stage=stage, person_id=told_id)
    messages.remind(approval, seat, now)
    publish(events.ApprovalReminded(approval.kind, approval.subject_id, seat.id, told_id))
    return 1


def _escalate(
    approval: Approval, stage: ApprovalStage, seat: ApprovalSeat, waited: timedelta, now: datetime, directory: PeopleNow
) -> int:
    if seat.escalated_at is not None or waited < ESCALATE_AFTER:
        return 0
    seat.escalated_at = now
    added = engine.escalate_seat(approval, stage, seat, engine.ESCALATION, now, directory)
    for above in added:
        engine.note(approval, "escalated", now, stage=stage, person_id=above.person_id)
        publish(events.ApprovalEscalated(approval.kind, approval.subject_id, above.id, above.person_id))
    messages.ask(approval, added, now)
    return 1
