"""Pages for whoever has a code: looking it up, reading, opening the second level (TR-6 to TR-17, TR-27)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, TooManyRequests
from werkzeug.wrappers import Response

from portal.core import clock, language, public_pages, qr, security
from portal.core.config import base_url
from portal.core.db import keep, observe
from portal.core.forms import posted_value, typed_value
from portal.core.hypermedia import nothing_new, own_path, query, redirect_to, render
from portal.core.policy import public
from portal.tracking import actions, codes, factors, limits, openings, page, queries, touching
from portal.tracking.models import FIRST_LEVEL, SECOND_LEVEL, TrackingCode, TrackingGrant

bp = Blueprint("tracking", __name__)
COOKIE = "track"
FRAGMENTS = ("shipment",)


@bp.after_request
def mark(answer: Response) -> Response:
    """Let nobody keep or index the answer; a poll about a code that has ended goes to its own page (TR-15, TR-27)."""
    if answer.status_code == NotFound.code and security.is_htmx():
        answer.headers["HX-Redirect"] = own_path()
    return public_pages.personal(answer)


def begin(lang: str) -> None:
    """Answer to nobody in particular; an error stands for the page of the form, so that it repeats no code (TR-8)."""
    public_pages.begin(lang)
    public_pages.stand_for("tracking.start", lang=lang)


def start_page(typed: str = "", error: str = "", status: int = 200) -> Response:
    """Draw the form for a code."""
    return render("tracking/start.html", status=status, typed=typed, error=error, lang=language.current())


def refuse_malformed(malformed: codes.Malformed, typed: str) -> Response:
    """Ask to check the code, without asking the database for it; too many of these wait (TR-7)."""
    wait = limits.wait_after_malformed(security.client_network(), clock.now())
    if wait:
        raise TooManyRequests(_("Too many tries. Wait a minute, then check the code and try again."), retry_after=wait)
    hint = _("Please check the code: it has 11 letters and numbers, such as 7Q4M-KA2X-D9T.")
    return start_page(typed if malformed.echoed else "", hint, 422)


def open_code(typed: str, now: datetime) -> TrackingCode:
    """Return what a code opens; whatever opens nothing gets one and the same answer, and is counted (TR-8, TR-9)."""
    found = queries.open_code(codes.stored(codes.read(typed)), now)
    if found is not None:
        return found
    wait = limits.wait_after_miss(security.client_network(), now)
    if wait:
        raise TooManyRequests(_("Too many codes that do not exist. Wait, then try again."), retry_after=wait)
    raise NotFound


def with_code(view: Callable[[TrackingCode, str], Response]) -> Callable[[str, str], Response]:
    """Open the code of the address for a view; what is no code at all is answered before the database is asked (TR-7)."""

    @wraps(view)
    def wrapper(lang: str, code: str) -> Response:
        begin(lang)
        try:
            found = open_code(code, clock.now())
        except codes.Malformed as malformed:
            return refuse_malformed(malformed, code)
        return view(found, code)

    return wrapper


def held_grant(code: TrackingCode, now: datetime) -> TrackingGrant | None:
    """Return the right to the second level that this browser brings along."""
    return queries.grant_of(security.read_cookie(COOKIE), code, now)


@bp.get("/track/")
@public
def index() -> Response:
    """Show the form in the language of the browser."""
    begin(language.accepted())
    return start_page()


@bp.post("/track/")
@public
def search() -> Response:
    """Lead to what was typed (TR-6)."""
    begin(language.accepted())
    return _lead_to(language.current())


@bp.get("/track/<lang>/")
@public
def start(lang: str) -> Response:
    """Show the form."""
    begin(lang)
    return start_page()


@bp.post("/track/<lang>/")
@public
def find(lang: str) -> Response:
    """Lead to what was typed (TR-6)."""
    begin(lang)
    return _lead_to(lang)


def _lead_to(lang: str) -> Response:
    typed = typed_value("code")
    try:
        code = codes.read(typed)
    except codes.Malformed as malformed:
        return refuse_malformed(malformed, typed)
    return redirect_to("tracking.show", lang=lang, code=codes.shown(code, prefix()))


def prefix() -> str:
    """Return what the codes of this installation begin with, if anything."""
    return str(current_app.config["PORTAL_TRACKING_PREFIX"])


@bp.get("/track/<lang>/<code>")
@public
@with_code
def show(found: TrackingCode, code: str) -> Response:
    """Show where an item stands; 204 when the page that asks shows it already (TR-27)."""
    return item_page(found, code)


def item_page(found: TrackingCode, code: str, error: str = "", status: int = 200) -> Response:
    """Draw the page of an item at the level that this browser may see."""
    now, own = clock.now(), codes.shown(codes.read(code), prefix())
    public_pages.stand_for("tracking.show", lang=language.current(), code=own)
    level = SECOND_LEVEL if held_grant(found, now) else FIRST_LEVEL
    shown = page.shown(queries.story_of(found.item, now), level, touching.touches(found.item, now))
    if query("seen") == shown.seen:
        return nothing_new()
    if not query("seen") and not error:
        observe(lambda: openings.count(found.id, now))
    more = second_level(found, now) if level == SECOND_LEVEL else {}
    may_ask = found.level == SECOND_LEVEL
    return render(
        "tracking/show.html", fragments=FRAGMENTS, status=status, shown=shown, code=own, lang=language.current(),
        level=level, may_ask=may_ask, error=error, **({"item": None} | more),
    )  # fmt: skip


def second_level(found: TrackingCode, now: datetime) -> dict[str, Any]:
    """Return what only code and factor together show (TR-12)."""
    return {
        "item": found.item,
        "openings": queries.openings_of(found),
        "shares": queries.has_share_codes(found.item, now),
    }


@bp.get("/track/<lang>/<code>/qr")
@public
@with_code
def picture(found: TrackingCode, code: str) -> Response:
    """Return the address as a picture that telephones read."""
    path = url_for("tracking.show", lang=language.current(), code=codes.shown(codes.read(code), prefix()))
    return Response(qr.svg(base_url() + path), mimetype="image/svg+xml")


@bp.post("/track/<lang>/<code>/second-level")
@public
@with_code
def open_second_level(found: TrackingCode, code: str) -> Response:
    """Grant the second level for half an hour to who knows the factor; all refusals read alike (TR-12 to TR-14)."""
    token = factors.grant(found, posted_value("factor"), clock.now())
    keep()
    if token is None:
        sentence = _("That does not fit this shipment, or there were too many tries. Check it, or try again in an hour.")
        return item_page(found, code, sentence, 422)
    answer = redirect_to("tracking.show", lang=language.current(), code=code, anchor="details")
    security.set_cookie(answer, COOKIE, token, int(factors.GRANTED.total_seconds()))
    return answer


@bp.post("/track/<lang>/<code>/second-level/end")
@public
@with_code
def close_second_level(found: TrackingCode, code: str) -> Response:
    """Close the second level in this browser."""
    factors.end_grant(security.read_cookie(COOKIE))
    answer = redirect_to("tracking.show", lang=language.current(), code=code)
    answer.delete_cookie(security.cookie_name(COOKIE), path="/", secure=security.is_https(), httponly=True)
    return answer


@bp.post("/track/<lang>/<code>/sharing/end")
@public
@with_code
def stop_sharing(found: TrackingCode, code: str) -> Response:
    """Revoke every share code of the item, from its second level only (TR-4, TR-12)."""
    if held_grant(found, clock.now()) is None:
        raise NotFound
    actions.stop_sharing(found.item, clock.now())
    return redirect_to("tracking.show", lang=language.current(), code=code, anchor="details")
