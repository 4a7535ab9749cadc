"""The page on which a form is filled in, its drafts, and sending it once (forms.md 11 to 20)."""

from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from portal.catalogue import queries as catalogue
from portal.catalogue.actions import drafts
from portal.catalogue.formkit.answers import PREFIX, Posted, Repeated, Typed
from portal.catalogue.formkit.rows import ADD, pressed
from portal.catalogue.models import Draft, Service
from portal.core import clock, language, security
from portal.core.db import keep
from portal.core.forms import posted, posted_value, posted_values, uploads
from portal.core.hypermedia import query, query_all, redirect_to, render
from portal.core.policy import decided, get_or_404, signed_in, survives_sign_in
from portal.core.security import sign_in_for
from portal.people.queries import me
from portal.requests import ahead, filling, sending
from portal.requests.filling import Posting
from portal.requests.opening import Wish, find_service, opened
from portal.requests.sendkeys import Key, owner_of, read_key
from portal.requests.sheets import Sheet

bp = Blueprint("request_form", __name__)
ADDRESS = "/catalogue/<department_slug>/<service_slug>/request"
UPLOAD = "file."
SENDING = "send"
ROW_LETTERS = 8
LONGEST_NAME = 200
LONGEST_PAGE = 22


@bp.get(ADDRESS)
@signed_in
def new(department_slug: str, service_slug: str) -> Response:
    """Show the form: the draft asked for, else the latest one, else an empty form."""
    decided()
    wish = Wish(query("draft"), fresh=bool(query("new")))
    opening = opened(me(), department_slug, service_slug, wish, clock.now())
    if opening is None:
        raise NotFound
    if opening.draft is not None and opening.draft.sent_at is not None:
        return _to_request(opening.draft)
    sheet = filling.begin(opening, me(), query_all(), clock.now())
    sheet.judged = bool(query("judge"))
    return _page(sheet)


def _service(department_slug: str, service_slug: str) -> Service:
    return get_or_404(find_service(me(), department_slug, service_slug, clock.now()))


def _to_request(draft: Draft, notice: str | None = None) -> Response:
    request = sending.sent_with(me(), draft.send_key)
    if request is None:
        raise NotFound
    return redirect_to("requests.show", reference=request.reference, notice=notice)


@bp.post(f"{ADDRESS}/preview")
@signed_in
def preview(department_slug: str, service_slug: str) -> Response:
    """Store what was typed so far and show the form as it is now (forms.md, page and fragments)."""
    service = _service(department_slug, service_slug)
    stored = _store(service)
    return _continue(stored) if isinstance(stored, Sheet) else stored


def keep_for_later() -> Response:
    """Keep what was posted after the session ended in its owner's drafts, and ask for a sign-in (forms.md 16)."""
    key = read_key(posted_value("send_key"))
    found = owner_of(key) if key else None
    if key is None or found is None:
        raise BadRequest
    person, service = found
    sheet = filling.store(_posting(key), person, service, language.current(), clock.now())
    assert sheet.draft is not None  # noqa: S101 - just stored
    values = {"draft": sheet.draft.public_id, "go": posted_value("go")}
    return sign_in_for("request_form.continue_draft", values)


@bp.post(ADDRESS)
@survives_sign_in(keep_for_later)
def send(department_slug: str, service_slug: str) -> Response:
    """Store the draft, then do what the button says: save, show again, or send."""
    service = _service(department_slug, service_slug)
    stored = _store(service)
    keep()
    if not isinstance(stored, Sheet):
        return stored
    if posted_value("row"):
        return _continue(stored)
    if posted_value("go") != SENDING:
        return _continue(stored, notice=_("Saved as a draft."))
    return _send(stored)


def _store(service: Service) -> Sheet | Response:
    """Return the stored sheet, or the answer that explains why it was not stored."""
    key = read_key(posted_value("send_key"))
    if key is None or key.service != service.public_id:
        return _unknown_key(service)
    if key.person != me().public_id:
        raise NotFound
    try:
        return filling.store(_posting(key), me(), service, language.current(), clock.now())
    except drafts.StaleDraft as stale:
        return _stale(stale)
    except drafts.DraftSent as sent:
        return _sent_before(sent, service)
    except Repeated:
        raise BadRequest from None


def _posting(key: Key) -> Posting:
    number, revision = posted_value("version"), posted_value("revision")
    if not (number.isdecimal() and revision.isdecimal()):
        raise BadRequest
    files = {name.removeprefix(UPLOAD): found for name, found in uploads().items() if name.startswith(UPLOAD)}
    confirmed = bool(posted_value("confirmed"))
    gone, button = posted_values("remove_file"), posted_value("row")
    seen = drafts.Seen(int(revision), posted_value("page")[:LONGEST_PAGE], presses=bool(posted_value("go")))
    return Posting(key, int(number), seen, _fields(), files, gone, confirmed, button, _new_row(key, button), _for_whom())


def _for_whom() -> str:
    return posted_value("for_whom").strip()[:LONGEST_NAME]


def _new_row(key: Key, button: str) -> str:
    """Return the id of an added row: the same when the same page is posted twice, and no row before it had it."""
    return security.keyed("row", key.text, posted_value("revision"), button).hex()[:ROW_LETTERS] if button else ""


def _fields() -> Posted:
    return cast(Posted, posted())


def _send(sheet: Sheet) -> Response:
    sheet.judged = True
    if not sheet.is_offered:
        return _page(sheet, status=409, refused=_("This service is no longer offered to you. You can copy what you wrote."))
    if sheet.changed or sheet.repriced or (posted_value("changed") and not posted_value("confirmed")):
        return _page(sheet, status=422, unconfirmed=True)
    if sheet.problems:
        return _page(sheet, status=422)
    sent = filling.send(sheet)
    return redirect_to(
        "requests.show",
        reference=sent.request.reference,
        notice=_("Sent. Your request is %(reference)s.", reference=sent.request.reference),
    )


def _continue(sheet: Sheet, notice: str | None = None) -> Response:
    assert sheet.draft is not None  # noqa: S101 - just stored
    return redirect_to("request_form.new", **_slugs(sheet.service), draft=sheet.draft.public_id, notice=notice, at=_at(sheet))


def _at(sheet: Sheet) -> str | None:
    """Return where the focus goes after a row was added or removed: into the new row, else to "Add row" of its question."""
    found = pressed(sheet.form, posted_value("row"))
    if found is None:
        return None
    verb, question, _row = found
    return _new_row(sheet.key, posted_value("row")) if verb == ADD else question.key


def _unknown_key(service: Service) -> Response:
    """A form without a key of ours comes back with a new one and all that was typed (reliability.md 5)."""
    sheet = filling.fresh(me(), service, clock.now())
    sheet.typed = replace(sheet.typed.updated(sheet.form, _fields(), language.current()), for_whom=_for_whom())
    return _page(sheet, status=422, refused=_("This page was too old to be sent. Everything you wrote is here; send it again."))


def _stale(stale: drafts.StaleDraft) -> Response:
    """Show both contents: the form holds mine, the other device's is one click away (forms.md 13)."""
    theirs = filling.of_draft(stale.draft, me(), clock.now())
    mine = replace(theirs, typed=stale.mine)
    return _page(mine, status=409, stale=stale.reason, different=filling.differences(mine, theirs))


def _sent_before(sent: drafts.DraftSent, service: Service) -> Response:
    """Lead to the request made; other content is kept and can be sent as a new request (forms.md 14, RE-10)."""
    request = sending.sent_with(me(), sent.draft.send_key)
    if request is None:
        raise NotFound
    sheet = filling.fresh(me(), service, clock.now())
    sheet.typed = Typed.from_json(sent.draft.content).updated(sheet.form, _fields(), language.current())
    if sheet.typed.texts == Typed.from_json(sent.draft.content).texts:
        return redirect_to("requests.show", reference=request.reference)
    return _page(sheet, status=409, made=request)


def _page(sheet: Sheet, status: int = 200, **context: Any) -> Response:
    stages = sheet.route
    return render(
        "requests/new.html",
        fragments=("questions",),
        beside=("draft_state", "price", "before_sending"),
        status=status,
        **{"refused": "", "stale": "", "different": (), "made": None, "unconfirmed": False, **context},
        sheet=sheet,
        page=security.new_token(),
        service=sheet.service,
        stages=stages,
        promise=ahead.promise_of(sheet, stages),
        left_overs=[(each.label, each.text) for each in sheet.left_overs],
        address=url_for("request_form.new", **dict[str, Any](_slugs(sheet.service))),
        focus=query("at"),
        offers_link=bool(sheet.draft) and any(name.startswith(PREFIX) for name in query_all()),
    )


def _slugs(service: Service) -> dict[str, str]:
    return {"department_slug": service.department.slug, "service_slug": service.slug}


# --- drafts ----------------------------------------------------------------------------------------------------------


@bp.get("/requests/drafts")
@signed_in
def index() -> Response:
    """List what the person has begun and not sent, and until when it is kept (forms.md 12)."""
    decided()
    own = filling.own_list(me(), clock.now())
    return render(
        "requests/drafts.html",
        fragments=("draft_list",),
        drafts=own,
        earlier=catalogue.earlier_contents(own),
        life=catalogue.DRAFT_LIFE,
    )


@bp.get("/requests/drafts/continue")
@signed_in
def continue_draft() -> Response:
    """Go on where a session ended: to the request if the sign-in has sent it, else to the form (FO1, FO2)."""
    decided()
    own = catalogue.own_drafts(me()).where(Draft.public_id == query("draft"))
    draft = filling.first(own)
    if draft is None:
        notice = _("What was written before belongs to somebody else. It is safe in that person's drafts.")
        return redirect_to("home.index", notice=notice)
    if draft.sent_at is not None:
        return _to_request(draft, notice=_("You have signed in again, and your request was sent."))
    judge = "1" if query("go") == SENDING else None
    return redirect_to("request_form.new", **_slugs(draft.service), draft=draft.public_id, judge=judge)


@bp.post("/requests/drafts/<public_id>/removal")
@signed_in
def remove(public_id: str) -> Response:
    """Throw a draft away."""
    drafts.discard_draft(get_or_404(catalogue.visible_drafts(me(), clock.now()), Draft.public_id == public_id))
    return redirect_to("request_form.index", notice=_("The draft is gone."))


@bp.post("/requests/drafts/<public_id>/restoration")
@signed_in
def restore(public_id: str) -> Response:
    """Bring back one of the last five contents (forms.md 13)."""
    draft = get_or_404(catalogue.visible_drafts(me(), clock.now()), Draft.public_id == public_id)
    number = posted_value("revision")
    if not number.isdecimal():
        raise BadRequest
    drafts.restore_draft(draft, int(number), clock.now())
    return redirect_to(
        "request_form.new", **_slugs(draft.service), draft=draft.public_id, notice=_("The earlier content is back.")
    )
