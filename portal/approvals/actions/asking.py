"""Who is asked changes while a stage is open: somebody leaves, or passes the question on."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from portal.approvals import engine, events, messages, policies
from portal.approvals.actions.deciding import refuse_if_over
from portal.approvals.directory import PeopleNow
from portal.approvals.models import Approval, ApprovalSeat, ApprovalStage
from portal.approvals.rules import Asked, resolve
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people import queries as people
from portal.people.models import Person, Role


def person_left(person_id: int, now: datetime) -> None:
    """End the open seats that the rules would not give this person any more, and run the rules again (AP-9)."""
    asked = select(ApprovalSeat.approval_id).where(ApprovalSeat.person_id == person_id, ApprovalSeat.ended_at.is_(None))
    for approval_id in db.session.scalars(asked.distinct().order_by(ApprovalSeat.approval_id)).all():
        approval, _row = engine.lock_all(approval_id)
        for stage in engine.stages_of(approval):
            for seat in engine.open_seats(stage):
                if seat.person_id == person_id and not _is_still_asked(approval, seat, now):
                    _replace(approval, seat, now)


def look_again(now: datetime) -> None:
    """Run the rules of all blocked stages again, because the company has changed (AP-8)."""
    asked = exists().where(ApprovalSeat.stage_id == ApprovalStage.id, ApprovalSeat.ended_at.is_(None))
    found = select(ApprovalStage.approval_id).where(
        ApprovalStage.opened_at.is_not(None), ApprovalStage.ended_at.is_(None), ~asked
    )
    for approval_id in db.session.scalars(found.distinct().order_by(ApprovalStage.approval_id)).all():
        approval, _row = engine.lock_all(approval_id)
        stage = next((stage for stage in engine.stages_of(approval) if stage.opened_at and stage.ended_at is None), None)
        if stage is not None and not engine.open_seats(stage) and _names_somebody(approval, stage, now):
            engine.fill(approval, stage, engine.last_decider_id(approval) or approval.requester_id, now)


def _names_somebody(approval: Approval, stage: ApprovalStage, now: datetime) -> bool:
    others = engine.deciders_of(approval, stage.different_from)
    return bool(resolve(stage, approval.facts, PeopleNow(now), others).asked)


def delegation_started(person_id: int, now: datetime) -> None:
    """Ask the next level about the open seats of somebody now away whose delegate may not decide them (AP-22)."""
    waiting = select(ApprovalSeat.approval_id).where(ApprovalSeat.person_id == person_id, ApprovalSeat.ended_at.is_(None))
    for approval_id in db.session.scalars(waiting.distinct().order_by(ApprovalSeat.approval_id)).all():
        approval, _row = engine.lock_all(approval_id)
        for stage in engine.stages_of(approval):
            messages.ask(approval, engine.stand_in_alternatives(approval, stage, now, PeopleNow(now)), now)


def _is_still_asked(approval: Approval, seat: ApprovalSeat, now: datetime) -> bool:
    directory = PeopleNow(now)
    if not directory.is_active(seat.person_id):
        return False
    if seat.rule in engine.BESIDES_THE_RULE:
        return True
    others = engine.deciders_of(approval, seat.stage.different_from)
    found = resolve(seat.stage, approval.facts, directory, others)
    return seat.person_id in {asked.person_id for asked in found.asked}


def _replace(approval: Approval, seat: ApprovalSeat, now: datetime) -> None:
    engine.end_seats([seat], "left", now)
    engine.note(approval, "reassigned", now, stage=seat.stage, person_id=seat.person_id, reason="left")
    by_id = engine.last_decider_id(approval) or approval.requester_id
    engine.fill(approval, seat.stage, by_id, now)


def forward(seat_id: int, to: Person, by: Person, reason: str, now: datetime) -> ApprovalSeat:
    """Pass the question to another head, who then decides in place of `by` (permissions.md row 16)."""
    approval_id = db.session.execute(select(ApprovalSeat.approval_id).where(ApprovalSeat.id == seat_id)).scalar_one()
    approval, _row = engine.lock_all(approval_id)
    seat = db.session.get_one(ApprovalSeat, seat_id)
    refuse_if_over(seat, approval)
    right = policies.may_forward(by, seat, now)
    if not right:
        raise Refused(right.reason)
    _check_receiver(approval, seat, to, now)
    added = engine.seat_of(approval, seat.stage, Asked(to.id, engine.FORWARDED), now, seat.seat_group_id)
    engine.end_seats([seat], "forwarded", now)
    engine.note(approval, "reassigned", now, stage=seat.stage, by_id=by.id, person_id=to.id, reason=reason or None)
    audit.record(by, "approval.forwarded", approval.kind, approval.subject_id, after={"to": to.id})
    publish(events.ApprovalStageOpened(approval.kind, approval.subject_id, seat.stage_id, (to.id,)))
    messages.ask(approval, [added], now)
    return added


def _check_receiver(approval: Approval, seat: ApprovalSeat, to: Person, now: datetime) -> None:
    asked = {other.person_id for other in engine.open_seats(seat.stage)}
    decided = engine.deciders_of(approval, seat.stage.different_from)
    if to.id in approval.parties | decided | asked:
        raise Refused(_("%(name)s cannot decide here.", name=to.name))
    if not to.active or not people.has_role(to, Role.HEAD, now):
        raise Refused(_("Only another head can decide in your place."))
