"""Who sees the teams of a department, and who makes them."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role


def may_see(person: Person, department_id: int, now: datetime) -> Decision:
    """See who belongs to which team: those who work there, administrators and auditors."""
    everywhere = has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now)
    if everywhere or department_id in {*departments_as(person, Role.AGENT, now), *departments_as(person, Role.HEAD, now)}:
        return yes()
    return no(_("Only the agents of this department and its head see its teams."))


def may_manage(person: Person, department_id: int, now: datetime) -> Decision:
    """Make teams, choose their people and who leads them: the head of the department, and administrators."""
    if has_role(person, Role.ADMINISTRATOR, now) or department_id in departments_as(person, Role.HEAD, now):
        return yes()
    return no(_("Only the head of this department and administrators make its teams."))
