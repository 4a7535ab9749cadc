"""The language switch, for people who are not signed in as well."""

from babel import Locale
from flask import current_app
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.core import security
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_back
from portal.core.policy import public
from portal.people.views.common import bp

COOKIE = "language"
A_YEAR = 365 * 24 * 3600


def languages() -> list[tuple[str, str]]:
    """Return (code, own name) of the languages of this installation."""
    return [(code, str(Locale(code).display_name or code).capitalize()) for code in current_app.config["LANGUAGES"]]


@bp.post("/language")
@public
def choose_language() -> Response:
    """Keep the language in a cookie that carries nothing else (SE-26); who is signed in has it in the profile."""
    code = posted_value("language")
    if code not in current_app.config["LANGUAGES"]:
        raise BadRequest
    response = redirect_back(posted_value("next"))
    security.set_cookie(response, COOKIE, code, A_YEAR)
    return response
