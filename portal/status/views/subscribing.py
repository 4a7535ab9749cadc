"""Forms for everybody outside who wants to be told; nothing changes by opening a link (SP-40 to SP-44)."""

import re
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, TooManyRequests
from werkzeug.wrappers import Response

from portal.core import clock, public_pages, security
from portal.core.db import db
from portal.core.forms import posted_value, posted_values
from portal.core.hypermedia import redirect_to
from portal.core.policy import public, public_data
from portal.status import facts, queries
from portal.status.actions import subscriptions
from portal.status.models import Component, Subscription

bp = Blueprint("status_news", __name__)
ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s.\x00-\x1f\x7f]+(\.[^@\s.\x00-\x1f\x7f]+)+")
LONGEST = 254
HOUR = 3600


def offered() -> list[Component]:
    """Return the components that a subscriber can choose: public ones alone."""
    there = db.session.query(Component).filter(Component.removed_at.is_(None)).order_by(Component.position, Component.id)
    return [one for one in there if facts.is_public(one)]


def page(name: str, status: int = 200, **context: Any) -> Response:
    """Draw a page that belongs to whoever has its address."""
    body = render_template(f"status/{name}.html", components=offered(), **context)
    return public_pages.personal(Response(body, status, mimetype="text/html"))


@bp.get("/status/<lang>/subscribe")
@public
def form(lang: str) -> Response:
    """Show the form."""
    public_pages.begin(lang)
    return page("subscribe", address="", error="", kinds=subscriptions.KINDS, chosen=[])


@bp.post("/status/<lang>/subscribe")
@public
def subscribe(lang: str) -> Response:
    """Send one question to the address; the answer here tells nothing about it (SP-40)."""
    public_pages.begin(lang)
    now, address = clock.now(), posted_value("address").strip()
    kinds, chosen = posted_values("kind"), posted_values("component")
    if len(address) > LONGEST or not ADDRESS.fullmatch(address) or not kinds:
        said = _("This is not a mail address.") if kinds else _("Choose what to be told about.")
        return page("subscribe", 422, address=address[:LONGEST], error=said, kinds=kinds, chosen=chosen)
    if not subscriptions.may_try(security.client_network(), now):
        raise TooManyRequests(retry_after=HOUR)
    subscriptions.subscribe(address, lang, kinds, picked(chosen), now)
    return redirect_to("status_news.sent", lang=lang)


def picked(chosen: list[str]) -> list[Component] | None:
    """Return the chosen components; None of them stands for everything."""
    found = [one for one in offered() if one.public_id in chosen]
    return found or None


@bp.get("/status/<lang>/subscribe/sent")
@public
def sent(lang: str) -> Response:
    """Say that a mail is on its way if one can be."""
    public_pages.begin(lang)
    return page(
        "said",
        title=_("Look into your mail"),
        text=_("If this address can be written to, a mail is on its way; press the button in it."),
    )


@bp.get("/status/<lang>/confirmation/<token>")
@public
def confirmation(lang: str, token: str) -> Response:
    """Show a button: whatever opens links, only a person presses it (SP-41)."""
    public_pages.begin(lang)
    security.keep_address()
    public_pages.stand_for("status.index", lang=lang)
    if subscriptions.by_confirmation(token, clock.now()) is None:
        raise NotFound
    return page("confirm", token=token)


@bp.post("/status/<lang>/confirmation/<token>")
@public
def confirm(lang: str, token: str) -> Response:
    """Begin to write to the address."""
    public_pages.begin(lang)
    public_pages.stand_for("status.index", lang=lang)
    found = subscriptions.by_confirmation(token, clock.now())
    if found is None:
        raise NotFound
    subscriptions.confirm(found, clock.now())
    return redirect_to("status_news.manage", lang=lang, token=subscriptions.token_for("manage", found))


def managed(lang: str, token: str) -> Subscription:
    """Return the subscription that the address of a mail leads to (SP-43)."""
    public_pages.begin(lang)
    security.keep_address()
    public_pages.stand_for("status.index", lang=lang)
    found = subscriptions.by_token("manage", token)
    if found is None or found.confirmed_at is None:
        raise NotFound
    return found


@bp.get("/status/<lang>/subscription/<token>")
@public
def manage(lang: str, token: str) -> Response:
    """Show what a subscriber has chosen."""
    found = managed(lang, token)
    return page(
        "subscription", one=found, token=token, chosen=queries.chosen_by(found), leave=subscriptions.token_for("leave", found)
    )


@bp.post("/status/<lang>/subscription/<token>")
@public
def choose(lang: str, token: str) -> Response:
    """Replace what a subscriber has chosen."""
    subscriptions.choose(managed(lang, token), posted_values("kind"), picked(posted_values("component")))
    return redirect_to("status_news.manage", lang=lang, token=token)


@bp.get("/u/<token>")
@public
def leaving(token: str) -> Response:
    """Show the button to leave; opening changes nothing (SP-44)."""
    found = subscriptions.by_token("leave", token)
    public_pages.begin(found.language if found else queries.languages()[0])
    security.keep_address()
    return page("leave", token=token)


@bp.post("/u/<token>")
@public_data
def leave(token: str) -> Response:
    """Leave at once, without cookie or sign-in; the answer is the same for repeated and unknown tokens (RFC 8058)."""
    found = subscriptions.by_token("leave", token)
    public_pages.begin(found.language if found else queries.languages()[0])
    if found is not None:
        subscriptions.leave(found, "left", clock.now())
    return page("said", title=_("We write no more"), text=_("This address gets no more mail about our status."))
