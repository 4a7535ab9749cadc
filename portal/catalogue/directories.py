"""What a requester may choose among in a form: people and departments, as the form engine asks for them (forms.md 7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, Subquery, literal_column, select, union_all

from portal.catalogue.formkit.values import Choice
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person
from portal.people.queries import visible_departments, visible_to

MOST_CHOICES = 300
MOST_FOUND = 9
BETWEEN = " · "

Wanted = tuple[str, str]
"""What is looked for: a kind of look-up and, where somebody typed one, a text."""
ALL_PEOPLE, ALL_DEPARTMENTS, EXACT, NAMED = "all people", "all departments", "exact", "named"


@dataclass(frozen=True)
class Reader:
    """What somebody may choose among; all that one form will look for is read in one statement."""

    person: Person
    now: datetime
    language: str
    planned: frozenset[Wanted] = frozenset()
    _found: dict[Wanted, list[Choice]] = field(default_factory=dict)

    def get(self, kind: str, text: str = "") -> Sequence[Choice]:
        """Return what was found; the first question reads all that was planned, others are read when they come."""
        wanted = (kind, text)
        if wanted not in self._found:
            self._found.update(self._read({wanted, *self.planned} - set(self._found)))
        return self._found[wanted]

    def _read(self, wanted: Iterable[Wanted]) -> dict[Wanted, list[Choice]]:
        parts = sorted(wanted)
        found: dict[Wanted, list[Choice]] = {each: [] for each in parts}
        together = union_all(*(_numbered(number, self._select(*each)) for number, each in enumerate(parts)))
        for row in db.session.execute(together.order_by("number", "sort_name", "id")):
            found[parts[row.number]].append(self._choice(row))
        return found

    def _choice(self, row: Any) -> Choice:
        """Return a person's name and department, no more (PE-21), or a department."""
        department = in_language(row.department, self.language)
        return Choice(row.value, row.name, department) if row.name else Choice(row.value, department)

    def _select(self, kind: str, text: str) -> Subquery:
        if kind == ALL_DEPARTMENTS:
            return _departments(visible_departments(self.person, self.now))
        listed, most = visible_to(self.person, self.now), MOST_CHOICES + 1
        if kind == EXACT:
            listed, most = listed.where((Person.public_id == text) | (Person.email == text.strip().lower())), 1
        if kind == NAMED:
            listed, most = listed.where(Person.sort_name.contains(text, autoescape=True)), MOST_FOUND
        return _people(listed.limit(most))


def _people(found: Select[Person]) -> Subquery:
    shown = found.join(Department, Department.id == Person.department_id).order_by(Person.sort_name, Person.id)
    value, department = Person.public_id.label("value"), Department.name.label("department")
    return shown.with_only_columns(value, Person.name, department, Person.sort_name, Person.id).subquery()


def _departments(found: Select[Department]) -> Subquery:
    name, sort_name = (literal_column("''", String).label(each) for each in ("name", "sort_name"))
    value, department = Department.slug.label("value"), Department.name.label("department")
    return found.with_only_columns(value, name, department, sort_name, Department.id).subquery()


def _numbered(number: int, found: Subquery) -> Select[Any]:
    columns = found.c
    place = literal_column(str(number), Integer).label("number")
    return select(place, columns.value, columns.name, columns.department, columns.sort_name, columns.id)


@dataclass(frozen=True)
class People:
    """The people whom somebody may find; a list while the company is small, else a text to type."""

    reader: Reader

    def choices(self) -> Sequence[Choice]:
        """Return everybody by name, or nothing when there are too many for a list."""
        found = self.reader.get(ALL_PEOPLE)
        return found if len(found) <= MOST_CHOICES else ()

    def find(self, text: str) -> Sequence[Choice]:
        """Return the people meant: by id, by address, by "name · department", or by part of the name."""
        return self.reader.get(EXACT, text) or self._by_name(text)

    def _by_name(self, text: str) -> Sequence[Choice]:
        wanted, department = _name_in(text)
        if not wanted:
            return []
        found = self.reader.get(NAMED, wanted)
        if department:
            found = [each for each in found if each.help == department]
        same = [each for each in found if fold(each.label) == wanted]
        return same or found


def _name_in(text: str) -> tuple[str, str]:
    """Return the folded name and the department of "name · department"."""
    name, _, department = text.partition(BETWEEN)
    return fold(" ".join(name.split())), department


@dataclass(frozen=True)
class Departments:
    """All departments that somebody may know of."""

    reader: Reader

    def choices(self) -> Sequence[Choice]:
        """Return the departments by name."""
        return sorted(self.reader.get(ALL_DEPARTMENTS), key=lambda each: fold(each.label))

    def find(self, text: str) -> Sequence[Choice]:
        """Return the department with this slug, else those with this name."""
        known = self.choices()
        wanted = fold(text.strip())
        return [each for each in known if each.value == text] or [each for each in known if fold(each.label) == wanted]


def planned_for(typed: Mapping[str, Collection[str]]) -> frozenset[Wanted]:
    """Return what a form will look for that has these texts by the name of the directory that they ask."""
    found: set[Wanted] = set()
    if "department" in typed:
        found.add((ALL_DEPARTMENTS, ""))
    if "person" in typed:
        texts = typed["person"]
        names = {_name_in(text)[0] for text in texts} - {""}
        found |= {(ALL_PEOPLE, ""), *((EXACT, text) for text in texts), *((NAMED, name) for name in names)}
    return frozenset(found)
