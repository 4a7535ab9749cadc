"""Exact budgets of the main pages (performance.md): statements whatever the rows and the rights, and bytes over the wire."""

from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.approvals.models import Approval
from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from portal.requests.models import Request
from portal.search import actions as search
from portal.search import kinds
from tests.cast.people import Cast, add_person, sign_in
from tests.factories import catalogue
from tests.factories import requests as factory
from tests.factories.teams import team
from tests.performance.meter import fragment, on_the_wire, statements, with_an_empty_cache

STATEMENTS = 12
FIRST_VISIT, SECOND_PAGE, FRAGMENT = 90_000, 15_000, 5_000
FEW, MANY = 1, 30
FRAGMENTS = [
    ("agent", "/requests/queue", "request_list"),
    ("agent", "/requests/queue?state=open&q=monitor", "request_list"),
    ("agent", "/requests/forgotten", "request_list"),
    ("employee", "/requests", "request_list"),
    ("employee", "/search?q=monitor", "results"),
    ("employee", "/catalogue/it", "catalogue_list"),
    ("employee", "/people?q=person", "people_list"),
    ("employee", "/people/picker?q=person", "person_hits"),
    ("employee", "/catalogue/it/new-joiner/request", "questions"),
    ("employee", "/notifications", "news"),
    ("head", "/approvals", "approval_list"),
]


class World(NamedTuple):
    """The company, its services, and one request in the middle of things."""

    cast: Cast
    simple: Service
    approved: Service
    full: Service
    request: Request

    def pages(self, who: str) -> dict[str, str]:
        """Return the main pages that one of the three readers may see, by their names."""
        reference, colleague = self.request.reference, self.cast.colleague.public_id
        everybody = {
            "home": "/",
            "catalogue": "/catalogue",
            "department of the catalogue": "/catalogue/it",
            "service": "/catalogue/it/new-joiner",
            "form": "/catalogue/it/laptop/request",
            "form of all types": "/catalogue/it/new-joiner/request",
            "drafts": "/requests/drafts",
            "requests": "/requests",
            "ended requests": "/requests?show=ended",
            "approvals": "/approvals",
            "search": "/search?q=monitor",
            "search by reference": f"/search?q={reference}",
            "search with a slip": "/search?q=monitro",
            "people": "/people",
            "people by name": "/people?q=person",
            "person": f"/people/{colleague}",
            "departments": "/departments",
            "department": "/departments/it",
            "notifications": "/notifications",
            "profile": "/people/me",
            "account": "/account",
        }
        own = {
            "employee": {"request": f"/requests/{reference}"},
            "head": {"request": f"/requests/{reference}", "decision": f"/approvals/{self.approval.public_id}"},
            "agent": {
                "request": f"/requests/{reference}",
                "queue": "/requests/queue",
                "filtered queue": "/requests/queue?state=open&q=monitor&assignee=none&team=mine",
                "teams": "/departments/it/teams",
                "forgotten": "/requests/forgotten",
            },
        }
        return everybody | own[who]

    @property
    def approval(self) -> Approval:
        return db.session.scalars(select(Approval).order_by(Approval.id)).first()

    def fill(self, number: int) -> None:
        """Add requests in all places where lists show them, people, services, and words to the one request."""
        cast, now = self.cast, clock.now()
        for count in range(number):
            person = add_person(f"person{number}_{count}@demo.example", f"Person {number} {count}", cast.it)
            factory.send(self.simple, cast.employee, title=f"A monitor, number {count}")
            factory.send(self.approved, cast.employee, title=f"A monitor to be paid, number {count}")
            actions.take(factory.send(self.simple, cast.head, beneficiary=person), cast.agent, now)
            actions.comment(self.request, cast.employee, f"What I say for the time {count}", False, now)
            actions.comment(self.request, cast.agent2, f"What we note for the time {count}", True, now)
            catalogue.service(cast.it, f"service-{number}-{count}", catalogue.SIMPLE)
        for source in kinds.sources():
            search.rebuild(source, now)
        db.session.commit()


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    simple = factory.service(cast.it)
    approved = factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop")
    full = catalogue.service(cast.it, stages=factory.HEAD_DECIDES, contact_id=cast.agent.id)
    request = factory.send(simple, cast.employee, beneficiary=cast.colleague)
    actions.take(request, cast.agent, clock.now())
    for follower in (cast.trainer, cast.head):
        actions.add_watcher(request, follower, cast.employee, clock.now())
    team(cast.it, "Network", cast.head2, cast.agent2, lead=cast.agent)
    made = World(cast, simple, approved, full, request)
    made.fill(FEW)
    return made


@pytest.fixture
def clients(app: Flask, world: World) -> dict[str, FlaskClient]:
    """Three readers with different rights."""
    return {who: sign_in(app.test_client(), getattr(world.cast, who)) for who in ("employee", "head", "agent")}


def pages_of(world: World, clients: dict[str, FlaskClient]) -> dict[str, tuple[FlaskClient, str]]:
    """Return all main pages: who reads which address."""
    return {
        f"{name} of {who}": (client, address) for who, client in clients.items() for name, address in world.pages(who).items()
    }


def test_pages_take_few_statements_however_much_there_is(world: World, clients: dict[str, FlaskClient]) -> None:
    def counted() -> dict[str, int]:
        return {name: statements_of(*page) for name, page in pages_of(world, clients).items()}

    few = counted()
    world.fill(MANY)
    many = counted()
    assert not {name: number for name, number in many.items() if number > STATEMENTS}
    assert not {name: (few[name], number) for name, number in many.items() if number > few[name]}


def statements_of(client: FlaskClient, address: str) -> int:
    client.get(address)
    with statements(db.engine) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


@pytest.mark.sqlite_only
def test_pages_and_fragments_are_light(world: World, clients: dict[str, FlaskClient]) -> None:
    world.fill(MANY)
    pages = pages_of(world, clients)
    first = {name: with_an_empty_cache(*page) for name, page in pages.items()}
    second = {name: on_the_wire(*page) for name, page in pages.items()}
    parts = {address: size_of(clients[who], address, target) for who, address, target in FRAGMENTS}
    assert not {name: size for name, size in first.items() if size > FIRST_VISIT}
    assert not {name: size for name, size in second.items() if size > SECOND_PAGE}
    assert not {name: size for name, size in parts.items() if size > FRAGMENT}


def size_of(client: FlaskClient, address: str, target: str) -> int:
    """Return the bytes of a fragment."""
    assert "<html" not in client.get(address, headers=fragment(target)).text
    return on_the_wire(client, address, fragment(target))


@pytest.mark.sqlite_only
def test_the_door_is_light(app: Flask) -> None:
    assert with_an_empty_cache(app.test_client(), "/sign-in") <= FIRST_VISIT


@pytest.mark.sqlite_only
def test_fragments_of_a_request_are_small(world: World, clients: dict[str, FlaskClient]) -> None:
    world.fill(10)
    address = f"/requests/{world.request.reference}"
    for target in ("conversation", "request_head"):
        assert size_of(clients["agent"], address, target) <= FRAGMENT
