"""The decision: the only writer of `approval_decision` (AP-12, AP-15, AP-18 to AP-24, AP-29, AP-30)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.approvals import contents, engine, events, messages, policies
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat, Decided, MarkedField
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.text import moment_words
from portal.people.models import Person

MINIMUM_REASON = 10


class ContentChanged(Refused):
    """The decision was given on another content than the one that stands now; the page shows the difference (AP-12)."""

    def __init__(self, changes: Sequence[contents.Change]) -> None:
        super().__init__(_("The content changed after you opened this page. Look at what is different and decide again."))
        self.changes = list(changes)


def decide(
    seat_id: int,
    by: Person,
    outcome: str,
    reason: str,
    content_hash: str,
    now: datetime,
    *,
    channel: str = "page",
    fields: Collection[str] = (),
) -> ApprovalDecision:
    """Decide one seat under the lock of its approval: everything is read again, the first decision stands (AP-30).

    Raises Refused: already decided, withdrawn, not allowed, reason too short; ContentChanged: another hash.
    """
    approval_id = db.session.execute(select(ApprovalSeat.approval_id).where(ApprovalSeat.id == seat_id)).scalar_one()
    approval, row = engine.lock_all(approval_id)
    seat = db.session.get_one(ApprovalSeat, seat_id)
    refuse_if_over(seat, approval)
    right = policies.may_decide(by, seat, now)
    if not right:
        raise Refused(right.reason)
    money = policies.may_decide_money(by, [approval])
    if not money:
        raise Refused(money.reason)
    if content_hash != approval.content_hash:
        raise ContentChanged(contents.differences(approval, content_hash, row))
    _check_input(outcome, reason, fields)
    _refuse_a_second_count(seat, by, outcome)
    decision = _write(approval, seat, by, outcome, reason.strip(), now, channel, fields)
    _follow(approval, seat, decision, by, now, fields)
    return decision


def return_for_correction(
    seat_id: int, by: Person, reason: str, fields: Collection[str], content_hash: str, now: datetime
) -> ApprovalDecision:
    """Stop the stage and ask the requester to correct the marked fields (AP-14)."""
    return decide(seat_id, by, Decided.RETURNED, reason, content_hash, now, fields=fields)


# --- several at once -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One row of a batch: the seat and the hash that was shown with it."""

    seat_id: int
    content_hash: str


@dataclass(frozen=True)
class Done:
    """What became of one row of a batch."""

    seat_id: int
    refused: str = ""
    changes: tuple[contents.Change, ...] = ()


def decide_many(choices: Collection[Choice], by: Person, outcome: str, reason: str, now: datetime) -> list[Done]:
    """Decide each seat under its own savepoint, in the order of the subjects; the list says what was done (AP-29)."""
    subject_of = dict(
        db.session.execute(
            select(ApprovalSeat.id, Approval.subject_id)
            .join(Approval, Approval.id == ApprovalSeat.approval_id)
            .where(ApprovalSeat.id.in_([choice.seat_id for choice in choices]))
        ).all()
    )
    ordered = sorted(choices, key=lambda choice: (subject_of[choice.seat_id], choice.seat_id))
    return [_decide_one(choice, by, outcome, reason, now) for choice in ordered]


def _decide_one(choice: Choice, by: Person, outcome: str, reason: str, now: datetime) -> Done:
    try:
        with db.session.begin_nested():
            decide(choice.seat_id, by, outcome, reason, choice.content_hash, now, channel="batch")
    except ContentChanged as changed:
        return Done(choice.seat_id, changed.reason, tuple(changed.changes))
    except Refused as refused:
        return Done(choice.seat_id, refused.reason)
    return Done(choice.seat_id)


# --- inside ----------------------------------------------------------------------------------------------------------


def refuse_if_over(seat: ApprovalSeat, approval: Approval) -> None:
    """Raise Refused with what happened when the seat is not open any more (AP-17, AP-30)."""
    if seat.ended_at is None:
        return
    if approval.ended_why == "withdrawn" and approval.ended_at is not None:
        raise Refused(_("This request was withdrawn at %(when)s.", when=moment_words(approval.ended_at)))
    decision = _decision_that_ended(seat)
    if decision is not None:
        raise Refused(words_of(decision))
    raise Refused(_("You are not asked any more since %(when)s.", when=moment_words(seat.ended_at)))


def _decision_that_ended(seat: ApprovalSeat) -> ApprovalDecision | None:
    """Return the decision of the seat's own group, else the one that gave its stage the outcome."""
    of_stage = select(ApprovalDecision).where(ApprovalDecision.stage_id == seat.stage_id)
    own = db.session.scalar(of_stage.where(ApprovalDecision.seat_group_id == seat.seat_group_id))
    if own is None and seat.ended_why == "stage_ended":
        return db.session.scalar(of_stage.order_by(ApprovalDecision.id.desc()).limit(1))
    return own


def words_of(decision: ApprovalDecision) -> str:
    """Return "already approved by A at 10:02", with whom A stood in for."""
    name, when = decision.acted_by.name, moment_words(decision.at)
    if decision.on_behalf_of is not None:
        name = _("%(name)s on behalf of %(absent)s", name=name, absent=decision.on_behalf_of.name)
    sentences: dict[str, str] = {
        Decided.APPROVED: _("Already approved by %(name)s at %(when)s.", name=name, when=when),
        Decided.REJECTED: _("Already rejected by %(name)s at %(when)s.", name=name, when=when),
        Decided.RETURNED: _("Already returned for correction by %(name)s at %(when)s.", name=name, when=when),
    }
    return sentences[decision.outcome]


def _check_input(outcome: str, reason: str, fields: Collection[str]) -> None:
    if outcome != Decided.APPROVED and len(reason.strip()) < MINIMUM_REASON:
        raise Refused(_("Give a reason of at least %(number)s characters.", number=MINIMUM_REASON))
    if (outcome == Decided.RETURNED) != bool(fields):
        raise Refused(_("Mark what should be corrected."))


def _refuse_a_second_count(seat: ApprovalSeat, by: Person, outcome: str) -> None:
    """In a stage that counts persons nobody uses up a seat that another person is needed for (AP-23)."""
    stage = seat.stage
    if stage.mode != "count" or outcome != Decided.APPROVED:
        return
    agreed = {vote.person_id for vote in engine.votes_of(stage) if vote.outcome == Decided.APPROVED}
    others = {other.seat_group_id for other in engine.open_seats(stage)} - {seat.seat_group_id}
    if by.id in agreed and len(agreed) + len(others) < stage.needed:
        raise Refused(_("You have approved already; this stage needs another person."))


def _write(
    approval: Approval,
    seat: ApprovalSeat,
    by: Person,
    outcome: str,
    reason: str,
    now: datetime,
    channel: str,
    fields: Collection[str],
) -> ApprovalDecision:
    decision = ApprovalDecision(
        approval_id=approval.id,
        stage_id=seat.stage_id,
        seat_id=seat.id,
        seat_group_id=seat.seat_group_id,
        acted_by_id=by.id,
        on_behalf_of_id=seat.person_id if seat.person_id != by.id else None,
        outcome=outcome,
        reason=reason,
        at=now,
        channel=channel,
        content_hash=approval.content_hash,
        **approval.copy_of_parties(),
    )
    db.session.add(decision)
    db.session.flush()
    db.session.add_all(MarkedField(decision_id=decision.id, field_key=key) for key in dict.fromkeys(fields))
    db.session.flush()
    return decision


def _follow(
    approval: Approval, seat: ApprovalSeat, decision: ApprovalDecision, by: Person, now: datetime, fields: Collection[str]
) -> None:
    """End the seat with its alternatives, keep the record, let the stage have its outcome, tell the packages above."""
    absent = seat.person if decision.on_behalf_of_id else None
    engine.end_seats(
        [other for other in engine.open_seats(seat.stage) if other.seat_group_id == seat.seat_group_id], "decided", now
    )
    absent_id = decision.on_behalf_of_id
    engine.note(
        approval, decision.outcome, now, stage=seat.stage, by_id=by.id, person_id=absent_id, reason=decision.reason or None
    )
    audit.record(by, f"approval.{decision.outcome}", approval.kind, approval.subject_id, on_behalf_of=absent)
    messages.tell_decided(approval, decision, by, now)
    publish(events.ApprovalDecided(approval.kind, approval.subject_id, decision.id, decision.outcome, by.id, absent_id))
    engine.settle(approval, seat.stage, by.id, now)
    if decision.outcome == Decided.RETURNED:
        publish(events.ApprovalReturned(approval.kind, approval.subject_id, by.id, tuple(fields), decision.reason))
