"""Promises that fell due, counted by the database: by service and month, and what stands behind each number.

A written breach and a running clock whose due has passed are the same thing here (service-levels.md 26).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, null, select, union_all

from portal.core.db import UtcDateTime, db
from portal.reports.periods import Month
from portal.reports.shares import Result
from portal.requests.models import ACTIVE, Request, stored_in
from portal.requests.queries import KIND
from portal.service_levels import queries as levels
from portal.service_levels.models import BreachAnnulment, Clock, ClockBreach

CLOCKS = ("fulfilment", "first_response")
KEPT, BROKEN, ANNULLED = "kept", "broken", "annulled"
OUTCOMES = (KEPT, BROKEN, ANNULLED)
Results = Mapping[tuple[int | None, int | None], Result]
"""By (service, number of the month); None stands for all of them."""


@dataclass(frozen=True)
class Scope:
    """Which promises: of a department, on one kind of clock, in some months that follow each other, until now."""

    department_id: int
    months: Sequence[Month]
    now: datetime
    clock: str = CLOCKS[0]
    service_id: int | None = None
    level_id: int | None = None
    # what is late by reading alone, where the caller has read it already
    late: Mapping[int, datetime] | None = None


def promises(scope: Scope) -> CTE:
    """Select what fell due: service, request, month, moment, outcome, and the working seconds if it was done."""
    clocks = _clocks(scope)
    unwritten = and_(clocks.c.standing == "running", clocks.c.due < scope.now)
    outcome = case(
        (clocks.c.broken_at.is_not(None), BROKEN),
        (clocks.c.annulled_at.is_not(None), ANNULLED),
        (unwritten, BROKEN),
        (and_(clocks.c.worked.is_not(None), clocks.c.due.is_not(None)), KEPT),
        else_=null(),
    )
    moment = func.coalesce(clocks.c.broken_at, clocks.c.annulled_at, clocks.c.due, type_=UtcDateTime)
    due = select(clocks, outcome.label("outcome"), moment.label("moment")).subquery("due")
    ended = case(*((due.c.moment < month.ends, number) for number, month in enumerate(scope.months)))
    within = (due.c.moment >= scope.months[0].starts, due.c.moment < min(scope.months[-1].ends, scope.now))
    found = select(
        due.c.service_id, due.c.request_id, due.c.clock_id, ended.label("month"), due.c.moment, due.c.outcome, due.c.worked
    )
    return found.where(due.c.outcome.is_not(None), *within).cte()


def _clocks(scope: Scope) -> Any:
    """Select each clock of the department's requests with when it was first broken, and whether somebody annulled that."""
    of_clock = select(func.min(ClockBreach.at)).outerjoin(BreachAnnulment, BreachAnnulment.breach_id == ClockBreach.id)
    of_clock = of_clock.where(ClockBreach.clock_id == Clock.id).correlate(Clock)
    broken = of_clock.where(BreachAnnulment.id.is_(None)).scalar_subquery()
    annulled = of_clock.where(BreachAnnulment.id.is_not(None)).scalar_subquery()
    mine = [Request.department_id == scope.department_id]
    if scope.service_id is not None:
        mine.append(Request.service_id == scope.service_id)
    ours = [Clock.subject_kind == KIND, Clock.subject_id == Request.id, Clock.kind == scope.clock]
    if scope.level_id is not None:
        ours.append(Clock.level_id == scope.level_id)
    return (
        select(
            Request.service_id,
            Request.id.label("request_id"),
            Clock.id.label("clock_id"),
            Clock.standing,
            Clock.due_cache.label("due"),
            Clock.worked_cache.label("worked"),
            func.coalesce(broken, _late_by_reading(scope), type_=UtcDateTime).label("broken_at"),
            annulled.label("annulled_at"),
        )
        .join(Clock, and_(*ours))
        .where(*mine)
        .subquery("clocks")
    )


def late_by_reading(scope: Scope) -> Mapping[int, datetime]:
    """Return the due of the few clocks whose pause ended by its date and that no job has written yet."""
    if scope.late is not None:
        return scope.late
    open_ = select(Request.id).where(Request.department_id == scope.department_id, stored_in(ACTIVE))
    return levels.late_unwritten(KIND, open_, scope.clock, scope.now)


def _late_by_reading(scope: Scope) -> ColumnElement[Any]:
    late = late_by_reading(scope)
    if not late:
        return null()
    return case({clock_id: literal(due, UtcDateTime) for clock_id, due in late.items()}, value=Clock.id)


def measure(scope: Scope) -> Results:
    """Return what became of the promises: of each service and month, each service, each month, and all; one statement."""
    promise = promises(scope)
    groups = ((promise.c.service_id, promise.c.month), (promise.c.service_id, None), (None, promise.c.month), (None, None))
    rows = db.session.execute(union_all(*(_grouped(promise, *group) for group in groups)))
    return {(row.service_id, row.month): _result(row) for row in rows}


def _grouped(promise: CTE, service: ColumnElement[int] | None, month: ColumnElement[int] | None) -> Select[Any]:
    """Count one way of putting promises together. The usual time is that of the middle one, and of nine of ten (nearest rank)."""
    keys = [key for key in (service, month) if key is not None]
    # what was not done has no time, and is numbered apart
    apart: list[Any] = [*keys, promise.c.worked.is_(None)]
    rank = func.row_number().over(partition_by=apart, order_by=promise.c.worked)
    done = func.count(promise.c.worked).over(partition_by=apart)
    ranked = select(promise, rank.label("rank"), done.label("done")).subquery()
    named = [ranked.c.service_id if service is not None else null(), ranked.c.month if month is not None else null()]

    def at(place: ColumnElement[int]) -> ColumnElement[int | None]:
        return func.max(case((ranked.c.rank == place, ranked.c.worked)))

    counted = select(
        named[0].label("service_id"),
        named[1].label("month"),
        *(func.count(case((ranked.c.outcome == outcome, 1))).label(outcome) for outcome in OUTCOMES),
        func.count(ranked.c.worked).label("done"),
        at((ranked.c.done + 1) // 2).label("usual"),
        at((9 * ranked.c.done + 9) // 10).label("most"),
    )
    return counted.group_by(*(name for name, key in zip(named, (service, month), strict=True) if key is not None))


def _result(row: Any) -> Result:
    return Result(row.kept, row.broken, row.annulled, row.done, row.usual, row.most)
