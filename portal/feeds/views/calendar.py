"""Month, week and list of one's own calendar, drawn on the server."""

from datetime import date, timedelta

from flask import Blueprint
from flask_babel import get_timezone
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.config import base_url
from portal.core.hypermedia import query, render
from portal.core.policy import decided, get_or_404, signed_in
from portal.core.text import wall
from portal.feeds import grids, ics, kinds, queries
from portal.feeds.models import CalendarEntry
from portal.people.queries import me

bp = Blueprint("calendar", __name__)
LIST_DAYS = timedelta(days=60)


@bp.get("/calendar")
@signed_in
def month() -> Response:
    """Show the month that `on` lies in, or this one."""
    return _page("month", grids.month_of(_asked()))


@bp.get("/calendar/week")
@signed_in
def week() -> Response:
    """Show the week that `on` lies in."""
    return _page("week", grids.week_of(_asked()))


@bp.get("/calendar/list")
@signed_in
def agenda() -> Response:
    """Show sixty days as a list."""
    return _page("agenda", grids.days_from(_asked(), LIST_DAYS))


def _asked() -> date:
    """Return the day that the address names; what is no day is today."""
    try:
        day = date.fromisoformat(query("on"))
    except ValueError:
        return wall(clock.now()).date()
    return day if grids.FIRST_YEAR <= day.year <= grids.LAST_YEAR else wall(clock.now()).date()


def _page(view: str, shown: grids.Shown) -> Response:
    decided()
    now, zone = clock.now(), str(get_timezone())
    items = kinds.items_of(me(), kinds.Window(*shown.instants(zone)), now)
    return render(
        "feeds/calendar.html",
        fragments=("calendar",),
        view=view,
        shown=shown,
        by_day=grids.by_day(items, zone),
        today=wall(now).date(),
        zone=zone,
    )


@bp.get("/calendar/entries/<public_id>")
@signed_in
def entry(public_id: str) -> Response:
    """Return one date to add to a calendar by hand."""
    person, now = me(), clock.now()
    found = get_or_404(queries.visible_to(person, now), CalendarEntry.public_id == public_id)
    return _file(found, public_id)


def _file(found: CalendarEntry, name: str) -> Response:
    words = kinds.words_of(found, me(), clock.now())
    if words is None:
        raise NotFound
    base = base_url()
    response = Response(ics.single(kinds.item_of(found, words), base), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
