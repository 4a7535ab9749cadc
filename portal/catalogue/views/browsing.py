"""Finding a service and reading what it is; who is not in its audience finds nothing (FO7, FO11)."""

from datetime import datetime
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.catalogue import audiences, queries
from portal.catalogue.formkit.words import Words, borrowed
from portal.catalogue.models import Service
from portal.catalogue.queries import Listed
from portal.core import clock, language, subjects
from portal.core.db import db
from portal.core.hypermedia import render
from portal.core.markup import markdown
from portal.core.policy import decided, get_or_404, signed_in
from portal.core.text import in_language, time_words, wall
from portal.people.models import Department, Role
from portal.people.queries import has_role, me
from portal.service_levels.calendar import CalendarExhausted
from portal.service_levels.queries import calendar_of

bp = Blueprint("catalogue", __name__)


@bp.get("/catalogue")
@signed_in
def index() -> Response:
    """Show the windows, and what the first one offers."""
    decided()
    services = queries.listed(me(), clock.now())
    return _list(services, services[0].window if services else None)


@bp.get("/catalogue/<department_slug>")
@signed_in
def department(department_slug: str) -> Response:
    """Show what one window offers to the person."""
    decided()
    services = queries.listed(me(), clock.now())
    window = next((each.window for each in services if each.window.slug == department_slug), None)
    if window is None:
        raise NotFound
    return _list(services, window)


def _list(services: list[Listed], window: Department | None) -> Response:
    own = [each for each in services if each.window is window]
    return render(
        "catalogue/index.html",
        fragments=("catalogue_list",),
        window=window,
        hours=hours_of(window, clock.now()) if window else "",
        windows=_windows(services, window),
        offers=[_offer(each) for each in own],
    )


def hours_of(window: Department, now: datetime) -> str:
    """Return until when a window is open, or when it opens."""
    calendar = calendar_of(window.id)
    try:
        if calendar.is_open(now):
            return str(_("Open until %(time)s", time=f"{wall(calendar.next_closing(now)):%H:%M}"))
        return str(_("Closed; opens %(when)s", when=time_words(calendar.next_opening(now))))
    except CalendarExhausted:
        return ""


def _windows(services: list[Listed], current: Department | None) -> list[dict[str, Any]]:
    counts: dict[int, int] = {}
    windows: dict[int, Department] = {}
    for each in services:
        windows[each.window.id] = each.window
        counts[each.window.id] = counts.get(each.window.id, 0) + 1
    return [_window(each, counts[each.id], each is current) for each in windows.values()]


def _window(window: Department, count: int, current: bool) -> dict[str, Any]:
    url = url_for("catalogue.department", department_slug=window.slug)
    swap = {"hx-get": url, "hx-target": "#catalogue_list", "hx-push-url": "true"}
    number = "–" if window.number is None else window.number
    return {"number": number, "name": in_language(window.name), "url": url, "current": current, "count": count, "attrs": swap}


def _offer(service: Listed) -> dict[str, str]:
    url = url_for("catalogue.service", department_slug=service.window.slug, service_slug=service.slug)
    return {"title": in_language(service.name), "text": in_language(service.summary), "url": url}


@bp.get("/catalogue/<department_slug>/<service_slug>")
@signed_in
def service(department_slug: str, service_slug: str) -> Response:
    """Show what a service is, for whom, what to prepare, what it does not cover, and whom to call."""
    whole = (contains_eager(Service.department), joinedload(Service.contact), joinedload(Service.route))
    visible = queries.visible_to(me(), clock.now()).join(Service.department).options(*whole)
    found = get_or_404(visible, Department.slug == department_slug, Service.slug == service_slug)
    now = clock.now()
    contact = found.contact if found.contact and found.contact.active else None
    few = has_role(me(), Role.PARTNER, now)  # partners know few people, so only for them is it asked
    known = contact and (not few or subjects.visible("person", contact.id, me(), now))
    return render(
        "catalogue/service.html",
        service=found,
        texts=texts_of(found),
        stages=queries.stages_ahead(found, me(), now),
        contact=contact,
        contact_url=url_for("people.show", public_id=contact.public_id) if contact and known else "",
        hours=hours_of(found.department, now),
    )


def is_offered_to_reader(service: Service) -> bool:
    """Return whether the reader may ask for the service: not all who edit it may."""
    return db.session.scalar(queries.visible_to(me(), clock.now()).where(Service.id == service.id)) is not None


def texts_of(service: Service) -> list[dict[str, Any]]:
    """Return the texts of a service's page with their headings; who it is for follows from the audience if not written."""
    written = [
        (_("Who it is for"), service.for_whom or {language.current(): _audience(service)}),
        (_("What to have ready"), service.prepare),
        (_("What it does not cover"), service.not_covered),
    ]
    return [_text(title, words) for title, words in written if words and in_language(words)]


def _audience(service: Service) -> str:
    return "\n".join(f"- {row}" for row in audiences.in_words(audiences.rows_of(service.id)))


def _text(title: str, words: Words) -> dict[str, Any]:
    return {"title": title, "body": markdown(in_language(words)), "lang": borrowed(words, language.current())}
