"""Finding people, departments and their roles."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from flask import g
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true

from portal.core import clock
from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Absence, Department, Person, Role, RoleGrant


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


def agents_of(department_id: int, now: datetime) -> list[Person]:
    """Return the active agents of a department, by name."""
    found = select(Person).where(Person.id.in_(holds(Role.AGENT, department_id, now)))
    return list(db.session.scalars(found.order_by(Person.sort_name, Person.id)))


def with_role(role: Role, now: datetime) -> list[Person]:
    """Return the active people who have the role anywhere."""
    granted = select(RoleGrant.person_id).where(RoleGrant.role == role, current_grants(now))
    return list(db.session.scalars(select(Person).where(Person.active, Person.id.in_(granted)).order_by(Person.id)))


def absence_of(person_id: int, now: datetime) -> Absence | None:
    """Return the absence that the person is in now."""
    return db.session.scalar(select(Absence).where(Absence.person_id == person_id, away_at(now)).limit(1))


def away_at(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an absence counts now: from <= now < until and not revoked (PE-6)."""
    return and_(Absence.from_at <= now, Absence.until_at > now, Absence.revoked_at.is_(None))


def people_stood_in_for(person_id: int, now: datetime) -> list[int]:
    """Return the ids of the active people for whom the person stands in now."""
    found = (
        select(Absence.person_id)
        .join(Person, Person.id == Absence.person_id)
        .where(Absence.delegate_id == person_id, away_at(now), Person.active)
    )
    return list(db.session.scalars(found))


def ancestors(department_id: int) -> list[Department]:
    """Return the department and those above it, nearest first."""
    above = select(Department.id, Department.parent_id).where(Department.id == department_id).cte("above", recursive=True)
    above = above.union(select(Department.id, Department.parent_id).join(above, Department.id == above.c.parent_id))
    rows = {row.id: row for row in db.session.scalars(select(Department).where(Department.id.in_(select(above.c.id))))}
    found, next_id = [], cast(int | None, department_id)
    while next_id in rows:
        found.append(rows.pop(next_id))
        next_id = found[-1].parent_id
    return found


def below(department_ids: Collection[int]) -> Select[int]:
    """Select the ids of the departments and of all below them, not entering closed nodes from above (permissions.md D)."""
    tree = select(Department.id).where(Department.id.in_(department_ids)).cte("tree", recursive=True)
    tree = tree.union(select(Department.id).join(tree, Department.parent_id == tree.c.id).where(~Department.closed))
    return select(tree.c.id)


def visible_to(person: Person, now: datetime) -> Select[Person]:
    """Select the people whom the person may find: active employees; partners find those of their own requests only."""
    listed = Person.active & ~exists().where(
        RoleGrant.person_id == Person.id, RoleGrant.role == Role.AUDITOR, current_grants(now)
    )
    if has_role(person, Role.PARTNER, now):
        return select(Person).where(Person.active, Person.id == person.id)
    return select(Person).where(listed)


def visible_departments(person: Person, now: datetime) -> Select[Department]:
    """Select the departments that the person may know of: all of them."""
    return select(Department).where(true())


# The board of the sign-in page


@dataclass(frozen=True)
class Opening:
    """When a window is open: its hours today and what holds now, in words, from whoever knows the calendars."""

    hours: str
    now: str
    open: bool


Openings = Callable[[Collection[int], datetime], Mapping[int, Opening]]
_openings: list[Openings] = []


def tell_openings_with(openings: Openings) -> None:
    """Let the package that owns the calendars tell the openings of departments by their ids."""
    _openings[:] = [openings]


def board(now: datetime) -> list[dict[str, Any]]:
    """Return the windows whose hours are public, in order, with their openings (knowledge-and-home.md 12)."""
    shown = select(Department).where(Department.hours_public, Department.number.is_not(None)).order_by(Department.number)
    departments = list(db.session.scalars(shown)) if _openings else []
    known = _openings[0]([department.id for department in departments], now) if departments else {}
    return [
        {"number": department.number, "name": in_language(department.name), **asdict(known[department.id])}
        for department in departments
        if department.id in known
    ]
