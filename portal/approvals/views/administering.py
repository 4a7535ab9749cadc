"""What administrators do about a blocked or mistaken approval, without seeing its content (permissions.md 16)."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.approvals import actions, policies, queries, words
from portal.approvals.forms import ReasonForm
from portal.approvals.models import Approval, ApprovalStage
from portal.approvals.views.inbox import bp
from portal.core import clock
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.models import Person
from portal.people.queries import me

MOST = 200


@bp.get("/approvals/blocked")
@signed_in
def blocked() -> Response:
    """List the stages that find nobody: number, stage and rule."""
    authorize(policies.is_administrator(me(), clock.now()))
    lines = [(approval, stage, number, words.why(stage.rule)) for approval, stage, number in _blocked()]
    return render("approvals/blocked.html", lines=lines)


def _blocked() -> list[tuple[Approval, ApprovalStage, str]]:
    return queries.blocked_for(me(), clock.now(), MOST)


@bp.get("/approvals/<public_id>/administration")
@signed_in
def administration(public_id: str) -> Response:
    """Show number, stages and rules, and what can be done."""
    return _page(_administered(public_id), ReasonForm.read())


@bp.post("/approvals/<public_id>/round")
@signed_in
def open_round(public_id: str) -> Response:
    """Open a new round with a reason."""
    approval = _administered(public_id)
    return _act(approval, lambda by, reason, now: actions.new_round(approval.id, by, reason, now))


@bp.post("/approvals/<public_id>/removal")
@signed_in
def remove_stage(public_id: str) -> Response:
    """Remove one stage with a reason."""
    approval = _administered(public_id)
    position = posted_value("stage")
    stage = get_or_404(
        select(ApprovalStage).where(ApprovalStage.approval_id == approval.id, ApprovalStage.round == approval.round),
        ApprovalStage.position == (int(position) if position.isdecimal() else 0),
    )
    return _act(approval, lambda by, reason, now: actions.remove_stage(stage.id, by, reason, now))


@bp.post("/approvals/<public_id>/override")
@signed_in
def override(public_id: str) -> Response:
    """Let the work begin without the open stages, with a reason."""
    approval = _administered(public_id)
    return _act(approval, lambda by, reason, now: actions.override(approval.id, by, reason, now))


def _administered(public_id: str) -> Approval:
    approval = get_or_404(queries.administered_by(me(), clock.now()), Approval.public_id == public_id)
    authorize(policies.may_administer(me(), approval, clock.now()))
    return approval


def _act(approval: Approval, act: Callable[[Person, str, datetime], None]) -> Response:
    form = ReasonForm.read()
    if not form.validate():
        return _page(approval, form, 422)
    try:
        act(me(), form.reason.data or "", clock.now())
    except Refused as refused:
        return _page(approval, form, 409, refused.reason)
    return redirect_to("approvals.administration", public_id=approval.public_id, notice=_("Done. It stands in the history."))


def _page(approval: Approval, form: ReasonForm, status: int = 200, problem: str = "") -> Response:
    return render(
        "approvals/administration.html",
        status=status,
        approval=approval,
        reference=queries.reference_of(approval),
        strip=queries.strip(approval.kind, approval.subject_id, clock.now()),
        promise=queries.promise_of(approval.kind, approval.subject_id, clock.now()),
        form=form,
        problem=problem,
    )
