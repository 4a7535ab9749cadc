"""Who may change calendars and levels: administrators, and for calendars the catalogue editors of the departments (row 19)."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.service_levels.models import Calendar, DepartmentCalendar


def may_open(person: Person, now: datetime) -> Decision:
    """Whoever edits some calendar, and auditors, who only read."""
    if may_create(person, now) or has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only administrators and the catalogue editors of a department change calendars."))


def may_create(person: Person, now: datetime) -> Decision:
    """Administrators, and the catalogue editors of a department."""
    if has_role(person, Role.ADMINISTRATOR, now) or departments_as(person, Role.CATALOGUE_EDITOR, now):
        return yes()
    return no(_("Only administrators and the catalogue editors of a department change calendars."))


def may_edit(person: Person, calendar: Calendar, now: datetime) -> Decision:
    """Administrators, and who edits the catalogue of every department that works by it."""
    if has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    used = departments_of(calendar)
    if used and used <= set(departments_as(person, Role.CATALOGUE_EDITOR, now)):
        return yes()
    return no(_("Other departments work by this calendar too: an administrator changes it."))


def may_edit_levels(person: Person, now: datetime) -> Decision:
    """Administrators only: an order of levels concerns everybody."""
    if has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("Only administrators change what is promised."))


def may_read_levels(person: Person, now: datetime) -> Decision:
    """Administrators and auditors."""
    return yes() if has_role(person, Role.AUDITOR, now) else may_edit_levels(person, now)


def departments_of(calendar: Calendar) -> set[int]:
    """Return the ids of the departments that work by a calendar."""
    found = select(DepartmentCalendar.department_id).where(DepartmentCalendar.calendar_id == calendar.id)
    return set(db.session.scalars(found))


def assignable(person: Person, now: datetime, all_ids: Collection[int]) -> set[int]:
    """Return the ids of the departments whose calendar the person may choose."""
    if has_role(person, Role.ADMINISTRATOR, now):
        return set(all_ids)
    return set(departments_as(person, Role.CATALOGUE_EDITOR, now))
