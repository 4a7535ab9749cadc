"""What the pages of accounts share."""

from datetime import timedelta
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from portal.accounts import sessions
from portal.accounts.models import Session
from portal.core import security
from portal.core.forms import Form
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import decided
from portal.core.text import duration_words

bp = Blueprint("accounts", __name__)
MINUTE = 60


def too_many(template: str, form: Form, wait: int, **context: Any) -> Response:
    """Answer 429 with the form as it was typed and the time to wait (SE-11)."""
    minutes = timedelta(minutes=-(-wait // MINUTE))
    sentence = _("Too many attempts. Try again in %(time)s.", time=duration_words(minutes))
    response = render(template, form=form, problem=sentence, status=429, **context)
    response.headers["Retry-After"] = str(wait)
    return response


def own_session() -> Session:
    """Return the session of this answer, also one that waits for its factor; its POST needs its token."""
    decided()
    session = sessions.current()
    if session is None:
        raise Unauthorized(response=redirect_to("accounts.sign_in"))
    security.check_token()
    return session


def waiting_session() -> Session:
    """Return the session that waits for its second factor; others have nothing to do here (SE-19)."""
    session = own_session()
    if session.factor_level >= sessions.FULL:
        raise Unauthorized(response=redirect_to("home.index"))
    return session
