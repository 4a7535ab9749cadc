"""The branches of the big company: 40 queues in all, with heads and agents, and people who ask."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.catalogue.actions.forms import edit_form, publish_form
from portal.catalogue.actions.routes import Stage, add_stage, revision_of
from portal.catalogue.actions.services import add_audience, create_service
from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.core.db import db, public_id
from portal.core.text import fold
from portal.demo.offers import Offer, line, text
from portal.demo.scale import bulk, texts
from portal.demo.words import both
from portal.people import actions as people
from portal.people.models import Department, Person, Role, RoleGrant
from portal.people.queries import agents_of

QUEUES = 40
AGENTS = 6
MOST_PEOPLE = 5_000
OFFERS = ("Consulta | Question", "Gestión | Errand", "Pedido con visto bueno | Order with approval")
APPROVED = 2


@dataclass
class Queue:
    """A department with what can be asked of it."""

    department: Department
    services: list[tuple[Service, FormVersion]]
    agents: list[int]


@dataclass
class Company:
    """All queues, and who asks: (person, department)."""

    queues: list[Queue]
    askers: list[tuple[int, int]]


def grow(count: int, chance: random.Random, now: datetime) -> Company:
    """Add branches up to 40 queues, and a twentieth as many people as requests: one a branch at least, 5,000 at most."""
    numbered = select(Department).where(Department.number.is_not(None)).order_by(Department.number)
    departments = list(db.session.scalars(numbered))
    parent = departments[0].parent_id
    for number in range(len(departments) + 1, QUEUES + 1):
        town = texts.TOWNS[(number - 1) % len(texts.TOWNS)]
        fields = {
            "slug": f"delegacion-{number}",
            "number": number,
            "name": both(f"Delegación {town} {number} | {town} branch {number}"),
        }
        departments.append(people.create_department({**fields, "parent_id": parent}, None))
    askers = _people(min(max(count // 20, QUEUES), MOST_PEOPLE), departments, chance, now)
    _name_agents(departments, askers, now)
    return Company([_queue(department, now) for department in departments], askers)


def _people(count: int, departments: list[Department], chance: random.Random, now: datetime) -> list[tuple[int, int]]:
    first = bulk.next_id(Person)
    places = [departments[number % len(departments)].id for number in range(count)]
    names = [texts.name(chance) for _ in range(count)]
    bulk.write(
        Person,
        (
            {
                "id": first + number,
                "public_id": public_id(),
                "name": name,
                "sort_name": fold(name),
                "email": f"persona.{first + number}@demo.example",
                "department_id": place,
                "site": "Zaragoza-PLAZA",
                "language": "es",
                "created_at": now,
            }
            for number, (name, place) in enumerate(zip(names, places, strict=True))
        ),
    )
    return [(first + number, place) for number, place in enumerate(places)]


def _name_agents(departments: list[Department], askers: list[tuple[int, int]], now: datetime) -> None:
    rows = []
    for department in departments:
        here = [person for person, place in askers if place == department.id][:AGENTS]
        if not agents_of(department.id, now) and here:
            roles = [(here[0], Role.HEAD), (here[0], Role.CATALOGUE_EDITOR), *((person, Role.AGENT) for person in here)]
            rows += [
                {"person_id": person, "role": role, "department_id": department.id, "from_at": now} for person, role in roles
            ]
    bulk.write(RoleGrant, rows)


def _queue(department: Department, now: datetime) -> Queue:
    agents = agents_of(department.id, now)
    return Queue(department, [_service(department, name, agents[0], now) for name in OFFERS], [agent.id for agent in agents])


def _service(department: Department, name: str, editor: Person, now: datetime) -> tuple[Service, FormVersion]:
    offer = Offer(
        department=department.slug, name=name, summary="Lo que haga falta. | Whatever is needed.", for_whom="Toda la plantilla. | All employees.",
        prepare="Nada. | Nothing.", not_covered="", contact="", title=("subject",),
        questions=(line("subject", "Qué necesitas | What you need"), text("details", "Detalles | Details", needed=False)),
    )  # fmt: skip
    service = create_service(department, offer.texts, editor)
    add_audience(service, AudienceRow(kind="employees"), editor)
    if name == OFFERS[APPROVED]:
        stage = Stage(
            name=both("Jefatura del departamento | Head of the department"), mode="any", needed=1, rule="requester_head"
        )
        add_stage(service, stage, revision_of(service), editor)
    draft = edit_form(service, editor, "1.0", lambda _empty: offer.form(), now)
    return service, publish_form(service, editor, f"{draft.number}.{draft.revision}", now)
