"""Who may write the standards of a department, who acknowledges them, and who sees who has (knowledge-and-home.md 9)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role


def may_edit(person: Person, department_id: int, now: datetime) -> Decision:
    """The head or a catalogue editor of the department, and administrators (row 19)."""
    if has_role(person, Role.ADMINISTRATOR, now) or department_id in departments_as(person, Role.CATALOGUE_EDITOR, now):
        return yes()
    return no(_("Only the head of the department and its catalogue editors write its standards."))


def may_remark(person: Person, department_id: int, now: datetime) -> Decision:
    """The owner of the standards, who is the head of the department."""
    if department_id in departments_as(person, Role.HEAD, now):
        return yes()
    return no(_("Only the head of the department says something to its results."))


def may_acknowledge(person: Person, department_id: int, now: datetime) -> Decision:
    """Whoever works in the department or is an agent of it; an auditor only reads."""
    works = person.department_id == department_id or department_id in departments_as(person, Role.AGENT, now)
    if works and not has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only people of the department acknowledge its standards."))


def may_see_who(person: Person, department_id: int, now: datetime) -> Decision:
    """The head of the department."""
    if department_id in departments_as(person, Role.HEAD, now):
        return yes()
    return no(_("Only the head of the department sees who has acknowledged its standards."))
