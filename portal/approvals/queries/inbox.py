"""What waits for a person's decision: one query for the list and its counter (AP-17)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat, ApprovalStage
from portal.approvals.queries.asked import decidable_by, visible_to
from portal.approvals.queries.promising import Promised, promised
from portal.core import subjects
from portal.core.db import db
from portal.core.pagination import SHORT, page_of
from portal.people.models import Person

OLDEST_FIRST: tuple[Any, ...] = (ApprovalSeat.from_at, ApprovalSeat.id)
Key = tuple[str, int]


@dataclass(frozen=True)
class InboxRow:
    """One seat to decide, as the list shows it."""

    seat: ApprovalSeat
    approval: Approval
    stage: ApprovalStage
    subject: Any
    title: str
    reference: str
    address: str
    absent: str = ""
    promised: Promised | None = None

    @property
    def value(self) -> str:
        """Return what its tick-box says: the seat, and the hash that was shown (AP-12)."""
        return f"{self.seat.public_id}.{self.approval.content_hash}"


@dataclass(frozen=True)
class InboxPage:
    """Some rows of the list, and the cursors of the pages before and after them."""

    rows: Sequence[InboxRow]
    previous: str | None
    next: str | None


def waiting_for(person: Person, now: datetime) -> Select[ApprovalSeat]:
    """Select the seats that wait for the person's decision."""
    return select(ApprovalSeat).where(decidable_by(person, now))


def waiting_or_none(person: Person, now: datetime) -> ColumnElement[int | None]:
    """Select how much waits for the person; nothing at all if nothing ever did: what the navigation needs."""
    waits = select(func.count()).select_from(waiting_for(person, now).subquery()).scalar_subquery()
    seated = exists().where(ApprovalSeat.person_id == person.id)
    acted = exists().where(ApprovalDecision.acted_by_id == person.id)
    number = func.nullif(waits, 0)
    return func.coalesce(number, case((or_(seated, acted), 0)))


def oldest(person: Person, now: datetime, limit: int) -> tuple[list[InboxRow], int]:
    """Return the first few of what waits for the person, oldest first, and how many seats wait in all."""
    found = _seats(person, now).add_columns(func.count().over()).order_by(*OLDEST_FIRST).limit(limit)
    rows = db.session.execute(found).all()
    return _rows_of(person, [row[0] for row in rows], now), rows[0][1] if rows else 0


def inbox_page(person: Person, now: datetime, cursor: str | None) -> InboxPage:
    """Return a page of what waits for the person, oldest first."""
    page = page_of(_seats(person, now).add_columns(*OLDEST_FIRST), OLDEST_FIRST, cursor, SHORT)
    return InboxPage(_rows_of(person, [row[0] for row in page.rows], now), page.previous, page.next)


def _seats(person: Person, now: datetime) -> Select[Any]:
    found = waiting_for(person, now).join(ApprovalSeat.approval).join(ApprovalSeat.stage)
    return cast(
        "Select[Any]",
        found.options(
            contains_eager(ApprovalSeat.approval).options(joinedload(Approval.requester), joinedload(Approval.beneficiary)),
            contains_eager(ApprovalSeat.stage),
            joinedload(ApprovalSeat.person),
        ),
    )


def _rows_of(person: Person, seats: Sequence[ApprovalSeat], now: datetime) -> list[InboxRow]:
    rows = _subjects_of(person, (seat.approval for seat in seats), now)
    promises = _promises_of(rows, now)
    keys = [(seat, (seat.approval.kind, seat.approval.subject_id)) for seat in seats]
    return [row_of(person, seat, rows[key], promises.get(key)) for seat, key in keys if key in rows]


def read_by(person: Person, public_id: str, now: datetime) -> tuple[Approval | None, list[ApprovalSeat]]:
    """Return an approval that the person may read and their open seats in it, in one statement; None if they may not."""
    rows = db.session.execute(
        visible_to(person, now)
        .where(Approval.public_id == public_id)
        .outerjoin(ApprovalSeat, and_(ApprovalSeat.approval_id == Approval.id, decidable_by(person, now)))
        .add_columns(ApprovalSeat)
        .options(joinedload(Approval.requester), joinedload(ApprovalSeat.stage), joinedload(ApprovalSeat.person))
        .order_by(ApprovalSeat.id)
    ).all()
    return (rows[0][0] if rows else None), [seat for _approval, seat in rows if seat is not None]


def decided_before(person: Person, rows: Iterable[InboxRow]) -> set[int]:
    """Return the ids of the seats whose approval the person has approved in an earlier stage of this round (AP-7)."""
    approvals = {row.approval.id: row.seat.id for row in rows}
    found = (
        select(ApprovalDecision.approval_id)
        .join(ApprovalStage, ApprovalStage.id == ApprovalDecision.stage_id)
        .join(Approval, and_(Approval.id == ApprovalDecision.approval_id, Approval.round == ApprovalStage.round))
        .where(
            ApprovalDecision.approval_id.in_(approvals),
            ApprovalDecision.acted_by_id == person.id,
            ApprovalDecision.outcome == "approved",
        )
    )
    return {approvals[approval_id] for approval_id in db.session.scalars(found)}


def row_of(person: Person, seat: ApprovalSeat, subject_row: Any, promise: Promised | None = None) -> InboxRow:
    """Return one line of the list."""
    subject = subjects.of_kind(seat.approval.kind)
    return InboxRow(
        seat=seat,
        approval=seat.approval,
        stage=seat.stage,
        subject=subject_row,
        title=subject.title(subject_row),
        reference=subject.reference(subject_row),
        address=subject.address(subject_row),
        absent="" if seat.person_id == person.id else seat.person.name,
        promised=promise,
    )


def _promises_of(keys: Iterable[Key], now: datetime) -> dict[Key, Promised]:
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, subject_id in keys:
        ids[kind].append(subject_id)
    return {(kind, found): one for kind in ids for found, one in promised(kind, ids[kind], now).items()}


def _subjects_of(person: Person, approvals: Iterable[Approval], now: datetime) -> dict[Key, Any]:
    return subjects.visible_among(((approval.kind, approval.subject_id) for approval in approvals), person, now)


def lately_decided(person: Person, now: datetime, limit: int = 5) -> list[tuple[ApprovalDecision, str, str]]:
    """Return the person's last decisions with title and address of what they still may see."""
    decisions = db.session.scalars(
        select(ApprovalDecision)
        .where(ApprovalDecision.acted_by_id == person.id)
        .options(joinedload(ApprovalDecision.seat).joinedload(ApprovalSeat.approval))
        .order_by(ApprovalDecision.at.desc(), ApprovalDecision.id.desc())
        .limit(limit)
    ).all()
    rows = _subjects_of(person, (decision.seat.approval for decision in decisions), now)
    found = []
    for decision in decisions:
        approval = decision.seat.approval
        row = rows.get((approval.kind, approval.subject_id))
        if row is not None:
            subject = subjects.of_kind(approval.kind)
            found.append((decision, subject.title(row), subject.address(row)))
    return found
