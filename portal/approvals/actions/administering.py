"""What administrators do, with a reason, never in their own request and without deciding (AP-10, AP-18)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.approvals import engine, events, policies
from portal.approvals.actions.changing import next_round, refuse_if_over
from portal.approvals.actions.deciding import MINIMUM_REASON
from portal.approvals.models import Approval, ApprovalStage
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person


def new_round(approval_id: int, by: Person, reason: str, now: datetime) -> None:
    """Ask everybody again; the decisions given stay in the record (AP-18)."""
    approval = _begin(approval_id, by, reason, now)
    if approval.ended_why not in (None, "rejected"):
        raise Refused(_("The approval is over."))
    before = engine.stages_of(approval)
    _reopen(approval, by, reason)
    next_round(approval, before, now)
    engine.note(approval, "reset", now, by_id=by.id, reason=reason)
    audit.record(by, "approval.new_round", approval.kind, approval.subject_id, after={"reason": reason})
    publish(events.ApprovalReset(approval.kind, approval.subject_id, by.id, reason))
    engine.open_next(approval, by.id, now)


def remove_stage(stage_id: int, by: Person, reason: str, now: datetime) -> None:
    """Take one stage of the present round away; the outcome follows from the others (AP-18)."""
    stage = db.session.get_one(ApprovalStage, stage_id)
    approval = _begin(stage.approval_id, by, reason, now)
    if stage.round != approval.round or approval.ended_why not in (None, "rejected") or stage.ended_why == "approved":
        raise Refused(_("This stage cannot be removed any more."))
    _reopen(approval, by, reason)
    engine.end_seats(engine.open_seats(stage), "removed", now)
    stage.ended_at, stage.ended_why = now, "removed"
    for other in engine.stages_of(approval):
        if other.ended_why == "not_reached":
            other.ended_at = other.ended_why = None
    db.session.flush()
    engine.note(approval, "stage_removed", now, stage=stage, by_id=by.id, reason=reason)
    audit.record(by, "approval.stage_removed", approval.kind, approval.subject_id, after={"reason": reason})
    publish(events.ApprovalStageEnded(approval.kind, approval.subject_id, stage.id, "removed"))
    if not any(other.opened_at and other.ended_at is None for other in engine.stages_of(approval)):
        engine.open_next(approval, by.id, now)


def override(approval_id: int, by: Person, reason: str, now: datetime) -> None:
    """Let fulfilment begin without the open stages: an event, never a vote (AP-10)."""
    approval = _begin(approval_id, by, reason, now)
    refuse_if_over(approval)
    engine.note(approval, "overridden", now, by_id=by.id, reason=reason)
    audit.record(by, "approval.overridden", approval.kind, approval.subject_id, after={"reason": reason})
    engine.finish(approval, "overridden", by.id, now)


def _begin(approval_id: int, by: Person, reason: str, now: datetime) -> Approval:
    approval, _row = engine.lock_all(approval_id)
    right = policies.may_administer(by, approval, now)
    if not right:
        raise Refused(right.reason)
    if len(reason.strip()) < MINIMUM_REASON:
        raise Refused(_("Give a reason of at least %(number)s characters.", number=MINIMUM_REASON))
    return approval


def _reopen(approval: Approval, by: Person, reason: str) -> None:
    if approval.ended_at is None:
        return
    approval.ended_at = approval.ended_why = None
    db.session.flush()
    publish(events.ApprovalReopened(approval.kind, approval.subject_id, by.id, reason))
