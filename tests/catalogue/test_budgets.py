"""How many statements a page of the catalogue may take, whatever there is to read in it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.approvals.models import RouteStage
from portal.catalogue.models import AudienceRow, Service
from portal.core import clock
from portal.core.db import db
from portal.notifications.actions import notify
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue
from tests.factories import requests as factory
from tests.performance.meter import statements

MOST = 12


@pytest.fixture
def service(cast: Cast) -> Service:
    stages = ({"rule": "requester_head"}, {"rule": "person", "person_id": cast.admin.id})
    made = catalogue.service(cast.it, stages=stages, contact_id=cast.agent.id, for_whom={"es": "Quien contrata"})
    for number in range(10):
        catalogue.service(cast.it, f"s{number}", catalogue.SIMPLE)
    db.session.commit()
    return made


def taken(client: FlaskClient, path: str) -> int:
    with statements(db.engine) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/it", "/catalogue/it/new-joiner"])
def test_page_for_everybody_takes_few_statements(app: Flask, cast: Cast, service: Service, path: str) -> None:
    assert taken(sign_in(app.test_client(), cast.employee), path) <= MOST


PARTS = [
    "",
    "/form",
    "/form?question=needs",
    "/form?question=mentor&f.mentor=nobody&f.team=it",
    "/audience",
    "/route",
    "/route?stage=2",
    "/versions?since=1",
]


def grown(service: Service, cast: Cast) -> None:
    """Give a service more of all that its editor's pages list, and a head to fall back on."""
    named = (cast.head, cast.director, cast.agent)
    rules: list[dict[str, Any]] = [{"rule": "person", "person_id": person.id} for person in named]
    rules += [{"rule": "service_head"}, {"rule": "role", "role": "trainer"}, {"rule": "role", "role": "head"}]
    for position, rule in enumerate(rules, 3):
        name = {"es": f"Paso {position}", "en": f"Stage {position}"}
        service.route.stages.append(RouteStage(position=position, name=name, **rule))
    service.route.fallback_id = cast.finance_head.id
    for person in (cast.employee, cast.colleague, cast.stranger):
        db.session.add(AudienceRow(service_id=service.id, kind="person", person_id=person.id))
    for number in (2, 3, 4):
        catalogue.version(service, catalogue.SIMPLE, number, "superseded")
    db.session.commit()


@pytest.mark.parametrize("who", ["head2", "admin", "auditor"])
def test_pages_of_the_editor_take_few_statements_always(app: Flask, cast: Cast, service: Service, who: str) -> None:
    request = factory.send(factory.service(cast.it, slug="help"), cast.employee)
    notify([getattr(cast, who).id], "requests/solved", "request", request.id, "solved:1", clock.now())
    db.session.commit()
    client, base = sign_in(app.test_client(), getattr(cast, who)), f"/admin/catalogue/{service.public_id}"
    few = {part: taken(client, base + part) for part in PARTS}
    grown(service, cast)
    many = {part: taken(client, base + part) for part in PARTS}
    assert not {part: number for part, number in many.items() if number > MOST}
    assert not {part: (few[part], number) for part, number in many.items() if number > few[part] + part.startswith("/route")}
