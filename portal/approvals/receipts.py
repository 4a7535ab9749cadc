"""The receipt: everything that was decided, as one text that nothing later alters, with its digest (AP-31)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from portal.approvals.models import (
    Approval,
    ApprovalContent,
    ApprovalDecision,
    ApprovalEvent,
    ApprovalReceipt,
    ApprovalSeat,
    ApprovalStage,
)
from portal.core import subjects
from portal.core.db import db
from portal.people.models import Person


def make(approval: Approval, now: datetime) -> ApprovalReceipt:
    """Write the receipt of an approval that has just ended."""
    db.session.flush()
    content = json.dumps(_whole(approval), ensure_ascii=False, sort_keys=True, indent=1)
    number = db.session.scalar(select(func.count()).where(ApprovalReceipt.approval_id == approval.id)) or 0
    receipt = ApprovalReceipt(
        approval_id=approval.id,
        number=number + 1,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        made_at=now,
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def _whole(approval: Approval) -> dict[str, Any]:
    subject = subjects.of_kind(approval.kind)
    row = subjects.load(approval.kind, approval.subject_id)
    return {
        "subject": {"kind": approval.kind, "reference": subject.reference(row)},
        "outcome": approval.ended_why,
        "started_at": _instant(approval.started_at),
        "ended_at": _instant(approval.ended_at),
        "route": {"id": approval.route_id, "revision": approval.route_revision},
        "amount": _amount(approval),
        "round": approval.round,
        "content_hash": approval.content_hash,
        "content": _contents(approval),
        "parties": {name: _name(person_id) for name, person_id in approval.copy_of_parties().items()},
        "stages": _stages(approval),
        "history": _history(approval),
    }


def _amount(approval: Approval) -> dict[str, Any] | None:
    if approval.amount is None:
        return None
    return {"minor_units": approval.amount, "without_tax": approval.net, "currency": approval.currency}


def _band(stage: ApprovalStage) -> dict[str, Any] | None:
    if not stage.is_banded:
        return None
    return {"above": stage.above, "up_to": stage.up_to, "currency": stage.currency, "without_tax": stage.without_tax}


def _contents(approval: Approval) -> dict[str, Any]:
    found = select(ApprovalContent).where(ApprovalContent.approval_id == approval.id).order_by(ApprovalContent.id)
    return {content.content_hash: content.answers for content in db.session.scalars(found)}


def _stages(approval: Approval) -> list[dict[str, Any]]:
    of_approval = select(ApprovalStage).where(ApprovalStage.approval_id == approval.id)
    return [
        {
            "round": stage.round,
            "position": stage.position,
            "name": dict(stage.name),
            "mode": stage.mode,
            "needed": stage.needed,
            "rule": stage.rule,
            "band": _band(stage),
            "outcome": stage.ended_why,
            "opened_at": _instant(stage.opened_at),
            "ended_at": _instant(stage.ended_at),
            "seats": _seats(stage),
        }
        for stage in db.session.scalars(of_approval.order_by(ApprovalStage.round, ApprovalStage.position))
    ]


def _seats(stage: ApprovalStage) -> list[dict[str, Any]]:
    found = (
        select(ApprovalSeat, ApprovalDecision)
        .outerjoin(ApprovalDecision, ApprovalDecision.seat_id == ApprovalSeat.id)
        .where(ApprovalSeat.stage_id == stage.id)
        .order_by(ApprovalSeat.id)
    )
    return [
        {
            "person": seat.person.name,
            "rule": seat.rule,
            "from": _instant(seat.from_at),
            "ended": seat.ended_why,
            "decision": _decision(decision) if decision else None,
        }
        for seat, decision in db.session.execute(found)
    ]


def _decision(decision: ApprovalDecision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "by": decision.acted_by.name,
        "on_behalf_of": decision.on_behalf_of.name if decision.on_behalf_of else None,
        "reason": decision.reason,
        "at": _instant(decision.at),
        "channel": decision.channel,
        "content_hash": decision.content_hash,
    }


def _history(approval: Approval) -> list[dict[str, Any]]:
    found = select(ApprovalEvent).where(ApprovalEvent.approval_id == approval.id).order_by(ApprovalEvent.id)
    return [
        {
            "event": event.name,
            "at": _instant(event.at),
            "by": event.by.name if event.by else None,
            "person": event.person.name if event.person else None,
            "reason": event.reason,
        }
        for event in db.session.scalars(found)
    ]


def _name(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
