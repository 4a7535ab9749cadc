"""The tree of departments, and the board of their windows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from flask import g, has_request_context
from sqlalchemy import Select, select, true

from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Department, Person
from portal.people.queries.grants import heads_of_all


def ancestors(department_id: int, *, anew: bool = False) -> list[Department]:
    """Return the department and those above it, nearest first; read once per answer, unless a lock wants them `anew`."""
    known: dict[int, list[Department]] = g.setdefault("ancestors", {}) if has_request_context() else {}
    if anew or department_id not in known:
        known[department_id] = _read_ancestors(department_id)
    return known[department_id]


def _read_ancestors(department_id: int) -> list[Department]:
    rows = {row.id: row for row in db.session.scalars(select(Department).where(Department.id.in_(above([department_id]))))}
    found, next_id = [], cast(int | None, department_id)
    while next_id in rows:
        found.append(rows.pop(next_id))
        next_id = found[-1].parent_id
    return found


def above(department_ids: Collection[int]) -> Select[int]:
    """Select the ids of the departments and of all above them."""
    tree = select(Department.id, Department.parent_id).where(Department.id.in_(department_ids)).cte(recursive=True)
    tree = tree.union(select(Department.id, Department.parent_id).join(tree, Department.id == tree.c.parent_id))
    return select(tree.c.id)


def below(department_ids: Collection[int]) -> Select[int]:
    """Select the ids of the departments and of all below them, not entering closed nodes from above (permissions.md D)."""
    tree = select(Department.id).where(Department.id.in_(department_ids)).cte(recursive=True)
    tree = tree.union(select(Department.id).join(tree, Department.parent_id == tree.c.id).where(~Department.closed))
    return select(tree.c.id)


def visible_departments(person: Person, now: datetime) -> Select[Department]:
    """Select the departments that the person may know of: all of them."""
    return select(Department).where(true())


@dataclass(frozen=True)
class Heads:
    """Who heads a department; `by_rule` when these are the heads of the department above (knowledge-and-home.md 11)."""

    people: list[Person]
    by_rule: bool


def acting_heads(above: list[Department], now: datetime) -> Heads:
    """Return the heads of the first of `ancestors(...)`, or those of the nearest department above that has any."""
    found = heads_of_all([department.id for department in above], now)
    for number, department in enumerate(above):
        if found[department.id]:
            return Heads(found[department.id], by_rule=number > 0)
    return Heads([], by_rule=False)


@dataclass(frozen=True)
class Branch:
    """A department in the drawn tree, and how deep it stands."""

    department: Department
    depth: int


def tree() -> list[Branch]:
    """Return all departments in the order of the tree, each below its parent, by number and name."""
    children: dict[int | None, list[Department]] = {}
    for department in db.session.scalars(select(Department)):
        children.setdefault(department.parent_id, []).append(department)
    found: list[Branch] = []

    def grow(parent_id: int | None, depth: int) -> None:
        for department in sorted(children.pop(parent_id, []), key=_place):
            found.append(Branch(department, depth))
            grow(department.id, depth + 1)

    grow(None, 0)
    return found


def _place(department: Department) -> tuple[bool, int, str]:
    return department.number is None, department.number or 0, in_language(department.name).casefold()


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
