"""The page of one request, and the list of one's own."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.audit import actions as audit
from portal.conversations import queries as conversations
from portal.core import clock
from portal.core.db import db, observe
from portal.core.errors import Refused
from portal.core.hypermedia import nothing_new, query, redirect_to, render, wanted
from portal.core.policy import decided, signed_in
from portal.people.models import Person, Role
from portal.people.queries import has_role, me
from portal.requests import lists
from portal.requests.forms import CommentForm
from portal.requests.models import Request, State
from portal.requests.page import Page
from portal.requests.queries import KIND
from portal.requests.row_promises import promises_of
from portal.requests.views import uploads
from portal.requests.views.blueprint import bp, find
from portal.requests.whereabouts import LOOKS, state_words

FRAGMENTS = ("request_head", "clock_card", "conversation", "new_entries", "route", "facts")
# What changes together with a fragment: new entries may mean a new state, a step changes the head, the promise and the route.
STANDING = ("request_head", "clock_card", "route")
BESIDE = {"conversation": STANDING, "new_entries": STANDING}


@bp.get("/requests")
@signed_in
def index() -> Response:
    """List what the person asked for, what is over, or what they follow."""
    decided()
    show = query("show", "open")
    if show not in lists.SHOWN:
        raise BadRequest
    now = clock.now()
    found = lists.mine(me(), show, query("cursor") or None, now)
    promises = promises_of(found.rows, now)
    return render("requests/index.html", fragments=("request_list",), page=found, show=show, promises=promises, **row_helpers())


@bp.get("/requests/<reference>")
@signed_in
def show(reference: str) -> Response:
    """Show one request; a poll gets 204 while the reader has seen everything."""
    page = Page(find(reference), me(), clock.now())
    if page.target is not None and not query("original") and not wanted():
        notice = _("%(reference)s goes on in this request.", reference=reference)
        return redirect_to("requests.show", notice=notice, anchor="merged", reference=page.target.reference)
    carried = query("seen")
    if carried and carried == page.seen and wanted():
        return nothing_new()
    page.new_entries = bool(carried) and carried != page.seen
    if has_role(page.reader, Role.AUDITOR):
        observe(reading_of(page.reader.id, page.request.id))
    return render_page(page)


def reading_of(person_id: int, request_id: int) -> Any:
    """Return what records that an auditor has read a request (permissions.md 2, row 4)."""

    def record() -> None:
        audit.record(db.session.get_one(Person, person_id), "request.read", KIND, request_id)

    return record


def render_page(page: Page, status: int = 200) -> Response:
    """Draw the page or the fragment that htmx wants, with an empty form or the one that came back."""
    form = page.form or CommentForm(data=fresh(page))
    if page.form is None and query("draft"):
        uploads.bring_back(form, page.request, page.reader)
    return render(
        "requests/show.html",
        fragments=FRAGMENTS,
        beside=BESIDE.get(wanted() or "", ()),
        status=status,
        page=page,
        request=page.request,
        may=page.may,
        form=form,
    )


def fresh(page: Page) -> dict[str, Any]:
    """Return what an empty form carries: a key for sending once, and the last entry shown (RE-9, CM rule 7)."""
    key = conversations.new_send_key(KIND, page.request.id, page.reader)
    return {"audience": "public", "send_key": key, "last": str(page.last)}


def conflict(reference: str, refused: Refused, form: Any) -> Response:
    """Answer 409 with what happened, on the page as it is now, the text still in its box (README C7)."""
    if wanted():
        raise refused
    db.session.rollback()
    page = Page(find(reference), me(), clock.now(), refused=refused.reason, form=form)
    return render_page(page, status=409)


def invalid(request: Request, form: Any) -> Response:
    """Answer 422 with the form as it was typed."""
    return render_page(Page(request, me(), clock.now(), form=form), status=422)


def row_helpers() -> dict[str, Any]:
    """Return what the rows of lists use beside their columns."""
    now, own = clock.now(), me().id

    def state_of(row: Any) -> State:
        ended = row.closes_at is not None and row.closes_at <= now
        return State.CLOSED if ended else State(row.state)

    def words_of(row: Any) -> str:
        return state_words(state_of(row), row.assignee_id, own in (row.requester_id, row.beneficiary_id), bool(row.merged_into))

    return {"look_of": lambda row: LOOKS[state_of(row)], "words_of": words_of, "nobody": _("Nobody")}
