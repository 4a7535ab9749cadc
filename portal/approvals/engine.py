"""What all actions on approvals share: locking, opening and ending stages, and the end with its receipt.

Nothing here decides who may; `actions` does, and calls this under the lock of the approval's row (C3).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.approvals import events, messages, receipts
from portal.approvals.directory import PeopleNow
from portal.approvals.models import Approval, ApprovalDecision, ApprovalEvent, ApprovalSeat, ApprovalStage, RouteStage
from portal.approvals.rules import NOBODY, TOO_FEW, Asked, OpenSeat, Vote, next_level, outcome, resolve
from portal.core import subjects
from portal.core.db import db, lock, public_id
from portal.core.events import publish
from portal.people import queries as people
from portal.people.models import Absence

DELEGATE_EXCLUDED = "delegate_excluded"
ESCALATION = "escalation"
FORWARDED = "forwarded"
BESIDES_THE_RULE = (DELEGATE_EXCLUDED, ESCALATION, FORWARDED)


def lock_all(approval_id: int) -> tuple[Approval, Any]:
    """Lock approval, subject, stages and seats in the order of C3; return approval and subject as they are now."""
    db.session.flush()
    known = db.session.get_one(Approval, approval_id)
    subjects.of_kind(known.kind).lock_first(known.subject_id)
    approval: Approval = lock(Approval, approval_id)
    row = lock(subjects.of_kind(approval.kind).model, approval.subject_id)
    for model in (ApprovalStage, ApprovalSeat):
        of_approval = select(model).where(model.approval_id == approval_id).order_by(model.id)
        db.session.scalars(of_approval.with_for_update().execution_options(populate_existing=True)).all()
    return approval, row


def id_of(kind: str, subject_id: int) -> int | None:
    """Return the id of a subject's approval."""
    return db.session.scalar(select(Approval.id).where(Approval.kind == kind, Approval.subject_id == subject_id))


def note(
    approval: Approval,
    name: str,
    now: datetime,
    *,
    stage: ApprovalStage | None = None,
    by_id: int | None = None,
    person_id: int | None = None,
    reason: str | None = None,
) -> ApprovalEvent:
    """Add one event to the history of the approval."""
    event = ApprovalEvent(
        approval_id=approval.id,
        stage_id=stage.id if stage else None,
        name=name,
        at=now,
        by_id=by_id,
        person_id=person_id,
        reason=reason,
    )
    db.session.add(event)
    db.session.flush()
    return event


# --- rounds and stages -----------------------------------------------------------------------------------------------


def stages_of(approval: Approval) -> Sequence[ApprovalStage]:
    """Return the stages of the present round, in order."""
    in_round = (ApprovalStage.approval_id == approval.id, ApprovalStage.round == approval.round)
    return db.session.scalars(select(ApprovalStage).where(*in_round).order_by(ApprovalStage.position)).all()


def begin_round(
    approval: Approval, stages: Iterable[RouteStage | ApprovalStage], now: datetime, kept: Collection[int] = ()
) -> None:
    """Copy the stages into the present round; those at the positions `kept` keep the outcome of the round before."""
    for stage in stages:
        copied = ApprovalStage(
            approval_id=approval.id,
            round=approval.round,
            position=stage.position,
            name=dict(stage.name),
            mode=stage.mode,
            needed=stage.needed,
            rule=stage.rule,
            person_id=stage.person_id,
            role=stage.role,
            department_id=stage.department_id,
            different_from=stage.different_from,
            above=stage.above,
            without_tax=stage.without_tax,
            up_to=stage.up_to,
            currency=stage.currency,
        )
        if isinstance(stage, ApprovalStage) and stage.position in kept:
            copied.kept_from_id = stage.kept_from_id or stage.id
            copied.opened_at, copied.ended_at, copied.ended_why = now, now, "approved"
        db.session.add(copied)
    db.session.flush()


def open_next(approval: Approval, by_id: int, now: datetime) -> None:
    """Open the first stage that still waits, or end the approval when all are approved (AP-1)."""
    waiting = next((stage for stage in stages_of(approval) if stage.ended_at is None), None)
    if waiting is None:
        finish(approval, "approved", by_id, now)
        return
    waiting.opened_at = now
    note(approval, "stage_opened", now, stage=waiting)
    fill(approval, waiting, by_id, now)


def fill(approval: Approval, stage: ApprovalStage, by_id: int, now: datetime) -> None:
    """Run the stage's rule and seat whom it names and who has not been asked yet; tell them, or that nobody is there."""
    directory = PeopleNow(now)
    found = resolve(stage, approval.facts, directory, deciders_of(approval, stage.different_from))
    there = {seat.person_id for seat in open_seats(stage)} | {vote.person_id for vote in votes_of(stage)}
    seats = [seat_of(approval, stage, asked, now) for asked in found.asked if asked.person_id not in there]
    seats += stand_in_alternatives(approval, stage, now, directory)
    if seats:
        asked_ids = tuple(seat.person_id for seat in seats)
        publish(events.ApprovalStageOpened(approval.kind, approval.subject_id, stage.id, asked_ids))
        messages.ask(approval, seats, now)
    settle(approval, stage, by_id, now, found.blocked)


def seat_of(approval: Approval, stage: ApprovalStage, asked: Asked, now: datetime, group: str | None = None) -> ApprovalSeat:
    """Write one seat; with `group` it is an alternative to the seats of that group."""
    seat = ApprovalSeat(
        approval_id=approval.id,
        stage_id=stage.id,
        person_id=asked.person_id,
        seat_group_id=group or public_id(),
        rule=asked.rule,
        from_at=now,
        **approval.copy_of_parties(),
    )
    db.session.add(seat)
    db.session.flush()
    return seat


def stand_in_alternatives(approval: Approval, stage: ApprovalStage, now: datetime, directory: PeopleNow) -> list[ApprovalSeat]:
    """Ask the next level at once where somebody is away and the delegate may not decide (AP-22)."""
    seats = open_seats(stage)
    away = select(Absence.person_id, Absence.delegate_id).where(
        Absence.person_id.in_([seat.person_id for seat in seats]), Absence.delegate_id.is_not(None), people.away_at(now)
    )
    delegates = dict(db.session.execute(away).all())
    added = []
    for seat in seats:
        delegate_id = delegates.get(seat.person_id)
        alone = not any(other is not seat and other.seat_group_id == seat.seat_group_id for other in seats)
        if delegate_id is not None and alone and is_barred(approval, delegate_id, now):
            added += escalate_seat(approval, stage, seat, DELEGATE_EXCLUDED, now, directory)
    return added


def is_barred(approval: Approval, delegate_id: int, now: datetime) -> bool:
    """Return whether the delegate is a party, or stands in for one (AP-22, PE-5)."""
    return delegate_id in approval.parties or bool(approval.parties & set(people.people_stood_in_for(delegate_id, now)))


def escalate_seat(
    approval: Approval, stage: ApprovalStage, seat: ApprovalSeat, rule: str, now: datetime, directory: PeopleNow
) -> list[ApprovalSeat]:
    """Add the next level as an alternative to a seat; return the new seat, or nothing where nobody is above (AP-25)."""
    of_group = [other.person_id for other in open_seats(stage) if other.seat_group_id == seat.seat_group_id]
    excluded = {*of_group, *deciders_of(approval, stage.different_from)}
    above = next_level(seat.person_id, excluded, approval.facts, directory)
    return [seat_of(approval, stage, Asked(above.person_id, rule), now, seat.seat_group_id)] if above else []


def open_seats(stage: ApprovalStage) -> Sequence[ApprovalSeat]:
    """Return the seats of a stage that are to be decided."""
    return db.session.scalars(
        select(ApprovalSeat).where(ApprovalSeat.stage_id == stage.id, ApprovalSeat.ended_at.is_(None)).order_by(ApprovalSeat.id)
    ).all()


def votes_of(stage: ApprovalStage) -> list[Vote]:
    """Return the decisions of a stage, as its outcome counts them."""
    found = select(ApprovalDecision).where(ApprovalDecision.stage_id == stage.id).order_by(ApprovalDecision.id)
    return [Vote(row.seat_group_id, row.acted_by_id, row.outcome) for row in db.session.scalars(found)]


def deciders_of(approval: Approval, position: int | None) -> set[int]:
    """Return who decided the stage at a position of this round, themselves or through somebody (AP-7)."""
    if position is None:
        return set()
    stage = next((stage for stage in stages_of(approval) if stage.position == position), None)
    if stage is None:
        return set()
    found = select(ApprovalDecision.acted_by_id, ApprovalDecision.on_behalf_of_id).where(
        ApprovalDecision.stage_id == (stage.kept_from_id or stage.id)
    )
    return {person for row in db.session.execute(found) for person in row if person is not None}


# --- outcomes --------------------------------------------------------------------------------------------------------


def settle(approval: Approval, stage: ApprovalStage, by_id: int, now: datetime, blocked: str = "") -> None:
    """Let the stage have its outcome if its decisions give one; say so when nobody is left to decide (AP-3, AP-8)."""
    seats = open_seats(stage)
    result = outcome(stage.mode, stage.needed, votes_of(stage), [OpenSeat(seat.seat_group_id, seat.person_id) for seat in seats])
    if result is None:
        if not seats or blocked == TOO_FEW:
            block(approval, stage, blocked or NOBODY, now)
        return
    end_stage(approval, stage, result, now)
    if result == "approved":
        open_next(approval, by_id, now)
    elif result == "rejected":
        finish(approval, "rejected", by_id, now)


def block(approval: Approval, stage: ApprovalStage, why: str, now: datetime) -> None:
    """Ask nobody any more: the seats that are left cannot give an outcome. Administrators are told, without content."""
    end_seats(open_seats(stage), "blocked", now)
    event = note(approval, "blocked", now, stage=stage, reason=why)
    publish(events.ApprovalBlocked(approval.kind, approval.subject_id, stage.id, why))
    messages.tell_blocked(approval, stage, event.id, now)


def end_stage(approval: Approval, stage: ApprovalStage, why: str, now: datetime) -> None:
    """Close a stage; who was still asked is told that it is over (AP-3)."""
    left = open_seats(stage)
    stage.ended_at, stage.ended_why = now, why
    end_seats(left, "stage_ended", now)
    messages.tell_ended(approval, stage, left, now)
    publish(events.ApprovalStageEnded(approval.kind, approval.subject_id, stage.id, why))


def end_seats(seats: Iterable[ApprovalSeat], why: str, now: datetime) -> None:
    """End seats with the reason."""
    for seat in seats:
        seat.ended_at, seat.ended_why = now, why
    db.session.flush()


def end_open(approval: Approval, stage_why: str, seat_why: str, now: datetime) -> None:
    """End whatever of the present round is still open or waits."""
    for stage in stages_of(approval):
        if stage.ended_at is None:
            end_seats(open_seats(stage), seat_why, now)
            stage.ended_at, stage.ended_why = now, stage_why if stage.opened_at else "not_reached"
            if stage.opened_at:
                publish(events.ApprovalStageEnded(approval.kind, approval.subject_id, stage.id, stage_why))
    db.session.flush()


def finish(approval: Approval, why: str, by_id: int | None, now: datetime) -> None:
    """End the approval: nobody is asked any more, the receipt is made, and the packages above are told (AP-31)."""
    end_open(approval, "overridden" if why == "overridden" else "ended", why, now)
    approval.ended_at, approval.ended_why = now, why
    note(approval, "ended", now, by_id=by_id, reason=why)
    receipts.make(approval, now)
    if why in ("approved", "overridden") and by_id is not None:
        publish(events.ApprovalGranted(approval.kind, approval.subject_id, by_id))
    elif why == "rejected" and by_id is not None:
        publish(events.ApprovalRejected(approval.kind, approval.subject_id, by_id, last_reason(approval)))


def last_decider_id(approval: Approval) -> int | None:
    """Return who decided last."""
    last = select(ApprovalDecision.acted_by_id).where(ApprovalDecision.approval_id == approval.id)
    return db.session.scalar(last.order_by(ApprovalDecision.id.desc()).limit(1))


def last_reason(approval: Approval) -> str:
    """Return the sentence of the last decision."""
    last = select(ApprovalDecision.reason).where(ApprovalDecision.approval_id == approval.id)
    return db.session.scalar(last.order_by(ApprovalDecision.id.desc()).limit(1)) or ""
