"""People from a CSV file: read and judged as a whole, then stored as a whole or not at all."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import names
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people.actions.persons import create_person, edit_person
from portal.people.models import Department, Person

LONGEST_FILE = 5_000_000
MOST_ROWS = 10_000
REQUIRED = ("name", "email", "department")
LIMITS = {"name": 120, "email": 200, "employee_number": 30, "site": 80, "phone": 40, "languages": 120}
TITLES = {"job_title_es": "es", "job_title_en": "en"}
KNOWN = (*LIMITS, *TITLES, "department", "manager")
SPANISH = {
    "nombre": "name",
    "correo": "email",
    "numero de empleado": "employee_number",
    "departamento": "department",
    "puesto": "job_title_es",
    "puesto en ingles": "job_title_en",
    "responsable": "manager",
    "sede": "site",
    "telefono": "phone",
    "idiomas": "languages",
}


@dataclass
class Line:
    """One line of the file: what it says, what is wrong with it, and who it is about when they are known already."""

    number: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    person: Person | None = None


@dataclass(frozen=True)
class Plan:
    """A file as it was understood."""

    lines: list[Line]
    problems: list[str]

    @property
    def is_sound(self) -> bool:
        """Return whether it can be stored."""
        return not self.problems and bool(self.lines) and not any(line.problems for line in self.lines)

    @property
    def new(self) -> int:
        """Return how many people it adds."""
        return sum(line.person is None for line in self.lines)


def read_people(data: bytes) -> Plan:
    """Read a CSV file and say in words what is wrong with which line; nothing is stored."""
    try:
        rows = _rows(data)
        header = [_column(cell) for cell in next(rows, [])]
    except csv.Error:
        return Plan([], [_("This is not a CSV file.")])
    problems = _header_problems(header)
    if problems:
        return Plan([], problems)
    lines = [Line(number, _cells(header, row)) for number, row in enumerate(rows, 2) if any(map(str.strip, row))]
    if len(lines) > MOST_ROWS:
        return Plan([], [_("This file has more than %(most)d lines.", most=MOST_ROWS)])
    _judge(lines)
    return Plan(lines, [] if lines else [_("This file has no people.")])


def _rows(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    return csv.reader(io.StringIO(text.replace("\0", "")), delimiter=max(",;\t", key=first.count))


def _column(cell: str) -> str:
    plain = fold(cell).strip()
    return SPANISH.get(plain, plain.replace(" ", "_"))


def _header_problems(header: list[str]) -> list[str]:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name and name not in KNOWN]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return [
        *([_("These columns are missing: %(names)s.", names=", ".join(missing))] if missing else []),
        *([_("These columns are unknown: %(names)s.", names=", ".join(unknown)[:200])] if unknown else []),
        *([_("These columns are there twice: %(names)s.", names=", ".join(twice))] if twice else []),
    ]


def _cells(header: list[str], row: list[str]) -> dict[str, str]:
    return {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=False) if name}


def _judge(lines: list[Line]) -> None:
    departments = _departments()
    known = {}
    for person in db.session.scalars(select(Person)):
        known[person.email] = person
        if person.employee_number:
            known[person.employee_number] = person
    mails = [names.normal(line.cells.get("email", "")) for line in lines]
    seen: set[str] = set()
    for line in lines:
        line.problems = _problems(line.cells, departments, known, set(filter(None, mails)), seen)
        line.person = known.get(names.normal(line.cells.get("email", "")) or "")


def _departments() -> dict[str, int]:
    """Return departments by all that a file may call them: short name, number, name in any language."""
    found: dict[str, int] = {}
    for department in db.session.scalars(select(Department)):
        called = [department.slug, str(department.number or department.slug), *department.name.values()]
        found |= {fold(one): department.id for one in called}
    return found


def _problems(
    cells: Mapping[str, str], departments: Mapping[str, int], known: Mapping[str, Person], mails: set[str], seen: set[str]
) -> list[str]:
    found = [_("The cell “%(name)s” is empty.", name=name) for name in REQUIRED if not cells.get(name)]
    found += [
        _("The cell “%(name)s” is too long.", name=name) for name, most in LIMITS.items() if len(cells.get(name, "")) > most
    ]
    mail, number = names.normal(cells.get("email", "")), names.normal(cells.get("employee_number", ""))
    if cells.get("email") and (mail is None or mail.count("@") != 1 or "." not in mail.partition("@")[2] or " " in mail):
        found.append(_("“%(text)s” is not a mail address.", text=cells["email"]))
    if mail and mail in seen:
        found.append(_("“%(text)s” is in the file twice.", text=mail))
    seen.add(mail or "")
    if number and number in known and known[number].email != mail:
        found.append(_("Employee number %(number)s belongs to somebody else.", number=number))
    if cells.get("department") and fold(cells["department"]) not in departments:
        found.append(_("There is no department “%(text)s”.", text=cells["department"]))
    manager = names.normal(cells.get("manager", ""))
    if manager and manager not in known and manager not in mails:
        found.append(_("The manager “%(text)s” is neither in the file nor here.", text=cells["manager"]))
    return found


def import_people(data: bytes, by: Person | None, now: datetime) -> Plan:
    """Store everybody of a sound file: new people are added, known ones changed where a cell is not empty."""
    plan = read_people(data)
    if not plan.is_sound:
        raise Refused(_("This file has lines that cannot be stored. Nobody was imported."))
    departments = _departments()
    stored: dict[str, Person] = {}
    for line in plan.lines:
        person = line.person
        fields = _fields(line.cells, departments, person)
        if person is None:
            person = create_person(fields, by, now)
        else:
            edit_person(person, fields, person.revision, by)
        stored[person.email] = person
    for line in plan.lines:
        if line.cells.get("manager"):
            person = stored[names.normal(line.cells["email"]) or ""]
            edit_person(person, {"manager_id": _manager_id(line.cells["manager"])}, person.revision, by)
    return plan


def _fields(cells: Mapping[str, str], departments: Mapping[str, int], person: Person | None) -> dict[str, Any]:
    found: dict[str, Any] = {name: cells[name] for name in LIMITS if cells.get(name)}
    found["department_id"] = departments[fold(cells["department"])]
    titles = {code: cells[name] for name, code in TITLES.items() if cells.get(name)}
    if titles:
        found["job_title"] = dict((person.job_title if person else None) or {}) | titles
    return found


def _manager_id(text: str) -> int | None:
    name = names.normal(text)
    return db.session.scalar(select(Person.id).where((Person.email == name) | (Person.employee_number == name)).limit(1))
