"""Passing a question on to another head (permissions.md row 16)."""

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.approvals import actions, policies, queries
from portal.approvals.forms import ForwardForm
from portal.approvals.models import Approval, ApprovalSeat
from portal.approvals.views.inbox import bp
from portal.core import clock, subjects
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, decided, signed_in
from portal.people import queries as people
from portal.people.models import Person, Role
from portal.people.queries import me


@bp.get("/approvals/<public_id>/forwarding")
@signed_in
def forwarding(public_id: str) -> Response:
    """Show which heads could decide in one's place."""
    approval, _seat = _own(public_id)
    return _page(approval, ForwardForm.read())


@bp.post("/approvals/<public_id>/forwarding")
@signed_in
def forward(public_id: str) -> Response:
    """Ask another head in one's place."""
    approval, seat = _own(public_id)
    form = ForwardForm.read()
    form.offer(_heads(approval))
    if not form.validate():
        return _page(approval, form, 422)
    to = db.session.scalars(select(Person).where(Person.public_id == form.to.data)).one()
    try:
        actions.forward(seat.id, to, me(), form.reason.data or "", clock.now())
    except Refused as refused:
        return _page(approval, form, 409, refused.reason)
    return redirect_to("approvals.index", notice=_("%(name)s is asked in your place.", name=to.name))


def _own(public_id: str) -> tuple[Approval, ApprovalSeat]:
    """Return the approval and the person's own open seat in it."""
    approval, seats = queries.read_by(me(), public_id, clock.now())
    decided()
    own = next((seat for seat in seats if seat.person_id == me().id), None)
    if approval is None or own is None:
        raise NotFound
    authorize(policies.may_forward(me(), own, clock.now()))
    return approval, own


def _heads(approval: Approval) -> list[Person]:
    barred = {me().id, *approval.parties}
    return [person for person in people.with_role(Role.HEAD, clock.now()) if person.id not in barred]


def _page(approval: Approval, form: ForwardForm, status: int = 200, problem: str = "") -> Response:
    form.offer(_heads(approval))
    title = subjects.of_kind(approval.kind).title(subjects.load(approval.kind, approval.subject_id))
    return render("approvals/forwarding.html", status=status, approval=approval, form=form, title=title, problem=problem)
