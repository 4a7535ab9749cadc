"""Merging a request with another one of its queue: it asks, with names, because nobody undoes it (requests.md 12, RQ12)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.people.models import Person
from portal.people.queries import me
from portal.requests import actions, merging, policies, queries, references
from portal.requests.forms import MergeForm, option
from portal.requests.models import Request
from portal.requests.views.blueprint import bp, find
from portal.requests.views.show import conflict


def other_of(request: Request, form: MergeForm) -> Request | None:
    """Return the other request that is named; say so where the agent works on none of this reference (row 14)."""
    wanted = references.read(form.reference.data or "")
    other = db.session.scalar(queries.visible_to(me(), clock.now()).where(Request.reference == wanted))
    if other is None or not policies.may_work(me(), other, clock.now()):
        form.reference.errors = [_("Among the requests that you work on there is none with this reference.")]
        return None
    if other.id == request.id or other.department_id != request.department_id:
        form.reference.errors = [_("Name another request of the same queue.")]
        return None
    return other


def hidden_from(form: MergeForm, request: Request, other: Request) -> Sequence[Person]:
    """Offer those who may not see the request that goes on, by name, and return them."""
    people = merging.outside(*merging.in_order(request, other), clock.now())
    form.admitted.choices = [option(person.public_id, person.name) for person in people]
    return people


def draw(request: Request, other: Request | None, form: MergeForm, status: int = 200) -> Response:
    """Ask for the other request, or show what merging both does."""
    kept, gone = merging.in_order(request, other) if other else (None, None)
    return render("requests/merge.html", status=status, request=request, other=other, kept=kept, gone=gone, form=form)


@bp.get("/requests/<reference>/merge")
@signed_in
def merge_page(reference: str) -> Response:
    """Choose the other request, then read what merging does."""
    request, named = find(reference), query("reference")
    authorize(policies.may_work(me(), request, clock.now()))
    form = MergeForm(data={"reference": named})
    other = other_of(request, form) if named else None
    hidden_from(form, request, other) if other else None
    return draw(request, other, form, 422 if named and other is None else 200)


@bp.post("/requests/<reference>/merge")
@signed_in
def merge(reference: str) -> Response:
    """Merge both; the older one goes on."""
    request, form = find(reference), MergeForm.read()
    authorize(policies.may_work(me(), request, clock.now()))
    other = other_of(request, form)
    if other is None:
        return draw(request, None, form, 422)
    people = hidden_from(form, request, other)
    if not form.validate():
        return draw(request, other, form, 422)
    admitted = {person.id for person in people if person.public_id in (form.admitted.data or ())}
    try:
        kept = actions.merge(request, other, admitted, me(), clock.now())
    except Refused as refused:
        return conflict(reference, refused, None)
    return redirect_to("requests.show", notice=_("The two requests are one now."), anchor="merged", reference=kept.reference)
