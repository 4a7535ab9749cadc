"""Who may see whether a department keeps its promises: those who work in it or head it, administrators and auditors."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db
from portal.core.policy import Decision, no, yes
from portal.people.models import Department, Person, Role
from portal.people.queries import below, departments_as, has_role

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR)


def may_see_boards(person: Person, now: datetime) -> Decision:
    """Heads, agents, administrators and auditors; numbers of requests, not the requests (PE-2)."""
    if any(has_role(person, role, now) for role in (Role.HEAD, Role.AGENT, *SEE_ALL)):
        return yes()
    return no(_("Only those who work in a department or head it see its board."))


def boards_of(person: Person, now: datetime) -> Sequence[Department]:
    """Return the departments that have a board for the person: the own ones and those below, without closed nodes (D)."""
    found = select(Department).order_by(Department.number.is_(None), Department.number, Department.slug)
    if not any(has_role(person, role, now) for role in SEE_ALL):
        headed = below(departments_as(person, Role.HEAD, now))
        found = found.where(Department.id.in_(headed) | Department.id.in_(departments_as(person, Role.AGENT, now)))
    return db.session.scalars(found).all()
