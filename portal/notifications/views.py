"""The bell."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock, pagination
from portal.core.hypermedia import query, redirect_to, redirect_to_address, render
from portal.core.policy import decided, get_or_404, signed_in
from portal.notifications import actions, queries, words
from portal.notifications.models import Notification
from portal.people.queries import me

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
@signed_in
def index() -> Response:
    """List what is new for the person, newest first, about things that are still visible (PE-20)."""
    decided()
    now = clock.now()
    newest = Notification.__table__.c.id
    page = pagination.page_of(queries.lines(me()), [newest], query("page") or None, descending=True)
    lines = [
        {"row": row, "text": words.line(row, words.thing_of(row.subject_kind, thing, row.path), me(), now)}
        for row, thing in queries.readable(page.rows, me(), now)
    ]
    unread = queries.unread_count(me(), now)
    return render("notifications/index.html", fragments=("news",), lines=lines, page=page, unread=unread)


@bp.post("/notifications/<public_id>/reading")
@signed_in
def read(public_id: str) -> Response:
    """Note that a line was opened, and lead to what it is about; a GET never writes (SE-33)."""
    now = clock.now()
    found = get_or_404(queries.own(me()), Notification.public_id == public_id)
    actions.mark_read(found, now)
    there = queries.readable([found], me(), now)
    if not there:
        return redirect_to("notifications.index", notice=_("That is no longer available to you."))
    return redirect_to_address(words.thing_of(found.subject_kind, there[0][1], found.path).path)


@bp.post("/notifications/readings")
@signed_in
def read_all() -> Response:
    """Note that all was seen."""
    decided()
    actions.mark_all_read(me(), clock.now())
    return redirect_to("notifications.index", notice=_("All marked as read."))
