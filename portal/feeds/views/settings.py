"""The address of one's own feed: made, renewed and ended by its owner, and shown once (rule 17)."""

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock, security
from portal.core.config import base_url
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import decided, signed_in
from portal.feeds import actions, queries
from portal.people.queries import me

bp = Blueprint("feed_settings", __name__)
COOKIE = "feed"
SHOWN_FOR = 300


@bp.get("/account/calendar")
@signed_in
def show() -> Response:
    """Show whether there is an address and when it was read last; the address itself only right after it was made."""
    decided()
    secret = security.unsign(COOKIE, security.read_cookie(COOKIE), SHOWN_FOR)
    feed = queries.feed_of(me())
    is_new = bool(secret and feed and feed.digest == security.digest(secret))
    address = base_url() + url_for("feed.show", token=f"{secret}.ics") if is_new else ""
    response = render("feeds/settings.html", feed=feed, address=address)
    if secret:
        security.set_cookie(response, COOKIE, "", 0)
    return response


@bp.post("/account/calendar")
@signed_in
def renew() -> Response:
    """Make an address; an earlier one stops working at once."""
    decided()
    secret = actions.make_feed(me(), clock.now())
    response = redirect_to("feed_settings.show")
    security.set_cookie(response, COOKIE, security.sign(COOKIE, secret), SHOWN_FOR)
    return response


@bp.post("/account/calendar/ending")
@signed_in
def end() -> Response:
    """End the address."""
    decided()
    actions.end_feed(me(), clock.now())
    return redirect_to("feed_settings.show", notice=_("The address does not work any more."))
