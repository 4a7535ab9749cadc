"""The directory that the rules ask, read from the tables of people as they are now (AP-4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, select

from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Absence, Person, Role, RoleGrant


class PeopleNow:
    """Answers of the company at one moment, each asked of the database once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.above = cache(self._above)
        self.holders = cache(self._holders)
        self._person = cache(self._read_person)
        self._heads: dict[int, list[int]] = {}
        self.read: dict[int, tuple[Person, Absence | None]] = {}

    def _above(self, department_id: int) -> Sequence[int]:
        return [department.id for department in people.ancestors(department_id)[1:]]

    def heads(self, department_id: int) -> Sequence[int]:
        """Return the heads of a department; those of all above are read with them, for rules climb."""
        if department_id not in self._heads:
            self._read_heads([department_id, *self.above(department_id)])
        return self._heads[department_id]

    def _read_heads(self, department_ids: Sequence[int]) -> None:
        self._heads.update({each: [] for each in department_ids})
        found = (
            self._with_absence(RoleGrant.department_id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.HEAD, RoleGrant.department_id.in_(department_ids))
            .where(people.current_grants(self.now), Person.active)
        )
        for person, absence, department_id in db.session.execute(found.order_by(Person.sort_name, Person.id)):
            self.read[person.id] = (person, absence)
            if person.id not in self._heads[department_id]:
                self._heads[department_id].append(person.id)

    def people(self, ids: Collection[int]) -> Mapping[int, tuple[Person, Absence | None]]:
        """Return people with their absence now; those who were read as heads are known already."""
        missing = set(ids) - set(self.read)
        if missing:
            for person, absence in db.session.execute(self._with_absence().where(Person.id.in_(missing))):
                self.read[person.id] = (person, absence)
        return self.read

    def _with_absence(self, *columns: Any) -> Select[Any]:
        away = and_(Absence.person_id == Person.id, people.away_at(self.now))
        return select(Person, Absence, *columns).select_from(Person).outerjoin(Absence, away)

    def _holders(self, role: str, department_id: int | None) -> Sequence[int]:
        found = (
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == role, people.current_grants(self.now), Person.active)
            .order_by(Person.sort_name, Person.id)
        )
        if department_id is not None:
            found = found.where(RoleGrant.department_id == department_id)
        return list(dict.fromkeys(db.session.scalars(found)))

    def _read_person(self, person_id: int) -> tuple[bool, int | None, int | None]:
        row = db.session.execute(
            select(Person.active, Person.manager_id, Person.department_id).where(Person.id == person_id)
        ).first()
        return (row.active, row.manager_id, row.department_id) if row else (False, None, None)

    def manager(self, person_id: int) -> int | None:
        """Return the manager of a person."""
        return self._person(person_id)[1]

    def department(self, person_id: int) -> int | None:
        """Return the department of a person."""
        return self._person(person_id)[2]

    def is_active(self, person_id: int) -> bool:
        """Return whether the person is still here."""
        return self._person(person_id)[0]
