"""The first page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.core.hypermedia import render
from portal.core.policy import decided, signed_in

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> Response:
    """Show what waits for the person."""
    decided()
    return render("home/index.html")
