"""Who may do what with people, roles and departments (permissions.md 2, row 36)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Absence, Person, Role
from portal.people.queries import has_role


def may_see_administration(person: Person, now: datetime) -> Decision:
    """Administrators manage people; auditors read."""
    if has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only administrators manage people and departments."))


def may_manage(person: Person, now: datetime) -> Decision:
    """Only administrators change people and departments."""
    if has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    if has_role(person, Role.AUDITOR, now):
        return no(_("Auditors read and never change anything."))
    return no(_("Only administrators manage people and departments."))


def may_change_roles(person: Person, of: Person, now: datetime) -> Decision:
    """PE-11: administrators, never their own."""
    decision = may_manage(person, now)
    if decision and person.id == of.id:
        return no(_("Nobody changes their own roles: ask another administrator."))
    return decision


def may_deactivate(person: Person, whom: Person, now: datetime) -> Decision:
    """PE-11: administrators, never themselves; that one stays is checked when it happens."""
    decision = may_manage(person, now)
    if decision and person.id == whom.id:
        return no(_("Ask another administrator to end your own access."))
    return decision


def may_register_absence(person: Person, now: datetime) -> Decision:
    """Auditors decide nothing, so nobody stands in for them."""
    if has_role(person, Role.AUDITOR, now):
        return no(_("Auditors decide nothing, so nobody needs to stand in for them."))
    return yes()


def may_end_absence(person: Person, absence: Absence, now: datetime) -> Decision:
    """Row 17: the absent person, or an administrator."""
    if person.id == absence.person_id or has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("Only the absent person or an administrator can end an absence."))
