"""Finding the calendar of a department."""

from collections.abc import Collection, Mapping

from flask import current_app
from sqlalchemy import select

from portal.core.db import db
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.models import Calendar, DepartmentCalendar, business_calendar


def calendar_of(department_id: int | None) -> BusinessCalendar:
    """Return the calendar of a department: its own, or office hours in the zone of the installation (5)."""
    return calendars_of([department_id])[department_id]


def calendars_of(department_ids: Collection[int | None]) -> Mapping[int | None, BusinessCalendar]:
    """Return the calendars of departments, in one statement."""
    chosen = select(DepartmentCalendar.department_id, Calendar).join(Calendar, Calendar.id == DepartmentCalendar.calendar_id)
    own = db.session.execute(chosen.where(DepartmentCalendar.department_id.in_(set(department_ids) - {None})))
    found: dict[int | None, BusinessCalendar] = {department_id: calendar.business for department_id, calendar in own}
    usual = office_hours(current_app.config["PORTAL_TIMEZONE"])
    return {department_id: found.get(department_id, usual) for department_id in department_ids}


def office_hours(zone: str) -> BusinessCalendar:
    """Return the hours of a department that has not chosen any: Monday to Friday from 9 to 18."""
    return business_calendar(zone, {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}, [])
