"""The feed of one person for calendar programs: no session, no parameters; the secret alone opens it (rules 17 to 22)."""

from flask import Blueprint, current_app
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, language, public_pages, security
from portal.core.config import base_url
from portal.core.db import observe
from portal.core.policy import public_data
from portal.feeds import actions, ics, kinds, queries
from portal.feeds.models import FeedToken

bp = Blueprint("feed", __name__)
SUFFIX = ".ics"


@bp.get("/calendar/feed/<token>")
@public_data
def show(token: str) -> Response:
    """Return what the owner may see now; whatever does not open anything is the same 404 (rule 18)."""
    public_pages.begin_without_language()
    security.keep_address()
    feed = queries.open_feed(token.removesuffix(SUFFIX))
    if feed is None:
        raise NotFound
    used = (feed.id, clock.now())
    observe(lambda: actions.note_use(*used))
    return _answer(_body(feed))


def _body(feed: FeedToken) -> bytes:
    person, now = feed.person, clock.now()
    base = base_url()
    with language.speaking_to(person.language, person.time_zone):
        name = _("%(portal)s: my calendar", portal=current_app.config["PORTAL_NAME"])
        return ics.feed(kinds.items_of(person, kinds.of_feed(now), now), name, base)


def _answer(body: bytes) -> Response:
    """Answer 304 to whoever has the same bytes already (rule 22)."""
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return public_pages.only_if_changed(response)
