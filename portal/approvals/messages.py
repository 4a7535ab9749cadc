"""What approvals tell people; the result is told to the requester by the feature that owns the subject."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat, ApprovalStage
from portal.core.db import db
from portal.notifications.actions import notify
from portal.people import queries as people
from portal.people.models import Absence, Person, Role

KIND = "approval"


def ask(approval: Approval, seats: Iterable[ApprovalSeat], now: datetime) -> None:
    """Ask for a decision, also who stands in now: by mail, because they must act (RQ, page and fragments)."""
    for seat in seats:
        _tell_seat(approval, seat, "asked", f"approval-asked-{seat.id}", now, also_the_absent=True)


def remind(approval: Approval, seat: ApprovalSeat, now: datetime) -> None:
    """Remind of an open seat: the delegate while there is one, else the person (AP-25)."""
    _tell_seat(approval, seat, "reminder", f"approval-reminder-{seat.id}", now, also_the_absent=False)


def _tell_seat(approval: Approval, seat: ApprovalSeat, message: str, event: str, now: datetime, *, also_the_absent: bool) -> None:
    delegate_id = delegate_of(seat, now)
    told = [seat.person_id] if also_the_absent or delegate_id is None else []
    if told:
        _notify(approval, told, message, event, now, must_act=True, seat=seat.public_id)
    if delegate_id is not None:
        for_name, public_id = _name(seat.person_id), seat.public_id
        _notify(approval, [delegate_id], message, event, now, must_act=True, for_name=for_name, seat=public_id)


def delegate_of(seat: ApprovalSeat, now: datetime) -> int | None:
    """Return who stands in for the seated person now and may decide the seat (AP-20, AP-22)."""
    found = select(Absence.delegate_id).where(
        Absence.person_id == seat.person_id, Absence.delegate_id.is_not(None), people.away_at(now)
    )
    delegate_id = db.session.scalar(found.limit(1))
    barred = delegate_id is None or delegate_id in seat.parties
    return None if barred else delegate_id


def tell_decided(approval: Approval, decision: ApprovalDecision, by: Person, now: datetime) -> None:
    """Tell the absent person and their delegate what was decided in whose name (AP-20)."""
    absent_id = decision.on_behalf_of_id
    if absent_id is not None:
        told = [absent_id, by.id]
        _notify(approval, told, "decided", f"approval-decided-{decision.id}", now, for_name=_name(absent_id), by_name=by.name)


def tell_ended(approval: Approval, stage: ApprovalStage, seats: Sequence[ApprovalSeat], now: datetime) -> None:
    """Tell those who were still asked that the stage has its outcome without them (AP-3)."""
    _notify(approval, [seat.person_id for seat in seats], "ended", f"approval-ended-{stage.id}", now, outcome=stage.ended_why)


def tell_blocked(approval: Approval, stage: ApprovalStage, event_id: int, now: datetime) -> None:
    """Tell administrators that a stage finds nobody: number, stage and rule, not the content (AP-8)."""
    administrators = [person.id for person in people.with_role(Role.ADMINISTRATOR, now)]
    data = {"stage": dict(stage.name), "rule": stage.rule}
    path, event = f"/approvals/{approval.public_id}/administration", f"approval-blocked-{event_id}"
    notify(administrators, "approvals/blocked", KIND, approval.id, event, now, mail=True, must_act=True, data=data, path=path)


def _notify(
    approval: Approval,
    to: Iterable[int],
    message: str,
    event: str,
    now: datetime,
    *,
    must_act: bool = False,
    **data: str | None,
) -> None:
    notify(
        to,
        f"approvals/{message}",
        approval.kind,
        approval.subject_id,
        event,
        now,
        mail=must_act,
        must_act=must_act,
        data={"for_name": "", "by_name": "", **data},
        path=f"/approvals/{approval.public_id}",
    )


def _name(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name
