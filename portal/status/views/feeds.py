"""Feeds and the calendar, at their short addresses in the default language, and under each language (SP-49, SP-52)."""

from collections.abc import Iterator
from functools import partial

from flask import Blueprint, current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import public_pages
from portal.core.config import base_url
from portal.core.policy import public
from portal.status import answering, calendar, feeds, queries
from portal.status.copying import Document
from portal.status.view import PublicView

bp = Blueprint("status_feeds", __name__)
ATOM = "application/atom+xml"
RSS = "application/rss+xml"
ICAL = "text/calendar"


@bp.get("/history.atom")
@public
def history_atom() -> Response:
    """Answer incidents and windows as Atom."""
    return answer("history", "atom", queries.languages()[0])


@bp.get("/status/<lang>/history.atom")
@public
def history_atom_in(lang: str) -> Response:
    """Answer incidents and windows as Atom in a language."""
    return answer("history", "atom", lang)


@bp.get("/history.rss")
@public
def history_rss() -> Response:
    """Answer incidents and windows as RSS."""
    return answer("history", "rss", queries.languages()[0])


@bp.get("/status/<lang>/history.rss")
@public
def history_rss_in(lang: str) -> Response:
    """Answer incidents and windows as RSS in a language."""
    return answer("history", "rss", lang)


@bp.get("/updates.atom")
@public
def updates_atom() -> Response:
    """Answer every update as Atom."""
    return answer("updates", "atom", queries.languages()[0])


@bp.get("/status/<lang>/updates.atom")
@public
def updates_atom_in(lang: str) -> Response:
    """Answer every update as Atom in a language."""
    return answer("updates", "atom", lang)


@bp.get("/maintenance.ics")
@public
def calendar_file() -> Response:
    """Answer the windows as a calendar."""
    return answer_calendar(queries.languages()[0])


@bp.get("/status/<lang>/maintenance.ics")
@public
def calendar_in(lang: str) -> Response:
    """Answer the windows as a calendar in a language."""
    return answer_calendar(lang)


def answer_calendar(lang: str) -> Response:
    """Answer the calendar."""
    public_pages.begin(lang)
    return answering.answer(f"status/{lang}/maintenance.ics", lang, ICAL, partial(draw_calendar, lang))


def answer(kind: str, form: str, lang: str) -> Response:
    """Answer one feed."""
    public_pages.begin(lang)
    mimetype = ATOM if form == "atom" else RSS
    return answering.answer(f"status/{lang}/{kind}.{form}", lang, mimetype, partial(draw, kind, form, lang))


def draw(kind: str, form: str, lang: str, view: PublicView) -> str:
    """Draw one feed; the language of the answer speaks."""
    name, authority = str(current_app.config["PORTAL_NAME"]), str(current_app.config["PORTAL_TAG_AUTHORITY"])
    own = f"{base_url()}/status/{lang}/{kind}.{form}"
    title = f"{name}: {_('Incidents and maintenance') if kind == 'history' else _('Every update')}"
    feed = feeds.Writer(view, lang, base_url(), authority).feed(kind, title, own)
    return feeds.atom(feed) if form == "atom" else feeds.rss(feed)


def draw_calendar(lang: str, view: PublicView) -> str:
    """Draw the calendar."""
    name, authority = str(current_app.config["PORTAL_NAME"]), str(current_app.config["PORTAL_TAG_AUTHORITY"])
    return calendar.calendar(view, lang, base_url(), authority, f"{name}: {_('Planned maintenance')}")


def documents(view: PublicView) -> Iterator[Document]:
    """Return the feeds of the static copy, under each language and at their short addresses."""
    for place, lang in enumerate(queries.languages()):
        for root in (f"status/{lang}/", "") if place == 0 else (f"status/{lang}/",):
            for kind, form in (("history", "atom"), ("history", "rss"), ("updates", "atom")):
                yield Document(f"{root}{kind}.{form}", lang, partial(draw, kind, form, lang))
            yield Document(f"{root}maintenance.ics", lang, partial(draw_calendar, lang))
