"""The named cast of all tests: a small company, who works in it, and how its people sign in.

Ask for the fixture `cast` (in the tests' own context) or call `build()` in a context of a `real_app`. Everybody's password
is `PASSWORD`. Grants began long ago, so that a test may set its clock as it likes.

    management            director (head), auditor
    ├── it             1  head2 (head, agent), agent, agent2, admin
    ├── finance        5  finance_head (head), employee2
    ├── human_resources 2 hr_head (head), trainer, editor
    │   └── occupational_health (closed)  doctor (head), patient
    ├── operations     3  stranger_head (head), stranger, improver, partner
    └── customer_care  4  head (head), employee, delegate, colleague
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select

from portal.accounts import sessions
from portal.accounts.models import Credential, Session
from portal.core import clock, security
from portal.core.db import db
from portal.core.text import fold
from portal.people.models import Absence, Department, Person, Role, RoleGrant
from tests.live import LiveServer

PASSWORD = "ventanilla-demo"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# slug: (window, Spanish name, English name, the department above)
DEPARTMENTS: dict[str, tuple[int | None, str, str, str | None]] = {
    "management": (None, "Dirección", "Management", None),
    "it": (1, "Informática", "IT Support", "management"),
    "human_resources": (2, "Recursos Humanos", "Human Resources", "management"),
    "operations": (3, "Operaciones", "Operations", "management"),
    "customer_care": (4, "Atención al Cliente", "Customer Care", "management"),
    "finance": (5, "Finanzas", "Finance", "management"),
    "occupational_health": (None, "Salud Laboral", "Occupational Health", "human_resources"),
}
CLOSED = {"occupational_health"}

# attribute: (name, department, roles; a role bears the department of the person where it is held in one)
PEOPLE: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "employee": ("Lucía Ferrer", "customer_care", ()),
    "employee2": ("Óscar Prieto", "finance", ()),
    "head": ("Marta Soler", "customer_care", (Role.HEAD,)),
    "head2": ("Ignacio Vela", "it", (Role.HEAD,)),
    "delegate": ("Rafael Quintana", "customer_care", ()),
    "agent": ("Nuria Campos", "it", (Role.AGENT,)),
    "agent2": ("Bruno Salas", "it", (Role.AGENT,)),
    "trainer": ("Teresa Lobo", "human_resources", (Role.TRAINER,)),
    "editor": ("Elisa Montes", "human_resources", (Role.COMMUNICATIONS,)),
    "improver": ("Mateo Ibáñez", "operations", (Role.IMPROVER,)),
    "admin": ("Adela Núñez", "it", (Role.ADMINISTRATOR,)),
    "auditor": ("Aurelio Rey", "management", (Role.AUDITOR,)),
    "partner": ("Petra Lang", "operations", (Role.PARTNER,)),
    "colleague": ("Carmen Ruiz", "customer_care", ()),
    "stranger": ("Simón Duarte", "operations", ()),
    "stranger_head": ("Sonia Herrero", "operations", (Role.HEAD,)),
    "finance_head": ("Fermín Costa", "finance", (Role.HEAD,)),
    "hr_head": ("Helena Roca", "human_resources", (Role.HEAD,)),
    "director": ("Dolores Arias", "management", (Role.HEAD,)),
    "doctor": ("Damián Gil", "occupational_health", (Role.HEAD,)),
    "patient": ("Paula Mena", "occupational_health", ()),
    "deactivated": ("Inés Olmo", "finance", ()),
}
IN_A_DEPARTMENT = {Role.HEAD, Role.AGENT, Role.CATALOGUE_EDITOR}
WITH_HEAD = (Role.HEAD, Role.AGENT, Role.CATALOGUE_EDITOR)  # what naming a head grants (permissions.md 2)


class Cast:
    """The people and departments, by their names above."""

    # people
    employee: Person
    employee2: Person
    head: Person
    head2: Person
    delegate: Person
    agent: Person
    agent2: Person
    trainer: Person
    editor: Person
    improver: Person
    admin: Person
    auditor: Person
    partner: Person
    colleague: Person
    stranger: Person
    stranger_head: Person
    finance_head: Person
    hr_head: Person
    director: Person
    doctor: Person
    patient: Person
    deactivated: Person
    # departments
    management: Department
    it: Department
    human_resources: Department
    operations: Department
    customer_care: Department
    finance: Department
    occupational_health: Department

    def everybody(self) -> dict[str, Person]:
        """Return the people by their names in the cast."""
        return {name: getattr(self, name) for name in PEOPLE}


def build() -> Cast:
    """Write the company into the database of the present context, in few statements; the caller commits."""
    cast = Cast()
    for slug, (number, spanish, english, above) in DEPARTMENTS.items():
        parent = getattr(cast, above) if above else None
        names = {"es": spanish, "en": english}
        one = Department(slug=slug.replace("_", "-"), number=number, name=names, parent=parent, closed=slug in CLOSED)
        setattr(cast, slug, one)
        db.session.add(one)
    for name, (full_name, department, _) in PEOPLE.items():
        setattr(cast, name, new_person(f"{name}@demo.example", full_name, getattr(cast, department)))
    cast.deactivated.active = False
    db.session.flush()
    for name, (_, _, roles) in PEOPLE.items():
        let_in(getattr(cast, name), roles)
    db.session.flush()
    return cast


def add_person(email: str, name: str, department: Department, roles: Iterable[Role] = ()) -> Person:
    """Add one more person, who can sign in with `PASSWORD`."""
    person = new_person(email, name, department)
    db.session.flush()
    let_in(person, roles)
    db.session.flush()
    return person


def new_person(email: str, name: str, department: Department) -> Person:
    """Add somebody who has no account yet."""
    person = Person(name=name, sort_name=fold(name), email=email, department=department, created_at=LONG_AGO)
    db.session.add(person)
    return person


def let_in(person: Person, roles: Iterable[Role]) -> None:
    """Give a person that was flushed the common password, and roles in the own department where they are held in one."""
    db.session.add(Credential(person_id=person.id, password_hash=PASSWORD_HASH, changed_at=LONG_AGO))
    for role in roles:
        for granted in WITH_HEAD if role == Role.HEAD else (role,):
            add_grant(person, granted, person.department if granted in IN_A_DEPARTMENT else None)


def add_grant(person: Person, role: Role, department: Department | None) -> RoleGrant:
    """Add a role that a person has had since long ago."""
    given = RoleGrant(person_id=person.id, role=role, department_id=department.id if department else None, from_at=LONG_AGO)
    db.session.add(given)
    return given


def grant(person: Person, role: Role, department: Department | None = None) -> RoleGrant:
    """Give a person a role, since long ago."""
    given = add_grant(person, role, department)
    db.session.flush()
    return given


def away(person: Person, delegate: Person | None, days: int = 7, start: datetime | None = None) -> Absence:
    """Send a person away since yesterday (or `start`) for some days."""
    begin = start or clock.now() - timedelta(days=1)
    absence = Absence(
        person_id=person.id,
        delegate_id=delegate.id if delegate else None,
        from_at=begin,
        until_at=begin + timedelta(days=days),
        zone="Europe/Madrid",
    )
    db.session.add(absence)
    db.session.flush()
    return absence


def open_session(person: Person, level: int = sessions.FULL, confirmed: bool = False) -> str:
    """Write a session of the person and return what its cookie holds; `confirmed` as after showing again who one is (SE-7)."""
    now, secret = clock.now(), security.new_token()
    db.session.add(
        Session(
            secret_digest=security.digest(secret),
            person_id=person.id,
            epoch=person.session_epoch,
            factor_level=level,
            device="Test",
            network="127.0.0.1",
            own_device=False,
            created_at=now,
            last_used_at=now,
            expires_at=now + timedelta(hours=8),
            confirmed_at=now if confirmed else None,
        )
    )
    db.session.commit()
    return secret


def sign_in(client: FlaskClient, person: Person, level: int = sessions.FULL, confirmed: bool = False) -> FlaskClient:
    """Sign a person in by writing the session at once."""
    app: Flask = client.application
    if not has_app_context():
        with app.app_context():
            return sign_in(client, db.session.get_one(Person, person.id), level, confirmed)
    client.set_cookie(security.cookie_name(sessions.COOKIE), open_session(person, level, confirmed))
    return client


def sign_in_page(page: Page, server: LiveServer, email: str, confirmed: bool = False) -> None:
    """Sign a person in within a real browser, by writing the session at once."""
    with server.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        name, secret = security.cookie_name(sessions.COOKIE), open_session(person, confirmed=confirmed)
    page.context.add_cookies([{"name": name, "value": secret, "url": server.url}])


def token_of(client: FlaskClient) -> dict[str, str]:
    """Return the hidden field that a POST of this client's session carries: `data=token_of(client) | {…}`."""
    with client.application.app_context():
        cookie = client.get_cookie(security.cookie_name(sessions.COOKIE))
        session_key = security.digest(cookie.value) if cookie else ""
        own = security.keyed("csrf", session_key)[: security.MASK]
    return {security.TOKEN_FIELD: "00" * security.MASK + own.hex()}


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The named cast, in the database of this test."""
    people = build()
    db.session.commit()
    return people
