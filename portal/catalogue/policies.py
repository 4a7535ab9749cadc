"""Who may edit the catalogue: the editors of the department, and administrators; auditors read (permissions.md row 19)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.catalogue.models import Service
from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role


def may_open_editor(person: Person, now: datetime) -> Decision:
    """Whoever edits some department, and who reads all."""
    if may_create(person, now) or has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only the catalogue editors of a department and administrators edit services."))


def may_create(person: Person, now: datetime) -> Decision:
    """Whoever edits some department."""
    if has_role(person, Role.ADMINISTRATOR, now) or departments_as(person, Role.CATALOGUE_EDITOR, now):
        return yes()
    return no(_("Only the catalogue editors of a department and administrators edit services."))


def may_edit_department(person: Person, department_id: int, now: datetime) -> Decision:
    """The own department only, unless an administrator."""
    own = department_id in departments_as(person, Role.CATALOGUE_EDITOR, now)
    if own or has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("You can edit the services of your own department only."))


def may_edit(person: Person, service: Service, now: datetime) -> Decision:
    """The editors of the department of the service, and administrators."""
    return may_edit_department(person, service.department_id, now)


def may_inspect(person: Person, service: Service, now: datetime) -> Decision:
    """Whoever may edit it, and auditors, who only read."""
    return yes() if has_role(person, Role.AUDITOR, now) else may_edit(person, service, now)
