"""What everybody reads: the page, one incident or window, the months, one component, how we count (status-page.md 3)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import language, public_pages
from portal.core.policy import public
from portal.status import answering, bars, queries, uptime, words
from portal.status.copying import TRUSTED, Document
from portal.status.view import PublicComponent, PublicGroup, PublicMaintenance, PublicView
from portal.status.vocabulary import CANCELLED, COMPLETED, OPERATIONAL

bp = Blueprint("status", __name__)
HTML = "text/html"
RECENT = 14
AHEAD = timedelta(days=14)
CANCELLED_FOR = timedelta(days=30)
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@bp.get("/status/")
@public
def choose() -> Response:
    """Lead to the page in the language that the browser asks for (SP-37)."""
    public_pages.begin_without_language()
    response = redirect(url_for("status.index", lang=language.accepted()), 302)
    response.headers["Cache-Control"], response.headers["Vary"] = "no-store", "Accept-Language"
    return response


@bp.get("/status/<lang>/")
@public
def index(lang: str) -> Response:
    """Show how everything does."""
    public_pages.begin(lang)
    return answering.answer(f"status/{lang}/index.html", lang, HTML, draw_index)


def draw_index(view: PublicView) -> str:
    """Draw the page."""
    recent = [one for one in view.incidents if one.started_at >= view.now - timedelta(days=RECENT + 1)]
    drawn = {one.id: Drawn(one, view) for one in view.components}
    coming = sorted((one for one in view.maintenances if is_coming(one, view)), key=lambda one: (one.scheduled_for, one.id))
    days = [view.today - timedelta(days=back) for back in range(RECENT)]
    by_day = [(day, [one for one in recent if local_date(one.started_at, view.zone) == day]) for day in days]
    return draw("index", view, drawn=drawn, by_day=by_day, coming=coming, is_group=is_group, key_shape=bars.key_shape)


def is_group(item: object) -> bool:
    """Return whether an item of the page is a group."""
    return isinstance(item, PublicGroup)


def local_date(at: datetime, zone: str) -> date:
    """Return the calendar day of the page's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def draw(page: str, view: PublicView, **context: object) -> str:
    """Draw one of the pages with what all of them use."""
    return render_template(f"status/{page}.html", view=view, words=words, zone=view.zone, trusted_until=trusted_until, **context)


def trusted_until(view: PublicView) -> datetime:
    """Return until when a copy may be believed (SP-56)."""
    return (view.copied_at or view.now) + TRUSTED


def is_coming(one: PublicMaintenance, view: PublicView) -> bool:
    """Return whether a window stands on the page: now, in the next 14 days, or cancelled lately (SP-21)."""
    if one.state == COMPLETED:
        return False
    if one.state == CANCELLED:
        return one.updated_at > view.now - CANCELLED_FOR and one.scheduled_until > view.now
    return one.scheduled_for < view.now + AHEAD


class Drawn:
    """A component with its bar and figures."""

    def __init__(self, one: PublicComponent, view: PublicView) -> None:
        self.one, self.days, self.figures = one, queries.days_of(one, view), queries.figures_of(one, view)
        self.bar = bars.bar_of(self.days)
        self.recent = queries.figures_of(one, view, 30)
        self.young = one.start_date > self.days[0].date
        self.shown = not (one.only_show_if_degraded and one.status == OPERATIONAL)
        self.kept = one.kept_days

    def corrected(self, day: uptime.Day) -> int | None:
        """Return what a day's figure was when it ended, if it is another now (SP-30)."""
        if day.date not in self.kept or self.kept[day.date] == day.figures.hundredths:
            return None
        return self.kept[day.date]


@bp.get("/status/<lang>/incidents/<public_id>")
@public
def incident(lang: str, public_id: str) -> Response:
    """Show one incident or window; unknown, internal and embargoed ones are the same 404."""
    public_pages.begin(lang)

    def make(view: PublicView) -> str | None:
        found = next((one for one in view.incidents if one.id == public_id), None) or queries.public_incident(view.now, public_id)
        return draw("incident", view, incident=found) if found else None

    return answering.answer(f"status/{lang}/incidents/{public_id}.html", lang, HTML, make)


@bp.get("/status/<lang>/maintenance/<public_id>")
@public
def maintenance(lang: str, public_id: str) -> Response:
    """Show one planned window."""
    public_pages.begin(lang)

    def make(view: PublicView) -> str | None:
        there = next((one for one in view.maintenances if one.id == public_id), None)
        found = there or queries.public_maintenance(view.now, public_id)
        return draw("maintenance", view, window=found) if found else None

    return answering.answer(f"status/{lang}/maintenance/{public_id}.html", lang, HTML, make)


@bp.get("/status/<lang>/components/<public_id>")
@public
def component(lang: str, public_id: str) -> Response:
    """Show the 90 days of a component as a table."""
    public_pages.begin(lang)
    return answering.answer(f"status/{lang}/components/{public_id}.html", lang, HTML, partial(draw_component, public_id))


def draw_component(public_id: str, view: PublicView) -> str | None:
    """Draw the table of a component."""
    found = view.by_id.get(public_id)
    return draw("component", view, drawn=Drawn(found, view), what_of=bars.what_of) if found else None


@bp.get("/status/<lang>/history")
@bp.get("/status/<lang>/history/<month>")
@public
def history(lang: str, month: str = "") -> Response:
    """Show what happened in a month; months before the first record or to come are not there."""
    public_pages.begin(lang)
    name = f"history/{month}.html" if month else "history.html"
    return answering.answer(f"status/{lang}/{name}", lang, HTML, partial(draw_month, month))


def draw_month(month: str, view: PublicView) -> str | None:
    """Draw a month; months before the first record or to come are not there."""
    wanted, first = month_of(month, view), queries.first_month(view.now)
    if wanted is None or not first <= wanted <= view.today:
        return None
    there = queries.public_month(view.now, wanted)
    return draw("history", view, month=wanted, there=there, **neighbours(wanted, first, view))


def month_of(text: str, view: PublicView) -> date | None:
    """Return the month of an address, this one where it names none; a malformed one is none."""
    found = MONTH.fullmatch(text)
    if not text:
        return view.today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else None


def neighbours(month: date, first: date, view: PublicView) -> dict[str, str]:
    """Return the addresses' ends of the months before and after, empty where there is none."""
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    return {"before": f"{before:%Y-%m}" if before >= first else "", "after": f"{after:%Y-%m}" if after <= view.today else ""}


@bp.get("/status/<lang>/method")
@public
def method(lang: str) -> Response:
    """Say how we count (SP-29)."""
    public_pages.begin(lang)
    return answering.answer(f"status/{lang}/method.html", lang, HTML, partial(draw, "method"))


def documents(view: PublicView) -> Iterator[Document]:
    """Return the pages of the static copy (SP-54)."""
    for lang in queries.languages():
        yield Document(f"status/{lang}/index.html", lang, draw_index)
        yield Document(f"status/{lang}/method.html", lang, partial(draw, "method"))
        yield Document(f"status/{lang}/history.html", lang, partial(draw_month, ""))
        for one in view.incidents:
            yield Document(f"status/{lang}/incidents/{one.id}.html", lang, partial(draw, "incident", incident=one))
        for window in view.maintenances:
            yield Document(f"status/{lang}/maintenance/{window.id}.html", lang, partial(draw, "maintenance", window=window))
        for each in view.components:
            yield Document(f"status/{lang}/components/{each.id}.html", lang, partial(draw_component, each.id))


@bp.get("/status/<lang>/<path:rest>")
@public
def nowhere(lang: str, rest: str) -> Response:
    """Answer what is no page of the public window as everybody outside is answered."""
    public_pages.begin(lang)
    raise NotFound
