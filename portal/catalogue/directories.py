"""What a requester may choose among in a form: people and departments, as the form engine asks for them (forms.md 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, select

from portal.catalogue.formkit.values import Choice
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person
from portal.people.queries import visible_departments, visible_to

MOST_CHOICES = 300
MOST_FOUND = 9
BETWEEN = " · "


@dataclass(frozen=True)
class People:
    """The people whom somebody may find; a list while the company is small, else a text to type."""

    person: Person
    now: datetime
    language: str

    def choices(self) -> Sequence[Choice]:
        """Return everybody by name, or nothing when there are too many for a list."""
        return self._all

    @cached_property
    def _all(self) -> Sequence[Choice]:
        rows = self._rows(self._listed().limit(MOST_CHOICES + 1))
        return rows if len(rows) <= MOST_CHOICES else ()

    def find(self, text: str) -> Sequence[Choice]:
        """Return the people meant: by id, by address, by "name · department", or by part of the name."""
        exact = self._rows(self._listed().where((Person.public_id == text) | (Person.email == text.strip().lower())).limit(1))
        return exact or self._by_name(text)

    def _by_name(self, text: str) -> Sequence[Choice]:
        name, _, department = text.partition(BETWEEN)
        wanted = fold(" ".join(name.split()))
        if not wanted:
            return []
        found = self._rows(self._listed().where(Person.sort_name.contains(wanted, autoescape=True)).limit(MOST_FOUND))
        if department:
            found = [each for each in found if each.help == department]
        same = [each for each in found if fold(each.label) == wanted]
        return same or found

    def _listed(self) -> Select[Person]:
        return visible_to(self.person, self.now).order_by(Person.sort_name, Person.id)

    def _rows(self, found: Select[Person]) -> list[Choice]:
        """Return only name and department (PE-21)."""
        columns = found.join(Department, Department.id == Person.department_id)
        rows = db.session.execute(columns.with_only_columns(Person.public_id, Person.name, Department.name))
        return [Choice(row[0], row[1], in_language(row[2], self.language)) for row in rows]


@dataclass(frozen=True)
class Departments:
    """All departments that somebody may know of."""

    person: Person
    now: datetime
    language: str

    def choices(self) -> Sequence[Choice]:
        """Return the departments by name."""
        return self._all

    @cached_property
    def _all(self) -> Sequence[Choice]:
        found = visible_departments(self.person, self.now)
        rows = db.session.execute(select(Department.slug, Department.name).where(Department.id.in_(_ids(found))))
        named = [Choice(slug, in_language(name, self.language)) for slug, name in rows]
        return sorted(named, key=lambda each: fold(each.label))

    def find(self, text: str) -> Sequence[Choice]:
        """Return the department with this slug, else those with this name."""
        known = self.choices()
        wanted = fold(text.strip())
        return [each for each in known if each.value == text] or [each for each in known if fold(each.label) == wanted]


def _ids(found: Select[Department]) -> Select[int]:
    return found.with_only_columns(Department.id)
