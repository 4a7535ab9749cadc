"""The layer for employees: every component, internal ones too, what is known about incidents, which requests they explain."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.policy import decided, get_or_404, signed_in
from portal.people.queries import me
from portal.status import inner, queries
from portal.status.models import Incident, Maintenance
from portal.status.views import drawing

bp = Blueprint("status_inside", __name__, url_prefix="/service-status")


@bp.get("")
@signed_in
def index() -> Response:
    """Show how everything does, to people inside."""
    decided()
    return drawing.page("index", shown=inner.overview(me(), clock.now()))


@bp.get("/incidents/<public_id>")
@signed_in
def incident(public_id: str) -> Response:
    """Show an incident with its notes and requests."""
    return drawing.incident(get_or_404(queries.visible_incidents(me(), clock.now()), Incident.public_id == public_id))


@bp.get("/maintenance/<public_id>")
@signed_in
def maintenance(public_id: str) -> Response:
    """Show a window."""
    return drawing.window(get_or_404(queries.visible_windows(me(), clock.now()), Maintenance.public_id == public_id))
