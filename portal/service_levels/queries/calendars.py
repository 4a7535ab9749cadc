"""Finding the calendar of a department."""

from flask import current_app
from sqlalchemy import select

from portal.core.db import db
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.models import Calendar, DepartmentCalendar, business_calendar


def calendar_of(department_id: int | None) -> BusinessCalendar:
    """Return the calendar of a department: its own, or office hours in the zone of the installation (5)."""
    chosen = select(Calendar).join(DepartmentCalendar, DepartmentCalendar.calendar_id == Calendar.id)
    calendar = db.session.scalar(chosen.where(DepartmentCalendar.department_id == department_id))
    if calendar is None:
        return office_hours(current_app.config["PORTAL_TIMEZONE"])
    return calendar.business


def office_hours(zone: str) -> BusinessCalendar:
    """Return the hours of a department that has not chosen any: Monday to Friday from 9 to 18."""
    return business_calendar(zone, {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}, [])
