"""Verbs of departments."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.core import events
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.actions.persons import Stale
from portal.people.events import DepartmentChanged
from portal.people.models import Department, Person
from portal.people.queries import ancestors


def create_department(fields: Mapping[str, Any], by: Person | None) -> Department:
    """Add a department to the tree."""
    _refuse_taken(fields, None)
    department = Department(**fields)
    db.session.add(department)
    db.session.flush()
    events.publish(DepartmentChanged(department.id, by.id if by else None, {}, dict(fields)))
    return department


def edit_department(department: Department, fields: Mapping[str, Any], revision: int, by: Person) -> None:
    """Store new values; raise Stale when somebody saved in between (C10). A circle is refused (KH11)."""
    db.session.execute(select(Department.id).order_by(Department.id).with_for_update())  # two moves at once could close a circle
    row: Department = lock(Department, department.id)
    if row.revision != revision:
        raise Stale
    changed = {key: value for key, value in fields.items() if getattr(row, key) != value}
    _refuse_taken(changed, row.id)
    if changed.get("parent_id"):
        _refuse_circle(row, changed["parent_id"])
    before = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    if changed:
        row.revision += 1
        events.publish(DepartmentChanged(row.id, by.id, before, changed))


def _refuse_circle(department: Department, parent_id: int) -> None:
    if any(above.id == department.id for above in ancestors(parent_id, anew=True)):
        raise Refused(_("A department cannot stand below itself: the one chosen above is below this one."))


def _refuse_taken(fields: Mapping[str, Any], department_id: int | None) -> None:
    same_number = Department.number.is_not(None) & (Department.number == fields.get("number"))
    taken = select(Department.id).where(or_(Department.slug == fields.get("slug"), same_number))
    if db.session.scalar(taken.where(Department.id != (department_id or 0)).limit(1)):
        raise Refused(_("Another department has this number or this short name."))
