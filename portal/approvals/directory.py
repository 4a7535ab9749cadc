"""The directory that the rules ask, read from the tables of people as they are now (AP-4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload

from portal.approvals.rules import Facts, StageRule
from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Absence, Department, Person, Role, RoleGrant

BY_REQUESTER = {"requester_head", "manager"}
DELEGATE = joinedload(Absence.delegate)


class PeopleNow:
    """Answers of the company at one moment, each asked of the database once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.holders = cache(self._holders)
        self._parents: dict[int, int | None] = {}
        self._heads: dict[int, list[int]] = {}
        self.read: dict[int, tuple[Person, Absence | None]] = {}

    def prepare(self, stages: Sequence[StageRule], facts: Facts) -> None:
        """Read together what the rules of several stages will ask first, so that their number costs nothing."""
        rules = {stage.rule for stage in stages}
        homes = {facts.service_department_id} if rules - BY_REQUESTER else set()
        self._know(homes | ({facts.requester_department_id} if rules & BY_REQUESTER else set()))
        named = {stage.person_id for stage in stages if stage.rule == "person" and stage.person_id is not None}
        self.people(named | ({facts.requester_id} if "manager" in rules else set()))

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
        """Return the heads of a department."""
        self._know({department_id})
        return self._heads.get(department_id, ())

    def _know(self, department_ids: Collection[int]) -> None:
        """Read departments with all above them and their heads, for rules climb."""
        if set(department_ids) <= set(self._parents):
            return
        for department_id, parent_id, person, absence in db.session.execute(self._chain(department_ids)):
            self._parents[department_id] = parent_id
            heads = self._heads.setdefault(department_id, [])
            if person is not None:
                self.read[person.id] = (person, absence)
                if person.id not in heads:
                    heads.append(person.id)

    def _chain(self, department_ids: Collection[int]) -> Select[Any]:
        is_head = and_(RoleGrant.department_id == Department.id, RoleGrant.role == Role.HEAD, people.current_grants(self.now))
        found = (
            select(Department.id, Department.parent_id, Person, Absence)
            .outerjoin(RoleGrant, is_head)
            .outerjoin(Person, and_(Person.id == RoleGrant.person_id, Person.active))
            .outerjoin(Absence, self._away())
            .where(Department.id.in_(people.above(department_ids)))
            .order_by(Person.sort_name, Person.id)
        )
        return cast("Select[Any]", found.options(DELEGATE))

    def people(self, ids: Collection[int]) -> Mapping[int, tuple[Person, Absence | None]]:
        """Return people with their absence now; those who were read before are known already."""
        missing = set(ids) - set(self.read)
        if missing:
            found = select(Person, Absence).outerjoin(Absence, self._away()).where(Person.id.in_(missing))
            for person, absence in db.session.execute(found.options(DELEGATE)):
                self.read[person.id] = (person, absence)
        return self.read

    def _away(self) -> ColumnElement[bool]:
        return and_(Absence.person_id == Person.id, people.away_at(self.now))

    def _holders(self, role: str, department_id: int | None) -> Sequence[int]:
        found = (
            select(Person, Absence)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .outerjoin(Absence, self._away())
            .where(RoleGrant.role == role, people.current_grants(self.now), Person.active)
            .order_by(Person.sort_name, Person.id)
        )
        if department_id is not None:
            found = found.where(RoleGrant.department_id == department_id)
        rows = db.session.execute(found.options(DELEGATE)).all()
        self.read.update({person.id: (person, absence) for person, absence in rows})
        return list(dict.fromkeys(person.id for person, _absence in rows))

    def _person(self, person_id: int) -> Person | None:
        found = self.people({person_id}).get(person_id)
        return found[0] if found else None

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
