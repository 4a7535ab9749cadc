"""What all views of requests share: finding one, and giving back a text that no longer finds its request."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, navigation
from portal.core.forms import posted_value
from portal.core.hypermedia import render
from portal.core.policy import get_or_404
from portal.people.queries import me
from portal.requests import policies, queries
from portal.requests.models import Request

P = ParamSpec("P")
bp = Blueprint("requests", __name__)


def find(reference: str) -> Request:
    """Return the request if the signed-in person may know of it, else answer 404 (PE-25, PE-27)."""
    person, now = me(), clock.now()
    found = get_or_404(queries.visible_to(person, now).options(*queries.whole(person, now)), Request.reference == reference)
    if policies.works_on(person, found, now) and not found.is_of(person.id):
        navigation.stand_at("requests.queue")
    return found


def keeps_text(view: Callable[P, Response]) -> Callable[P, Response]:
    """Give a text back to copy when its request is not there for the author, as for an unknown one (RQ7)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except NotFound:
            text = posted_value("text")
            if not text.strip():
                raise
            return render("requests/lost.html", status=404, text=text)

    return wrapper
