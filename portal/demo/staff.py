"""Departments and people of the demo, made by the real actions of people and accounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.accounts.actions import set_password
from portal.core import clock
from portal.demo.company import ABSENT, DEPARTMENTS, FIRST_ADMINISTRATOR, PEOPLE, STAND_IN, Employee
from portal.demo.words import both
from portal.people import actions as people
from portal.people.models import Department, Person, Role

ZONE = "Europe/Madrid"
AWAY_BEFORE, AWAY_AFTER = timedelta(days=3), timedelta(days=9)


@dataclass
class Cast:
    """The departments by slug and the people by the part of their address before the @."""

    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    described: dict[str, Employee] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Person:
        return self.people[key]

    def head_of(self, slug: str) -> Person:
        """Return the head of a department."""
        return next(self.people[each.key] for each in PEOPLE if each.head and each.department == slug)

    def agents_of(self, slug: str) -> list[Person]:
        """Return those who work in the queue of a department, its head last."""
        found = [each for each in PEOPLE if each.department == slug and (each.agent or each.head)]
        return [self.people[each.key] for each in sorted(found, key=lambda each: each.head)]


def engage(password_hash: str, begun: datetime) -> Cast:
    """Make the company as it was when the portal began."""
    cast = Cast()
    for window in DEPARTMENTS:
        cast.departments[window.slug] = people.create_department(
            {
                "slug": window.slug,
                "number": window.number,
                "name": both(window.name),
                "welcome": both(window.welcome) if window.welcome else None,
                "parent_id": cast.departments[window.above].id if window.above else None,
                "hours_public": bool(window.opens),
            },
            None,
        )
    for place, employee in enumerate(PEOPLE, 1):
        cast.described[employee.key] = employee
        cast.people[employee.key] = _engage(employee, place, cast, password_hash, begun)
    _give_roles(cast, begun)
    return cast


def _engage(employee: Employee, place: int, cast: Cast, password_hash: str, begun: datetime) -> Person:
    values: Mapping[str, object] = {
        "name": employee.name,
        "email": employee.email,
        "employee_number": f"{100_200 + 7 * place}",
        "department_id": cast.departments[employee.department].id,
        "job_title": both(employee.job),
        "site": employee.site,
        "phone": f"+34 976 440 {200 + place}",
        "languages": _languages(employee),
        "working_hours": "8:00-16:30" if place % 3 else "7:00-15:00",
        "language": employee.language,
    }
    person = people.create_person(values, None, begun)
    set_password(person, password_hash, begun)
    return person


def _languages(employee: Employee) -> str:
    own = {"Barcelona-ZAL": "català", "Bilbao": "euskara", "Vigo": "galego"}.get(employee.site, "english")
    return f"español, {own}"


def _give_roles(cast: Cast, begun: datetime) -> None:
    """The administrator comes first, who then names everybody else (PE-11)."""
    administrator = cast[FIRST_ADMINISTRATOR]
    people.grant(administrator, Role.ADMINISTRATOR, None, None, begun)
    for employee in PEOPLE:
        person, department = cast[employee.key], cast.departments[employee.department]
        within = [Role.HEAD] * employee.head + [Role.AGENT] * employee.agent
        for role in [*within, *employee.roles]:
            if role != Role.ADMINISTRATOR:
                people.grant(person, role, department if role in people.IN_A_DEPARTMENT else None, administrator, begun)


def leave(cast: Cast, now: datetime) -> Iterator[datetime]:
    """Send the head of Customer Care away around now, with somebody who stands in."""
    first, last = (now - AWAY_BEFORE).date(), (now + AWAY_AFTER).date()
    people.register_absence(cast[ABSENT], cast[STAND_IN], first, last, ZONE, clock.now())
    yield from ()
