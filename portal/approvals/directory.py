"""The directory that the rules ask, read from the tables of people as they are now (AP-4)."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import select

from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Department, Person, Role, RoleGrant


class PeopleNow:
    """Answers of the company at one moment, each asked of the database once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.heads = cache(self._heads)
        self.above = cache(self._above)
        self.holders = cache(self._holders)
        self._person = cache(self._read_person)

    def _chain(self, department_id: int) -> list[Department]:
        return people.ancestors(department_id)

    def _above(self, department_id: int) -> Sequence[int]:
        return [department.id for department in self._chain(department_id)[1:]]

    def _heads(self, department_id: int) -> Sequence[int]:
        return self._holders(Role.HEAD, department_id)

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
