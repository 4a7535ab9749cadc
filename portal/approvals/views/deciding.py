"""One decision: the page with content, difference and history, and the POST that decides."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from portal.approvals import actions, contents, policies, queries, words
from portal.approvals.forms import DecisionForm
from portal.approvals.models import Approval, ApprovalContent, ApprovalEvent, ApprovalSeat, Decided
from portal.approvals.views.inbox import bp
from portal.core import clock, security, subjects
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import Row, query, redirect_to, render
from portal.core.policy import authorize, decided, get_or_404, no, signed_in, yes
from portal.people.queries import me


@bp.get("/approvals/<public_id>")
@signed_in
def show(public_id: str) -> Response:
    """Show what is to be decided; who is not asked any more is told why (403)."""
    approval, seats, row = _readable(public_id)
    wanted = query("seat")
    seat = next((seat for seat in seats if seat.public_id == wanted), seats[0] if seats else None)
    form = DecisionForm.read(seat=seat.public_id if seat else "", content_hash=approval.content_hash)
    return _page(approval, row, form, seat, seats)


@bp.post("/approvals/<public_id>/decision")
@signed_in
def decide(public_id: str) -> Response:
    """Decide one seat, on the content that was shown."""
    approval = get_or_404(queries.known_to(me(), clock.now()), Approval.public_id == public_id)
    form = DecisionForm.read()
    _read_button(form)
    seat = _known_seat(approval, form.seat.data or "")
    right = policies.may_decide(me(), seat, clock.now())
    if seat.ended_at is None and not right:
        return _refuse(403, right.reason, form)
    money = policies.may_decide_money(me(), [approval])
    if seat.ended_at is None and not money:
        return _refuse(403, money.reason, form, set_up=True)
    row = subjects.load(approval.kind, approval.subject_id)
    form.offer(_answers(approval, row))
    if seat.ended_at is None and not form.validate():
        return _page(approval, row, form, seat, _open_seats(approval), status=422)
    return _decide(approval, row, form, seat)


def _decide(approval: Approval, row: Any, form: DecisionForm, seat: ApprovalSeat) -> Response:
    outcome, fields = form.outcome.data or "", form.fields.data if form.outcome.data == Decided.RETURNED else ()
    try:
        actions.decide(
            seat.id, me(), outcome, form.reason.data or "", form.content_hash.data or "", clock.now(), fields=fields or ()
        )
    except actions.ContentChanged as changed:
        form.content_hash.data = approval.content_hash
        return _page(
            approval, row, form, seat, _open_seats(approval), status=409, problem=changed.reason, changes=changed.changes
        )
    except Refused as refused:
        return _refuse(409, refused.reason, form)
    title = subjects.of_kind(approval.kind).title(row)
    return redirect_to("approvals.index", notice=words.done(outcome, title))


def _read_button(form: DecisionForm) -> None:
    """In the list one button says all: this seat, on this content, approve."""
    button = posted_value("approve")
    if button:
        form.outcome.data = Decided.APPROVED.value
        form.seat.data, _dot, form.content_hash.data = button.partition(".")


# --- what the page shows ---------------------------------------------------------------------------------------------


def _page(
    approval: Approval,
    row: Any,
    form: DecisionForm,
    seat: ApprovalSeat | None,
    seats: Sequence[ApprovalSeat],
    *,
    status: int = 200,
    problem: str = "",
    changes: Sequence[contents.Change] | None = None,
) -> Response:
    subject, answers = subjects.of_kind(approval.kind), _answers(approval, row)
    promise = queries.promise_of(approval.kind, approval.subject_id, clock.now()) if approval.ended_at is None else None
    form.offer(answers)
    return render(
        "approvals/show.html",
        rows={
            "ask": Row(
                "approvals/_row.html",
                lambda key: {"ask": queries.row_of(me(), seat, row, promise), "decision": None} if seat else None,
            )
        },
        status=status,
        approval=approval,
        seat=seat,
        seats=seats,
        stage=seat.stage if seat else None,
        form=form,
        subject=row,
        summary=subject.summary,
        answers=answers,
        facts=[(answer.label, answer.value) for answer in answers],
        title=subject.title(row),
        reference=subject.reference(row),
        address=subject.address(row),
        problem=problem,
        changes=_earlier_changes(approval, row) if changes is None else changes,
        promise=promise,
        money=policies.may_decide_money(me(), [approval]) if seat else yes(),
        strip=queries.strip(approval.kind, approval.subject_id, clock.now()),
        history=_history(approval),
        receipts=queries.receipts_of(approval) if approval.ended_at else [],
        reason_why=words.why(seat.rule) if seat else "",
        ticked=set(),
        decision=None,
    )


def _readable(public_id: str) -> tuple[Approval, Sequence[ApprovalSeat], Any]:
    """Return an approval that the person may read, their open seats in it, and its subject: 404 unknown, 403 not any more."""
    now = clock.now()
    approval, seats = queries.read_by(me(), public_id, now)
    if approval is None:
        known = get_or_404(queries.known_to(me(), now), Approval.public_id == public_id)
        seat = db.session.scalars(queries.seats_known_to(me(), known, now)).first()
        right = policies.may_decide(me(), seat, now) if seat else no("")
        raise Forbidden(right.reason or _("You are not asked about this any more."))
    decided()
    row = subjects.visible(approval.kind, approval.subject_id, me(), now)
    if row is None:
        raise NotFound
    return approval, seats, row


def _open_seats(approval: Approval) -> Sequence[ApprovalSeat]:
    return queries.read_by(me(), approval.public_id, clock.now())[1]


def _known_seat(approval: Approval, public_id: str) -> ApprovalSeat:
    known = queries.seats_known_to(me(), approval, clock.now())
    return get_or_404(known, ApprovalSeat.public_id == public_id)


def _answers(approval: Approval, row: Any) -> list[subjects.Answer]:
    return list(subjects.of_kind(approval.kind).answers(row, me()))


def _earlier_changes(approval: Approval, row: Any) -> list[contents.Change]:
    """Return what changed since the content of the round before, if anything did (AP-13)."""
    if approval.round == 1:
        return []
    before = db.session.scalar(
        select(ApprovalContent.content_hash)
        .where(ApprovalContent.approval_id == approval.id, ApprovalContent.content_hash != approval.content_hash)
        .order_by(ApprovalContent.id.desc())
        .limit(1)
    )
    return contents.differences(approval, before, row) if before else []


def _history(approval: Approval) -> list[dict[str, Any]]:
    found = (
        select(ApprovalEvent)
        .where(ApprovalEvent.approval_id == approval.id)
        .options(joinedload(ApprovalEvent.by), joinedload(ApprovalEvent.person))
        .order_by(ApprovalEvent.id)
    )
    return [{"at": event.at, "words": words.happened(event), "reason": event.reason or ""} for event in db.session.scalars(found)]


def _refuse(status: int, sentence: str, form: DecisionForm, set_up: bool = False) -> Response:
    """Say why nothing was decided, and keep what was typed; in a list one alert says it."""
    if security.is_htmx():
        if status == 403:  # noqa: PLR2004 - the HTTP status
            authorize(no(sentence))
        raise Refused(sentence)
    return render("approvals/refused.html", status=status, sentence=sentence, reason=form.reason.data or "", set_up=set_up)
