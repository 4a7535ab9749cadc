"""Approvals that have begun, and looking at them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event, select

from portal.approvals import actions, queries
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat
from portal.core.db import db
from portal.people.models import Person
from tests.approvals import papers
from tests.approvals.papers import KIND, Paper
from tests.cast.people import Cast


def begin(
    cast: Cast, now: datetime, *stages: dict[str, Any], by: Person | None = None, title: str = "Lamp", **options: Any
) -> tuple[Paper, Approval]:
    requester = by or cast.employee
    paper = papers.write(requester, title=title, hidden=options.pop("secret", "hidden words"))
    route = papers.route(*(stages or ({},)), fallback=options.pop("fallback", None))
    approval = actions.start(KIND, paper.id, route.id, papers.facts(cast, requester, **options), requester, now)
    assert approval is not None
    return paper, approval


def open_seats(approval: Approval) -> list[ApprovalSeat]:
    found = select(ApprovalSeat).where(ApprovalSeat.approval_id == approval.id, ApprovalSeat.ended_at.is_(None))
    return list(db.session.scalars(found.order_by(ApprovalSeat.id)))


def asked(approval: Approval) -> list[str]:
    return sorted(seat.person.name for seat in open_seats(approval))


def seat_of(approval: Approval, person: Person) -> ApprovalSeat:
    return next(seat for seat in open_seats(approval) if seat.person_id == person.id)


def approve(approval: Approval, person: Person, now: datetime, seat: ApprovalSeat | None = None) -> ApprovalDecision:
    chosen = seat or seat_of(approval, person)
    return actions.decide(chosen.id, person, "approved", "", approval.content_hash, now)


def reject(approval: Approval, person: Person, now: datetime) -> ApprovalDecision:
    return actions.decide(seat_of(approval, person).id, person, "rejected", "Not this year", approval.content_hash, now)


def states(paper: Paper, now: datetime) -> list[str]:
    strip = queries.strip(KIND, paper.id, now)
    assert strip is not None
    return [stage.state for stage in strip.stages]


def waiting(person: Person, now: datetime) -> int:
    """Return how many seats wait for the person."""
    return queries.oldest(person, now, 1)[1]


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the statements sent meanwhile."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield lambda: len(seen)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
