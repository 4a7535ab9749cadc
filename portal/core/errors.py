"""Refusals and the pages that answer them, whole or as one alert for htmx (C7)."""

from typing import cast

import structlog
from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import Conflict, HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response

from portal.core import faults, forms, security
from portal.core.db import db, public_id

PAGES = {400, 403, 404, 409, 413, 429, 500, 503}
SERVER_ERROR = 500
UNAVAILABLE = 503
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
    app.register_error_handler(NoConnection, answer_no_connection)
    app.register_error_handler(OSError, answer_os_error)
    app.register_error_handler(Exception, answer_unexpected)


def answer(error: HTTPException) -> Response:
    """Render the page of an HTTP error; what redirects is passed on."""
    if error.response is not None:
        return cast(Response, error.response)
    status = error.code if error.code in PAGES else (SERVER_ERROR if (error.code or 0) >= SERVER_ERROR else 400)
    try:
        return _page(status, error)
    except DBAPIError as away:  # the page asks first who is signed in
        return answer_database_error(away)


def answer_database_error(error: DBAPIError) -> Response:
    """A lock not granted in time is a conflict; without room, or with the database away, one tries again later (RE-25, RE-28)."""
    db.session.rollback()
    if faults.is_locked(error):
        return _page(409, Conflict(_("This is being processed at the moment. Try again in a few seconds.")))
    if faults.has_no_room(error):
        faults.alarm_of_no_room(error)
        return _no_room()
    if faults.is_away(error):
        log.error("database_away", reason=type(error.orig).__name__)
        return _page(503, ServiceUnavailable(retry_after=5))
    return answer_unexpected(error)


def answer_os_error(error: OSError) -> Response:
    """A disk without room for what is on its way here answers like a database without room (RE-25)."""
    if error.errno not in faults.NO_ROOM_NUMBERS:
        return answer_unexpected(error)
    db.session.rollback()
    faults.alarm_of_no_room(error)
    return _no_room()


def _no_room() -> Response:
    return _page(503, ServiceUnavailable(_("Nothing can be stored at the moment, but you can read."), retry_after=60))


def answer_no_connection(error: NoConnection) -> Response:
    """All connections are in use: come back later instead of queueing (RE-28)."""
    log.error("no_connection_free")
    return _page(503, ServiceUnavailable(retry_after=5))


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
    if g.get("anonymous"):
        template, g.refused = "errors/public.html", True
    texts = _written() if status == UNAVAILABLE else []
    body = render_template(template, status=status, reason=reason, texts=texts, **context)
    response = Response(body, error.code or status, mimetype="text/html")
    if not whole:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#messages", "innerHTML"
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _written() -> list[str]:
    """Return the texts that were sent, unless they never arrived whole."""
    try:
        return forms.prose()
    except OSError:
        return []
