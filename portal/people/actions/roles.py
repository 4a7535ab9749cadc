"""Verbs of roles. They take effect at once; nobody changes their own, and an administrator always stays (PE-11)."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import events
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.events import RoleGranted, RoleRevoked
from portal.people.models import Department, Person, Role, RoleGrant
from portal.people.queries import current_grants, forget_grants

IN_A_DEPARTMENT = (Role.HEAD, Role.AGENT, Role.CATALOGUE_EDITOR)
GRANTABLE = (*IN_A_DEPARTMENT, Role.TRAINER, Role.IMPROVER, Role.COMMUNICATIONS, Role.PARTNER, Role.ADMINISTRATOR, Role.AUDITOR)
WITH_HEAD = (Role.HEAD, Role.AGENT, Role.CATALOGUE_EDITOR)


def grant(
    person: Person,
    role: Role,
    department: Department | None,
    by: Person | None,
    now: datetime,
    until_at: datetime | None = None,
) -> None:
    """Give a role; naming a head also makes them agent and catalogue editor there, as grants of their own (permissions.md 2)."""
    _refuse_own(person, by, now)
    if (role in IN_A_DEPARTMENT) != (department is not None):
        raise Refused(_("Heads, agents and catalogue editors need a department; other roles have none."))
    _refuse_mixed(person, role, now)
    for one in WITH_HEAD if role == Role.HEAD else (role,):
        _grant_one(person, one, department, by, now, until_at)
    forget_grants()


def _grant_one(
    person: Person, role: Role, department: Department | None, by: Person | None, now: datetime, until_at: datetime | None
) -> None:
    department_id = department.id if department else None
    if _find(person, role, department_id, now):
        return
    given = RoleGrant(
        person_id=person.id,
        role=role,
        department_id=department_id,
        from_at=now,
        until_at=until_at,
        by_id=by.id if by else None,
    )
    db.session.add(given)
    db.session.flush()
    events.publish(RoleGranted(person.id, role, department_id, by.id if by else None))


def revoke(person: Person, role: Role, department: Department | None, by: Person, now: datetime) -> None:
    """End a role at once; grants that came with it stay until they are ended as well."""
    _refuse_own(person, by, now)
    if role == Role.ADMINISTRATOR:
        keep_an_administrator(person, by, now)
    found = _find(person, role, department.id if department else None, now)
    if found is None:
        raise Refused(_("This role has been ended already."))
    if found.from_at == now:
        db.session.delete(found)
    else:
        found.until_at = now
    events.publish(RoleRevoked(person.id, role, found.department_id, by.id))
    forget_grants()


def keep_an_administrator(person: Person, by: Person, now: datetime) -> None:
    """Refuse to end the last administrator, also when two end each other at once (PE-11)."""
    active = select(RoleGrant).join(Person, Person.id == RoleGrant.person_id)
    active = active.where(RoleGrant.role == Role.ADMINISTRATOR, current_grants(now), Person.active).order_by(RoleGrant.id)
    left = {found.person_id for found in db.session.scalars(active.with_for_update().execution_options(populate_existing=True))}
    if by.id not in left:
        raise Refused(_("You are no longer an administrator."))
    if not left - {person.id}:
        raise Refused(_("Somebody must stay administrator: name another one first."))


def _refuse_own(person: Person, by: Person | None, now: datetime) -> None:
    if by is not None and person.id == by.id:
        raise Refused(_("Nobody changes their own roles: ask another administrator."))


def _refuse_mixed(person: Person, role: Role, now: datetime) -> None:
    """An auditor has no other role: a person who audits and works here has two accounts (permissions.md 2)."""
    held = set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id, current_grants(now))))
    if (role == Role.AUDITOR and held - {Role.AUDITOR}) or (role != Role.AUDITOR and Role.AUDITOR in held):
        raise Refused(_("An auditor has no other role: whoever audits and works here has two accounts."))


def _find(person: Person, role: Role, department_id: int | None, now: datetime) -> RoleGrant | None:
    scope = RoleGrant.department_id.is_(None) if department_id is None else RoleGrant.department_id == department_id
    own = select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role, scope, current_grants(now))
    return db.session.scalar(own.limit(1).with_for_update())
