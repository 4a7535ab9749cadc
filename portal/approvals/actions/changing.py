"""The life of an approval as its subject sees it: begun, content changed, corrected, withdrawn."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.approvals import contents, engine, events
from portal.approvals.models import Approval, ApprovalStage, Route, RouteStage
from portal.approvals.rules import Facts, applies
from portal.audit import actions as audit
from portal.core import security, subjects
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person


def start(kind: str, subject_id: int, route_id: int, facts: Facts, by: Person, now: datetime) -> Approval | None:
    """Begin the approval of a subject and open its first stage; None when no stage of the route applies (AP-1, AP-5)."""
    db.session.flush()
    route = db.session.get_one(Route, route_id)
    stages = [stage for stage in route.stages if applies(stage, facts)]
    if not stages:
        return None
    row, salt = subjects.load(kind, subject_id), security.new_token()
    approval = Approval(
        kind=kind,
        subject_id=subject_id,
        content_hash=contents.seal(kind, row, salt),
        salt=salt,
        route_id=route.id,
        route_revision=route.revision,
        requester_id=facts.requester_id,
        beneficiary_id=facts.beneficiary_id,
        author_id=facts.author_id,
        editor_id=facts.editor_id,
        requester_department_id=facts.requester_department_id,
        service_department_id=facts.service_department_id,
        fallback_id=facts.fallback_person_id or route.fallback_id,
        amount=facts.amount,
        net=facts.net,
        currency=facts.currency,
        started_at=now,
    )
    db.session.add(approval)
    db.session.flush()
    contents.keep(approval, row, now)
    engine.begin_round(approval, stages, now)
    engine.note(approval, "started", now, by_id=by.id)
    publish(events.ApprovalStarted(kind, subject_id, approval.id, by.id))
    engine.open_next(approval, by.id, now)
    return approval


def hold(kind: str, subject_id: int) -> None:
    """Lock the approval of a subject whose content is about to change, before the subject itself (C3)."""
    approval_id = engine.id_of(kind, subject_id)
    if approval_id is not None:
        engine.lock_all(approval_id)


def content_changed(
    kind: str, subject_id: int, by: Person, now: datetime, amount: int | None = None, net: int | None = None
) -> None:
    """Ask everybody again if the content is not what was decided on; call it after the change is flushed (AP-13).

    `amount` is the one sum of the content as it is now, `net` the same without tax; another one may ask other stages.
    """
    approval_id = engine.id_of(kind, subject_id)
    if approval_id is None:
        return
    approval, row = engine.lock_all(approval_id)
    refuse_if_over(approval)
    sealed = contents.seal(kind, row, approval.salt)
    if sealed == approval.content_hash:
        return
    before, was = engine.stages_of(approval), (approval.amount, approval.net)
    _take_content(approval, sealed, by, amount, net)
    contents.keep(approval, row, now)
    next_round(approval, _asked_for(approval, before, was), now, seat_why="content_changed")
    engine.note(approval, "reset", now, by_id=by.id, reason="content_changed")
    publish(events.ApprovalReset(kind, subject_id, by.id, "content_changed"))
    engine.open_next(approval, by.id, now)


def resubmit(kind: str, subject_id: int, by: Person, now: datetime, amount: int | None = None, net: int | None = None) -> None:
    """Ask again after a return: the same stage if nothing changed, else all stages from the first (AP-13, AP-14)."""
    approval_id = engine.id_of(kind, subject_id)
    if approval_id is None:
        return
    approval, row = engine.lock_all(approval_id)
    refuse_if_over(approval)
    before = engine.stages_of(approval)
    returned = next((stage for stage in before if stage.ended_why == "returned"), None)
    if returned is None:
        raise Refused(_("Nobody asked for a correction."))
    if by.id not in (approval.requester_id, approval.beneficiary_id):
        raise Refused(_("Only the requester sends it again."))
    sealed = contents.seal(kind, row, approval.salt)
    kept = [stage.position for stage in before if stage.position < returned.position and sealed == approval.content_hash]
    was = (approval.amount, approval.net)
    _take_content(approval, sealed, by, amount, net)
    contents.keep(approval, row, now)
    next_round(approval, _asked_for(approval, before, was), now, kept=kept)
    engine.note(approval, "resubmitted", now, by_id=by.id)
    publish(events.ApprovalResubmitted(kind, subject_id, by.id))
    engine.open_next(approval, by.id, now)


def end(kind: str, subject_id: int, reason: str, now: datetime, by: Person | None = None) -> None:
    """End the approval because its subject was withdrawn; all seats end and nobody decides any more (AP-17)."""
    approval_id = engine.id_of(kind, subject_id)
    if approval_id is None:
        return
    approval, _row = engine.lock_all(approval_id)
    if approval.ended_at is None:
        engine.note(approval, "withdrawn", now, by_id=by.id if by else None, reason=reason or None)
        engine.finish(approval, "withdrawn", by.id if by else None, now)


def _asked_for(
    approval: Approval, before: Sequence[ApprovalStage], was: tuple[int | None, int | None]
) -> Sequence[RouteStage | ApprovalStage]:
    """Return the stages of the next round: a changed amount runs the route again as it is now (AP-13).

    Where it would ask nobody any more, those of the round before are asked: a correction approves nothing by itself.
    """
    if (approval.amount, approval.net) == was:
        return before
    route = db.session.get_one(Route, approval.route_id)
    stages = [stage for stage in route.stages if applies(stage, approval.facts)]
    if stages:
        approval.route_revision = route.revision
    return stages or before


def next_round(
    approval: Approval,
    before: Sequence[RouteStage | ApprovalStage],
    now: datetime,
    *,
    seat_why: str = "new_round",
    kept: Collection[int] = (),
) -> None:
    """End what is open, raise the round and copy its stages; the caller opens the first."""
    stages = [stage for stage in before if isinstance(stage, RouteStage) or stage.ended_why != "removed"]
    engine.end_open(approval, "ended", seat_why, now)
    approval.round += 1
    engine.begin_round(approval, stages, now, kept)


def refuse_if_over(approval: Approval) -> None:
    """Raise Refused when the approval has ended."""
    if approval.ended_at is not None:
        raise Refused(_("The approval is over."))


def _take_content(approval: Approval, sealed: str, by: Person, amount: int | None, net: int | None) -> None:
    if sealed != approval.content_hash:
        audit.record(by, "approval.content_changed", approval.kind, approval.subject_id)
        approval.content_hash, approval.editor_id, approval.amount, approval.net = sealed, by.id, amount, net
