"""The list "To approve", and decisions on several rows at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.approvals import actions, contents, policies, queries
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat, Decided
from portal.core import clock, security, subjects
from portal.core.db import db
from portal.core.forms import posted_value, posted_values
from portal.core.hypermedia import Row, query, redirect_to, render
from portal.core.policy import decided, signed_in
from portal.people.queries import me

bp = Blueprint("approvals", __name__)
BATCH_LIMIT = 200
BATCH_SECONDS = 3600


@bp.get("/approvals")
@signed_in
def index() -> Response:
    """Show what waits for the person, oldest first."""
    decided()
    return page()


def page(status: int = 200, **typed: Any) -> Response:
    """Render the list; `typed` keeps what a refused batch had ticked and said."""
    now, cursor = clock.now(), query("cursor") or None
    found = queries.inbox_page(me(), now, cursor)
    if cursor and not found.rows:  # decided meanwhile
        found, cursor = queries.inbox_page(me(), now, None), None
    return render(
        "approvals/index.html",
        fragments=("approval_list",),
        rows={"ask": Row("approvals/_row.html", one_row)},
        status=status,
        asks=found.rows,
        marks=queries.marks_of(found.rows),
        page=found,
        cursor=cursor,
        lately=queries.lately_decided(me(), now),
        **({"ticked": _ticked(found.rows), "reason": "", "problem": ""} | _head(now) | typed),
    )


def _ticked(asks: Sequence[queries.InboxRow]) -> set[str]:
    """Tick the stages that come after one that the person has approved already (AP-7)."""
    later = [ask for ask in asks if ask.stage.position > 1]
    before = queries.decided_before(me(), later) if later else set()
    return {ask.value for ask in later if ask.seat.id in before}


def one_row(key: str) -> Mapping[str, Any] | None:
    """Return the context of one row: still to decide, or what became of it."""
    now = clock.now()
    seat = db.session.scalar(select(ApprovalSeat).where(ApprovalSeat.public_id == key))
    if seat is None:
        return None
    approval = db.session.scalar(queries.visible_to(me(), now).where(Approval.id == seat.approval_id))
    row = subjects.visible(seat.approval.kind, seat.approval.subject_id, me(), now) if approval else None
    if row is None:
        return None
    decision = db.session.scalar(select(ApprovalDecision).where(ApprovalDecision.seat_group_id == seat.seat_group_id))
    promise = None if decision else queries.promise_of(seat.approval.kind, seat.approval.subject_id, now)
    ask = queries.row_of(me(), seat, row, promise)
    return {"ask": ask, "decision": decision, "ticked": set(), **_head(now)}


def _head(now: datetime) -> dict[str, Any]:
    """Return what the heading counts, from the query of the list."""
    seats = queries.waiting_for(me(), now).subquery()
    number, oldest = db.session.execute(select(func.count(), func.min(seats.c.from_at)).select_from(seats)).one()
    return {"number": number, "oldest": oldest}


@bp.post("/approvals/decisions")
@signed_in
def decide_several() -> Response:
    """Decide the ticked rows, each by itself; an id that is not the person's answers 404 for all (PE-17, AP-29)."""
    decided()
    ticked, outcome, reason = posted_values("seat")[:BATCH_LIMIT], posted_value("outcome"), posted_value("reason")
    shown = {key: hash_ for key, _dot, hash_ in (value.partition(".") for value in ticked)}
    seats = _seats(set(shown))
    problem = _problem(seats, outcome, reason)
    if problem:
        return page(422, ticked=set(ticked), reason=reason, problem=problem)
    money = policies.may_decide_money(me(), [seat.approval for seat in seats.values()])
    if not money:
        return page(403, ticked=set(ticked), reason=reason, problem=money.reason)
    choices = [actions.Choice(seat.id, shown[seat.public_id]) for seat in seats.values()]
    result = actions.decide_many(choices, me(), outcome, reason, clock.now())
    if not any(done.refused for done in result):
        return redirect_to("approvals.index", notice=_summary(outcome, len(result)))
    keys = {seat.id: key for key, seat in seats.items()}
    told = [[keys[done.seat_id], shown[keys[done.seat_id]], done.refused] for done in result]
    return redirect_to("approvals.decisions", result=security.sign("approvals", [outcome, told]))


@bp.get("/approvals/decisions")
@signed_in
def decisions() -> Response:
    """Show what a batch did and what had changed meanwhile."""
    decided()
    found = security.unsign("approvals", query("result"), BATCH_SECONDS)
    if found is None:
        raise NotFound
    outcome, told = found
    lines = [line for key, seen, refused in told if (line := _result(key, seen, refused)) is not None]
    number = sum(1 for line in lines if not line["refused"])
    return render("approvals/decisions.html", lines=lines, summary=_summary(outcome, number))


def _result(key: str, seen: str, refused: str) -> dict[str, Any] | None:
    found = one_row(key)
    if found is None:
        return None
    ask: queries.InboxRow = found["ask"]
    changes = contents.differences(ask.approval, seen, ask.subject) if seen != ask.approval.content_hash else []
    return {"ask": ask, "refused": refused, "changes": changes}


def _seats(keys: set[str]) -> dict[str, ApprovalSeat]:
    """Return the seats by their public ids; each must be of an approval that the person may read, else 404."""
    now = clock.now()
    known = queries.known_to(me(), now).subquery()
    found = select(ApprovalSeat).join(known, known.c.id == ApprovalSeat.approval_id).where(ApprovalSeat.public_id.in_(keys))
    seats = {seat.public_id: seat for seat in db.session.scalars(found)}
    if set(seats) != keys:
        raise NotFound
    return seats


def _problem(seats: Mapping[str, ApprovalSeat], outcome: str, reason: str) -> str:
    if outcome not in (Decided.APPROVED, Decided.REJECTED):
        return str(_("Nothing was decided: choose a button."))
    if not seats:
        return str(_("Tick at least one."))
    if outcome == Decided.REJECTED and len(reason.strip()) < actions.MINIMUM_REASON:
        return str(_("Give a reason of at least %(number)s characters.", number=actions.MINIMUM_REASON))
    return ""


def _summary(outcome: str, number: int) -> str:
    if outcome == Decided.APPROVED:
        return str(ngettext("You approved %(num)s request.", "You approved %(num)s requests.", number))
    return str(ngettext("You rejected %(num)s request.", "You rejected %(num)s requests.", number))
