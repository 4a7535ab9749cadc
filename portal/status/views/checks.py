"""Checks of a component for those who publish, and the address at which a service reports itself."""

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, public_pages, security
from portal.core.config import base_url
from portal.core.db import db
from portal.core.hypermedia import nothing_new, redirect_to
from portal.core.policy import get_or_404, public_data, signed_in
from portal.people.queries import me
from portal.status import component_forms
from portal.status.actions import checks
from portal.status.models import ComponentCheck
from portal.status.views import drawing, registry
from portal.status.views.inside import bp

heartbeats = Blueprint("heartbeats", __name__)


@bp.post("/components/<public_id>/checks")
@signed_in
def add_check(public_id: str) -> Response:
    """Add a check; the address of a heartbeat is told this once."""
    found, form = registry.kept(public_id), component_forms.CheckForm.read()
    if not form.validate():
        return drawing.component(found, registry.form_of(found, unread=True), 422, check=form)
    _check, secret = checks.add(found, form.content(), me(), clock.now())
    base = base_url()
    told = _("Let it POST to %(url)s; the address is shown this once.", url=f"{base}/heartbeat/{secret}")
    return redirect_to("status_inside.component", notice=told if secret else _("It is checked from now on."), public_id=public_id)


@bp.post("/components/<public_id>/checks/<check_id>/removal")
@signed_in
def remove_check(public_id: str, check_id: str) -> Response:
    """Remove a check."""
    found = registry.kept(public_id)
    there = select(ComponentCheck).where(ComponentCheck.component_id == found.id, ComponentCheck.removed_at.is_(None))
    checks.remove(get_or_404(there, ComponentCheck.public_id == check_id), me(), clock.now())
    return redirect_to("status_inside.component", notice=_("Removed."), public_id=public_id)


@heartbeats.post("/heartbeat/<token>")
@public_data
def beat(token: str) -> Response:
    """Take the report of a service that knows its secret address; a GET changes nothing, so there is none."""
    public_pages.begin_without_language()
    security.keep_address()
    known = select(ComponentCheck).where(ComponentCheck.secret_digest == security.digest(token))
    found = db.session.scalar(known.where(ComponentCheck.removed_at.is_(None)))
    if found is None:
        raise NotFound
    checks.take(found, True, clock.now())
    return nothing_new()
