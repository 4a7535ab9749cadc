"""Where the approval of a subject stands: the strip of its page, what must be corrected, what is blocked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from portal.approvals.models import (
    Approval,
    ApprovalDecision,
    ApprovalReceipt,
    ApprovalSeat,
    ApprovalStage,
    MarkedField,
)
from portal.approvals.queries.asked import administered_by
from portal.approvals.stage_words import in_place_of
from portal.core import subjects
from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Absence, Person

IN_ROUND = and_(ApprovalStage.approval_id == Approval.id, ApprovalStage.round == Approval.round)


@dataclass(frozen=True)
class StripSeat:
    """One person of a stage: asked since when, or what they decided; who stands in now."""

    name: str
    since: datetime
    stand_in: str
    ended_why: str | None
    outcome: str | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None

    @property
    def decider(self) -> str:
        """Return who decided: the person asked, or somebody for them."""
        return in_place_of(self.decided_by if self.decided_by != self.name else None, self.name)

    @property
    def asked(self) -> str:
        """Return who is asked, with who stands in now."""
        return in_place_of(self.stand_in, self.name)


@dataclass(frozen=True)
class StripStage:
    """One stage of the present round."""

    id: int
    name: Mapping[str, str]
    mode: str
    needed: int
    state: str
    opened_at: datetime | None
    ended_at: datetime | None
    seats: list[StripSeat] = field(default_factory=list)


@dataclass(frozen=True)
class Strip:
    """The approval of a subject as its page shows it."""

    public_id: str
    round: int
    ended_at: datetime | None
    ended_why: str | None
    stages: list[StripStage]

    @property
    def open(self) -> StripStage | None:
        """Return the stage that waits for somebody now, open or blocked."""
        return next((stage for stage in self.stages if stage.state in ("open", "blocked")), None)


def strip(kind: str, subject_id: int, now: datetime) -> Strip | None:
    """Return where the approval of a subject stands, in one statement; None when it has none."""
    person, acted_by, delegate = aliased(Person), aliased(Person), aliased(Person)
    away = and_(Absence.person_id == ApprovalSeat.person_id, Absence.delegate_id.is_not(None), people.away_at(now))
    # a stage that keeps its outcome shows the seats of the round in which it was decided
    seats_of = func.coalesce(ApprovalStage.kept_from_id, ApprovalStage.id)
    rows = db.session.execute(
        select(Approval, ApprovalStage, ApprovalSeat, person.name, delegate.name, ApprovalDecision, acted_by.name)
        .join(ApprovalStage, IN_ROUND)
        .outerjoin(ApprovalSeat, ApprovalSeat.stage_id == seats_of)
        .outerjoin(person, person.id == ApprovalSeat.person_id)
        .outerjoin(Absence, away)
        .outerjoin(delegate, delegate.id == Absence.delegate_id)
        .outerjoin(ApprovalDecision, ApprovalDecision.seat_id == ApprovalSeat.id)
        .outerjoin(acted_by, acted_by.id == ApprovalDecision.acted_by_id)
        .where(Approval.kind == kind, Approval.subject_id == subject_id)
        .order_by(ApprovalStage.position, ApprovalSeat.id)
    ).all()
    if not rows:
        return None
    stages: dict[ApprovalStage, list[StripSeat]] = {}
    for _approval, stage, seat, name, stand_in, decision, decided_by in rows:
        seats = stages.setdefault(stage, [])
        if seat is not None:
            seats.append(_seat(seat, name, stand_in, decision, decided_by))
    approval = rows[0][0]
    shown = [_shown(stage, seats) for stage, seats in stages.items()]
    return Strip(approval.public_id, approval.round, approval.ended_at, approval.ended_why, shown)


def _shown(stage: ApprovalStage, seats: list[StripSeat]) -> StripStage:
    asked = any(seat.ended_why is None for seat in seats)
    return StripStage(stage.id, stage.name, stage.mode, stage.needed, stage.state(asked), stage.opened_at, stage.ended_at, seats)


def _seat(
    seat: ApprovalSeat, name: str, stand_in: str | None, decision: ApprovalDecision | None, decided_by: str | None
) -> StripSeat:
    return StripSeat(
        name,
        seat.from_at,
        stand_in or "",
        seat.ended_why,
        decision.outcome if decision else None,
        decision.at if decision else None,
        decided_by,
        decision.reason if decision else None,
    )


def open_stage(kind: str, subject_id: int) -> ApprovalStage | None:
    """Return the stage that keeps a subject from being fulfilled, for the sentence of AP-10; None when nothing does."""
    return db.session.scalar(
        select(ApprovalStage)
        .join(Approval, and_(Approval.id == ApprovalStage.approval_id, Approval.round == ApprovalStage.round))
        .where(
            Approval.kind == kind,
            Approval.subject_id == subject_id,
            Approval.ended_at.is_(None),
            ApprovalStage.ended_at.is_(None) | (ApprovalStage.ended_why == "returned"),
        )
        .order_by(ApprovalStage.position)
        .limit(1)
    )


@dataclass(frozen=True)
class Correction:
    """What a return asks for: only the marked fields may be edited (AP-14)."""

    fields: frozenset[str]
    reason: str
    by: str
    at: datetime


def correction(kind: str, subject_id: int) -> Correction | None:
    """Return what the requester is asked to correct now, or None when the approval was not returned (AP-11)."""
    decision = db.session.scalar(
        select(ApprovalDecision)
        .join(ApprovalStage, ApprovalStage.id == ApprovalDecision.stage_id)
        .join(Approval, and_(Approval.id == ApprovalStage.approval_id, Approval.round == ApprovalStage.round))
        .where(
            Approval.kind == kind,
            Approval.subject_id == subject_id,
            Approval.ended_at.is_(None),
            ApprovalStage.ended_why == "returned",
            ApprovalDecision.outcome == "returned",
        )
    )
    if decision is None:
        return None
    fields = db.session.scalars(select(MarkedField.field_key).where(MarkedField.decision_id == decision.id))
    return Correction(frozenset(fields), decision.reason, decision.acted_by.name, decision.at)


def is_undecided(kind: str, subject_id: int) -> bool:
    """Return whether an approval runs in which nobody has decided anything yet (permissions.md row 7)."""
    decided = exists().where(ApprovalDecision.stage_id == ApprovalStage.id, ApprovalStage.approval_id == Approval.id)
    running = select(Approval.id).where(Approval.kind == kind, Approval.subject_id == subject_id, Approval.ended_at.is_(None))
    return db.session.scalar(running.where(~decided)) is not None


def blocked(kind: str) -> Select[int]:
    """Select the ids of the subjects of a kind whose approval finds nobody to decide (AP-8, requests.md 9)."""
    return select(Approval.subject_id).join(ApprovalStage, IN_ROUND).where(Approval.kind == kind, is_blocked())


def is_blocked() -> ColumnElement[bool]:
    """Return the condition that a stage of a running approval is open and asks nobody."""
    asked = exists().where(ApprovalSeat.stage_id == ApprovalStage.id, ApprovalSeat.ended_at.is_(None))
    open_now = (ApprovalStage.opened_at.is_not(None), ApprovalStage.ended_at.is_(None))
    return and_(Approval.ended_at.is_(None), *open_now, ~asked)


def blocked_for(person: Person, now: datetime, limit: int) -> list[tuple[Approval, ApprovalStage, str]]:
    """Return what an administrator can help with: approval, stage and number, oldest first (AP-8)."""
    found = db.session.execute(
        administered_by(person, now)
        .join(ApprovalStage, IN_ROUND)
        .add_columns(ApprovalStage)
        .where(is_blocked())
        .order_by(ApprovalStage.opened_at, Approval.id)
        .limit(limit)
    ).all()
    numbers = _references([approval for approval, _stage in found])
    return [(approval, stage, numbers[approval.kind, approval.subject_id]) for approval, stage in found]


def _references(approvals: Iterable[Approval]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for approval in approvals:
        wanted[approval.kind].add(approval.subject_id)
    numbers = {}
    for kind, ids in wanted.items():
        subject = subjects.of_kind(kind)
        for row in db.session.scalars(select(subject.model).where(subject.model.id.in_(ids))):
            numbers[kind, row.id] = subject.reference(row)
    return numbers


def receipts_of(approval: Approval) -> list[ApprovalReceipt]:
    """Return the receipts of an approval, oldest first."""
    found = select(ApprovalReceipt).where(ApprovalReceipt.approval_id == approval.id).order_by(ApprovalReceipt.number)
    return list(db.session.scalars(found))


def reference_of(approval: Approval) -> str:
    """Return the number of the subject: all that administrators see of it (AP-8)."""
    return subjects.of_kind(approval.kind).reference(subjects.load(approval.kind, approval.subject_id))


def returned(kind: str) -> Select[int]:
    """Select the ids of the subjects of a kind that came back for correction and wait for their requester (AP-13)."""
    return (
        select(Approval.subject_id)
        .join(ApprovalStage, IN_ROUND)
        .where(Approval.kind == kind, Approval.ended_at.is_(None), ApprovalStage.ended_why == "returned")
    )
