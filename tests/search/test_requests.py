"""Finding requests: by reference first, and only by those who may see them."""

import pytest
from flask.testing import FlaskClient

from portal.core import clock as time
from portal.people.models import Person, Role
from portal.requests import actions
from portal.requests.models import Request
from portal.search import queries
from tests.cast.people import Cast, add_person, grant, sign_in
from tests.factories import requests as factory


@pytest.fixture
def monitor(cast: Cast) -> Request:
    return factory.send(factory.service(cast.it), cast.employee, title="Monitor para el puesto 214")


def found(person: Person, text: str) -> list[str]:
    groups = queries.search(person, text, time.now()).groups
    return [hit.entry.reference for group in groups if group.source.kind == "request" for hit in group.hits]


def test_a_request_is_found_by_title_answers_and_service(cast: Cast, monitor: Request) -> None:
    for text in ("monitor", "puesto 214", "monitors", "mointor", "ayuda monitor"):
        assert found(cast.employee, text) == [monitor.reference], text


def test_the_reference_comes_first_with_and_without_prefix(cast: Cast, monitor: Request) -> None:
    other = factory.send(monitor.service, cast.employee, title=f"Lo mismo que {monitor.reference}")
    digits = monitor.reference.removeprefix("VEN-")
    for text in (monitor.reference, digits, f"ven {digits}", f"ven{digits}", monitor.reference.lower()):
        assert found(cast.employee, text)[0] == monitor.reference, text
    assert other.reference in found(cast.employee, digits)


def test_only_those_who_may_see_a_request_find_it_KH12(cast: Cast, monitor: Request) -> None:
    may = {name for name, person in cast.everybody().items() if found(person, monitor.reference)}
    assert may == {"employee", "head", "director", "agent", "agent2", "head2", "auditor"}
    for person in (cast.stranger, cast.admin, cast.colleague):
        assert found(person, "monitor") == []


def test_whoever_it_is_for_follows_or_is_to_decide_finds_a_request(cast: Cast, monitor: Request) -> None:
    asking = factory.service(cast.it, ({"rule": "person", "person_id": cast.trainer.id},), slug="laptop")
    sent = factory.send(asking, cast.employee, title="Monitor que decide otra", beneficiary=cast.colleague)
    actions.add_watcher(sent, cast.stranger, cast.employee, time.now())
    for person in (cast.employee, cast.colleague, cast.stranger, cast.trainer):
        assert sent.reference in found(person, "monitor"), person.name
    assert monitor.reference not in found(cast.trainer, "monitor")


def test_a_moved_request_is_found_by_its_new_queue_alone(cast: Cast, monitor: Request) -> None:
    actions.move_to_department(monitor, cast.human_resources, "Lo lleva otra ventanilla", cast.agent, time.now())
    assert found(cast.agent, "monitor") == []
    clerk = add_person("clerk@demo.example", "Clerk", cast.human_resources)
    grant(clerk, Role.AGENT, cast.human_resources)
    assert found(clerk, "monitor") == [monitor.reference]


def test_a_reference_that_nobody_has_finds_nothing(cast: Cast, monitor: Request) -> None:
    assert found(cast.employee, "VEN-0") == []


def test_the_newest_of_equal_requests_comes_first(cast: Cast, monitor: Request) -> None:
    newer = factory.send(monitor.service, cast.employee, title=monitor.title)
    assert found(cast.employee, "monitor") == [newer.reference, monitor.reference]


def test_results_show_where_a_request_stands_now(client: FlaskClient, cast: Cast, monitor: Request) -> None:
    actions.take(monitor, cast.agent, time.now())
    cast.employee.language = "en"
    page = sign_in(client, cast.employee).get("/search?q=monitor").text
    assert monitor.reference in page
    assert "In progress" in page
