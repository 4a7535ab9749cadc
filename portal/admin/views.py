"""Pages of the administration."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.admin import components as samples
from portal.admin.policies import may_administer
from portal.core import clock
from portal.core.hypermedia import render
from portal.core.policy import authorize, signed_in
from portal.people.queries import me

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/components")
@signed_in
def components() -> Response:
    """Show every component in each state."""
    authorize(may_administer(me(), clock.now()))
    return render("admin/components.html", form=samples.sample())
