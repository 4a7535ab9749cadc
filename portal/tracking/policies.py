"""Who may follow up an item, register one and hand out its codes (permissions.md, rows 30 and 31)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.tracking.models import TrackedItem


def may_follow_up(person: Person, item: TrackedItem, now: datetime) -> Decision:
    """The agents of the department that looks after it."""
    if item.department_id in departments_as(person, Role.AGENT, now):
        return yes()
    return no(_("Only the people of the department that looks after it write here."))


def may_issue(person: Person, item: TrackedItem, now: datetime) -> Decision:
    """Its agents, and whoever asked for it: the code is for them to hand on."""
    if item.requester_id == person.id or may_follow_up(person, item, now):
        return yes()
    return no(_("Only the people of the department that looks after it, and who asked for it, hand out its codes."))


def may_register(person: Person, now: datetime) -> Decision:
    """Agents, for their own department; an auditor reads only."""
    if departments_as(person, Role.AGENT, now) and not has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only people who work in the queue of a department register what is followed."))


def may_import(person: Person, department_id: int, now: datetime) -> Decision:
    """The agents of the department whose items a file tells about (row 31)."""
    if department_id in departments_as(person, Role.AGENT, now):
        return yes()
    return no(_("Only the people of the department that looks after it write here."))
