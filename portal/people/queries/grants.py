"""Who is signed in, and who has which role where."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from flask import g
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.people.models import Person, Role, RoleGrant


def me() -> Person:
    """Return the signed-in person of this answer; only in routes declared `@signed_in`."""
    return cast(Person, current_user._get_current_object())


def current_grants(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a role grant counts now."""
    return and_(RoleGrant.from_at <= now, or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > now))


def grants_of(person: Person, now: datetime) -> list[tuple[str, int | None]]:
    """Return (role, department id) of the person's grants; read once per answer for the signed-in person."""
    cached: dict[int, list[tuple[str, int | None]]] = g.setdefault("grants", {}) if g else {}
    if person.id not in cached:
        rows = db.session.execute(
            select(RoleGrant.role, RoleGrant.department_id).where(RoleGrant.person_id == person.id, current_grants(now))
        )
        cached[person.id] = [(role, department) for role, department in rows]
    return cached[person.id]


def remember_grants(person: Person, grants: list[tuple[str, int | None]]) -> None:
    """Keep the grants that were read along with the person's session."""
    g.setdefault("grants", {})[person.id] = grants


def forget_grants() -> None:
    """Read the grants anew: they have just been changed."""
    if g:
        g.pop("grants", None)


def has_role(person: Person, role: Role, now: datetime | None = None) -> bool:
    """Return whether the person has the role in any department."""
    return any(found == role for found, _ in grants_of(person, now or clock.now()))


def departments_as(person: Person, role: Role, now: datetime | None = None) -> list[int]:
    """Return the ids of the departments in which the person has the role."""
    return [scope for found, scope in grants_of(person, now or clock.now()) if found == role and scope is not None]


def holds(role: Role, department_id: ColumnElement[int | None] | int, now: datetime) -> Select[int]:
    """Select the ids of active people who have the role in a department."""
    return (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.department_id == department_id, current_grants(now), Person.active)
    )


def heads_of(department_id: int, now: datetime) -> list[Person]:
    """Return the active heads of a department."""
    return list(db.session.scalars(select(Person).where(Person.id.in_(holds(Role.HEAD, department_id, now))).order_by(Person.id)))


def heads_of_all(department_ids: Iterable[int], now: datetime) -> dict[int, list[Person]]:
    """Return the active heads of several departments, by department."""
    wanted = list(department_ids)
    found: dict[int, list[Person]] = {department_id: [] for department_id in wanted}
    grants = select(RoleGrant.department_id, Person).join(Person, Person.id == RoleGrant.person_id)
    grants = grants.where(RoleGrant.role == Role.HEAD, RoleGrant.department_id.in_(wanted), current_grants(now), Person.active)
    for department_id, person in db.session.execute(grants.order_by(Person.id)):
        found[cast(int, department_id)].append(person)
    return found


def agents_of(department_id: int, now: datetime) -> list[Person]:
    """Return the active agents of a department, by name."""
    found = select(Person).where(Person.id.in_(holds(Role.AGENT, department_id, now)))
    return list(db.session.scalars(found.order_by(Person.sort_name, Person.id)))


def with_role(role: Role, now: datetime) -> list[Person]:
    """Return the active people who have the role anywhere."""
    granted = select(RoleGrant.person_id).where(RoleGrant.role == role, current_grants(now))
    return list(db.session.scalars(select(Person).where(Person.active, Person.id.in_(granted)).order_by(Person.id)))


def grants_in_words_of(person: Person, now: datetime) -> list[RoleGrant]:
    """Return the grants of a person that count now, for the page that shows and ends them."""
    own = select(RoleGrant).where(RoleGrant.person_id == person.id, current_grants(now))
    return list(db.session.scalars(own.order_by(RoleGrant.role, RoleGrant.id)))
