"""Whether the process lives and can do its work, without detail (RE-42)."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from portal.core import schema, security
from portal.core.db import db
from portal.core.policy import public

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@public
def live() -> Response:
    """Answer that the process lives."""
    security.answer_as("public")
    return Response("ok", mimetype="text/plain")


@bp.get("/ready")
@public
def ready() -> Response:
    """Answer whether the database can be reached and has the right version."""
    security.answer_as("public")
    try:
        db.session.execute(text("SELECT 1"))
        right = schema.revision() == schema.head()
    except DBAPIError:
        right = False
    if not right:
        return Response("not ready", 503, {"Retry-After": "5"}, mimetype="text/plain")
    return Response("ok", mimetype="text/plain")
