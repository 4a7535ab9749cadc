"""Refusals and the pages that answer them, whole or as one alert for htmx (C7)."""

from typing import cast

import structlog
from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Conflict, HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response

from portal.core import security
from portal.core.db import db, public_id

PAGES = {400, 403, 404, 409, 413, 429, 500, 503}
LOCK_NOT_AVAILABLE = "55P03"
SERVER_ERROR = 500
log = structlog.get_logger()


class Refused(Conflict):
    """An action that the state of things does not allow: 409 with a sentence that says what happened."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)


def install(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(DBAPIError, answer_database_error)
    app.register_error_handler(Exception, answer_unexpected)


def answer(error: HTTPException) -> Response:
    """Render the page of an HTTP error; what redirects is passed on."""
    if error.response is not None:
        return cast(Response, error.response)
    status = error.code if error.code in PAGES else (SERVER_ERROR if (error.code or 0) >= SERVER_ERROR else 400)
    return _page(status, error)


def answer_database_error(error: DBAPIError) -> Response:
    """A lock not granted in time is a conflict; anything else means that the database is away (RE-28)."""
    db.session.rollback()
    if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
        return _page(409, Conflict(_("This is being processed at the moment. Try again in a few seconds.")))
    if error.connection_invalidated:
        return _page(503, ServiceUnavailable(retry_after=5))
    return answer_unexpected(error)


def answer_unexpected(error: Exception) -> Response:
    """Log the details under an incident number and show only the number (SE-61)."""
    db.session.rollback()
    if current_app.testing:
        raise error
    incident = public_id(8)
    log.error("unexpected_error", incident=incident, path=security.loggable_path(), exc_info=error)
    return _page(500, InternalServerError(), incident=incident)


def _page(status: int, error: HTTPException, **context: object) -> Response:
    reason = error.description if type(error).description != error.description else None
    whole = request.headers.get("HX-Request") != "true"
    template = f"errors/{status}.html" if whole else "errors/alert.html"
    body = render_template(template, status=status, reason=reason, **context)
    response = Response(body, error.code or status, mimetype="text/html")
    if not whole:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#messages", "innerHTML"
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
