"""The directory that the rules ask, read from the tables of people as they are now (AP-4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, String, and_, literal, null, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import joinedload

from portal.approvals.rules import Facts, StageRule
from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Absence, Department, Person, Role, RoleGrant

BY_REQUESTER = {"requester_head", "manager"}
Holding = tuple[str, int | None]
"""A role, and the department in which it is held; None is anywhere."""


class PeopleNow:
    """Answers of the company at one moment, each asked of the database once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._parents: dict[int, int | None] = {}
        self._heads: dict[int, list[int]] = {}
        self._holders: dict[Holding, list[int]] = {}
        self._read: dict[int, tuple[Person, Absence | None]] = {}

    def prepare(self, stages: Sequence[StageRule], facts: Facts) -> None:
        """Read in one statement what the rules of several stages will ask first."""
        rules = {stage.rule for stage in stages}
        homes = {facts.service_department_id} if rules - BY_REQUESTER else set()
        homes |= {facts.requester_department_id} if rules & BY_REQUESTER else set()
        homes |= {stage.department_id for stage in stages if stage.rule == "role" and stage.department_id is not None}
        named = {stage.person_id for stage in stages if stage.rule == "person" and stage.person_id is not None}
        named |= {facts.requester_id} if "manager" in rules else set()
        self._know(homes, named, {(stage.role, stage.department_id) for stage in stages if stage.rule == "role" and stage.role})

    def above(self, department_id: int) -> Sequence[int]:
        """Return the departments above one, nearest first."""
        self._know({department_id})
        found: list[int] = []
        above = self._parents.get(department_id)
        while above is not None and above not in found:
            found.append(above)
            above = self._parents.get(above)
        return found

    def heads(self, department_id: int) -> Sequence[int]:
        """Return the heads of a department; those of all above are read with them, for rules climb."""
        self._know({department_id})
        return self._heads.get(department_id, ())

    def holders(self, role: str, department_id: int | None) -> Sequence[int]:
        """Return who has a role, in a department or anywhere."""
        self._know(roles={(role, department_id)})
        return self._holders[role, department_id]

    def people(self, ids: Collection[int]) -> Mapping[int, tuple[Person, Absence | None]]:
        """Return people with their absence now; those who were read before are known already."""
        self._know(named=ids)
        return self._read

    def manager(self, person_id: int) -> int | None:
        """Return the manager of a person."""
        person = self._person(person_id)
        return person.manager_id if person else None

    def department(self, person_id: int) -> int | None:
        """Return the department of a person."""
        person = self._person(person_id)
        return person.department_id if person else None

    def is_active(self, person_id: int) -> bool:
        """Return whether the person is still here."""
        person = self._person(person_id)
        return person is not None and person.active

    def _person(self, person_id: int) -> Person | None:
        found = self.people({person_id}).get(person_id)
        return found[0] if found else None

    # --- reading

    def _know(self, departments: Collection[int] = (), named: Collection[int] = (), roles: Collection[Holding] = ()) -> None:
        """Read what is not known yet: departments with all above them and their heads, people, and who holds roles."""
        chain, missing = set(departments) - set(self._parents), set(named) - set(self._read)
        parts = [self._of_role(*holding) for holding in roles if holding not in self._holders]
        parts += [self._of_departments(chain)] if chain else []
        parts += [_of_people(missing)] if missing else []
        self._holders.update({holding: [] for holding in roles if holding not in self._holders})
        for row in db.session.execute(self._with_people(parts)) if parts else ():
            self._take(*row)

    def _take(self, role: str, department_id: int | None, parent_id: int | None, person: Person | None, away: Absence) -> None:
        if person is not None:
            self._read[person.id] = (person, away)
        if role:
            listed = self._holders[role, department_id]
        elif department_id is not None:
            self._parents[department_id] = parent_id
            listed = self._heads.setdefault(department_id, [])
        else:
            return
        if person is not None and person.id not in listed:
            listed.append(person.id)

    def _with_people(self, parts: Sequence[Select[Any]]) -> Select[Any]:
        found = union_all(*parts).subquery().c
        asked_by_name = and_(found.role == "", found.department_id.is_(None))
        return cast(
            "Select[Any]",
            select(found.role, found.department_id, found.parent_id, Person, Absence)
            .outerjoin(Person, and_(Person.id == found.person_id, or_(Person.active, asked_by_name)))
            .outerjoin(Absence, and_(Absence.person_id == Person.id, people.away_at(self.now)))
            .options(joinedload(Absence.delegate))
            .order_by(Person.sort_name, Person.id),
        )

    def _of_departments(self, ids: Collection[int]) -> Select[Any]:
        heads = and_(RoleGrant.department_id == Department.id, RoleGrant.role == Role.HEAD, people.current_grants(self.now))
        found = select(*_columns("", Department.id, Department.parent_id, RoleGrant.person_id)).select_from(Department)
        return found.outerjoin(RoleGrant, heads).where(Department.id.in_(people.above(ids)))

    def _of_role(self, role: str, department_id: int | None) -> Select[Any]:
        found = select(*_columns(role, literal(department_id, Integer), null(), RoleGrant.person_id))
        found = found.where(RoleGrant.role == role, people.current_grants(self.now))
        return found if department_id is None else found.where(RoleGrant.department_id == department_id)


def _of_people(ids: Collection[int]) -> Select[Any]:
    return select(*_columns("", null(), null(), Person.id)).where(Person.id.in_(ids))


def _columns(role: str, *values: Any) -> list[Any]:
    names = ("department_id", "parent_id", "person_id")
    return [
        literal(role, String).label("role"),
        *(sql_cast(value, Integer).label(name) for name, value in zip(names, values, strict=True)),
    ]
