"""When windows are open, in words: the board of the sign-in page (knowledge-and-home.md 12)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.core.text import day_words, duration_words
from portal.people.queries import Opening
from portal.service_levels.calendar import BusinessCalendar, CalendarExhausted
from portal.service_levels.models import Calendar, DepartmentCalendar
from portal.service_levels.queries import office_hours

SOON = timedelta(hours=1)
ALL_DAY = timedelta(hours=23)  # the shortest day of a zone that changes its clocks


def openings(department_ids: Collection[int], now: datetime) -> Mapping[int, Opening]:
    """Return the opening of each department by its own calendar, or by office hours."""
    chosen = select(DepartmentCalendar.department_id, Calendar).join(Calendar, Calendar.id == DepartmentCalendar.calendar_id)
    rows = db.session.execute(chosen.where(DepartmentCalendar.department_id.in_(department_ids)))
    own = {department_id: calendar.business for department_id, calendar in rows}
    usual = office_hours(current_app.config["PORTAL_TIMEZONE"])
    return {department_id: opening(own.get(department_id, usual), now) for department_id in department_ids}


def opening(calendar: BusinessCalendar, now: datetime) -> Opening:
    """Return today's hours in the calendar's zone, and what holds now."""
    is_open = calendar.is_open(now)
    return Opening(_hours(calendar, now), _("Open now") if is_open else _next(calendar, now), is_open)


def _hours(calendar: BusinessCalendar, now: datetime) -> str:
    spans = calendar.spans(now.astimezone(calendar.zone).date())
    if not spans:
        return str(_("closed today"))
    if sum((span.closes - span.opens for span in spans), timedelta()) >= ALL_DAY:
        return str(_("at all hours"))
    return ", ".join(f"{_clock(calendar, span.opens)}–{_clock(calendar, span.closes)}" for span in spans)


def _next(calendar: BusinessCalendar, now: datetime) -> str:
    try:
        opens = calendar.next_opening(now)
    except CalendarExhausted:
        return str(_("Closed for the time being"))
    if opens - now < SOON:
        return str(_("Opens in %(time)s", time=duration_words(opens - now)))
    local = opens.astimezone(calendar.zone)
    if local.date() == now.astimezone(calendar.zone).date():
        return str(_("Opens at %(time)s", time=_clock(calendar, opens)))
    return str(_("Opens %(day)s at %(time)s", day=day_words(local.date()), time=_clock(calendar, opens)))


def _clock(calendar: BusinessCalendar, instant: datetime) -> str:
    local = instant.astimezone(calendar.zone)
    return f"{local.hour}:{local.minute:02}"
