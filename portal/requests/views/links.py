"""Linking a request to another one (requests.md 11)."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.people.queries import me
from portal.requests import actions, policies, queries, references
from portal.requests.forms import LinkForm
from portal.requests.models import Request
from portal.requests.page import Page
from portal.requests.views.blueprint import bp, find


def draw(request: Request, form: LinkForm, status: int = 200) -> Response:
    """Show what it is linked to, and a form to link it to one more."""
    page = Page(request, me(), clock.now())
    return render("requests/links.html", status=status, page=page, request=request, form=form)


@bp.get("/requests/<reference>/links")
@signed_in
def links(reference: str) -> Response:
    """Show the links of a request."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    return draw(request, LinkForm())


@bp.post("/requests/<reference>/links")
@signed_in
def link(reference: str) -> Response:
    """Link it to another request that the agent works on too (permissions.md 2, row 14)."""
    request, form, now = find(reference), LinkForm.read(), clock.now()
    authorize(policies.may_work(me(), request, now))
    if not form.validate():
        return draw(request, form, status=422)
    wanted = references.read(form.reference.data or "")
    other = db.session.scalar(queries.visible_to(me(), now).where(Request.reference == wanted))
    if other is None or not policies.may_work(me(), other, now):
        form.reference.errors = [_("Among the requests that you work on there is none with this reference.")]
        return draw(request, form, status=422)
    try:
        actions.link(request, other, form.kind.data, me(), now)
    except Refused as refused:
        form.reference.errors = [refused.reason]
        return draw(request, form, status=422)
    return redirect_to("requests.show", notice=_("The two requests are linked."), reference=reference)
