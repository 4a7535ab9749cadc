"""What features put on the first page: the same numbers as the lists behind (KH10), within the budget of statements."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.catalogue.models import Service
from portal.core import clock as time
from portal.core.db import db
from portal.requests import actions
from portal.requests.models import Request
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory

MOST_STATEMENTS = 12


@pytest.fixture
def help_desk(cast: Cast) -> Service:
    for person in cast.everybody().values():
        person.language = "en"
    return factory.service(cast.it)


@pytest.fixture
def approved_first(cast: Cast, help_desk: Service) -> Service:
    return factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop")


def home(client: FlaskClient, person: Any) -> str:
    return sign_in(client, person).get("/").text


def number(page: str, words: str) -> int:
    found = re.search(rf"(\d+) {words}", page)
    return int(found[1]) if found else 0


def test_a_decision_waits_on_the_page_of_the_head_as_in_the_list_KH10(
    client: FlaskClient, cast: Cast, approved_first: Service
) -> None:
    for _ in range(10):
        factory.send(approved_first, cast.employee, title="A laptop")
    page = home(client, cast.head)
    assert page.count("Decide on “A laptop”</a>") == 8
    assert "10 things wait for you" in page
    assert "To approve: 10 in all" in page
    assert client.get("/approvals").text.count('<article class="ask"') == 10
    assert "A laptop" not in home(client, cast.stranger)


@pytest.mark.parametrize("title", ["Help: a monitor", "A monitor"])
def test_the_service_is_said_once_in_each_line(client: FlaskClient, cast: Cast, help_desk: Service, title: str) -> None:
    help_desk.name = {"es": "Ayuda", "en": "Help"}
    request = factory.send(help_desk, cast.employee, title=title)
    actions.take(request, cast.agent, time.now())
    actions.ask_requester(request, cast.agent, "Which one?", time.now())
    main = home(client, cast.employee).split('id="main"')[1]
    shown = re.sub(r"<[^>]+>", " ", re.sub(r'<span class="visually-hidden">.*?</span>', "", main))
    assert len(re.findall(r"\bHelp\b", shown)) == 2
    assert shown.count(title) == 2


def test_what_the_person_must_answer_waits(client: FlaskClient, cast: Cast, help_desk: Service) -> None:
    request = factory.send(help_desk, cast.employee, title="A monitor")
    actions.take(request, cast.agent, time.now())
    actions.ask_requester(request, cast.agent, "Which one?", time.now())
    page = home(client, cast.employee)
    assert "Answer about “A monitor”" in page
    assert "One thing waits for you." in page
    assert "A monitor" in client.get("/requests?show=to_answer").text
    assert "Answer about" not in home(client, cast.agent)


def test_a_solved_request_asks_whether_it_works_until_it_closes(client: FlaskClient, cast: Cast, help_desk: Service) -> None:
    request = factory.send(help_desk, cast.employee, title="A monitor")
    actions.take(request, cast.agent, time.now())
    actions.solve(request, cast.agent, "It stands on your desk.", time.now())
    assert "Does “A monitor” work now?" in home(client, cast.employee)


def test_open_requests_are_listed_and_counted_as_in_their_list_KH10(client: FlaskClient, cast: Cast, help_desk: Service) -> None:
    sent = [factory.send(help_desk, cast.employee, title=f"Thing {count}") for count in range(7)]
    page = home(client, cast.employee)
    assert "All 7 open" in page
    assert "Thing 6" in page
    assert "Thing 1" not in page
    assert client.get("/requests").text.count('<tr id="request_') == 7
    actions.withdraw(db.session.get_one(Request, sent[0].id), cast.employee, "", time.now())
    assert "All 6 open" in client.get("/").text


def test_the_queue_is_counted_as_its_filters_count_it_KH10(client: FlaskClient, cast: Cast, help_desk: Service) -> None:
    taken = [factory.send(help_desk, cast.employee) for _ in range(5)][:2]
    for request in taken:
        actions.take(request, cast.agent, time.now())
    page = home(client, cast.agent)
    assert "2 are yours" in page
    assert "nobody has 3" in page
    for address, count in (("assignee=me", 2), ("assignee=none&state=open", 3)):
        assert client.get(f"/requests/queue?department=it&{address}").text.count('<tr id="request_') == count
    assert "In your queue" not in home(client, cast.employee)


def test_heads_see_that_nothing_is_forgotten(client: FlaskClient, cast: Cast) -> None:
    assert "block_forgotten" in home(client, cast.head2)
    assert "block_forgotten" not in home(client, cast.agent)


@pytest.mark.parametrize("name", ["employee", "head", "head2", "agent", "admin", "auditor", "partner", "director"])
def test_home_keeps_to_its_budget_for_everybody(
    client: FlaskClient, cast: Cast, approved_first: Service, help_desk: Service, name: str
) -> None:
    for _ in range(4):
        factory.send(approved_first, cast.employee)
        actions.take(factory.send(help_desk, cast.employee), cast.agent, time.now())
    sign_in(client, getattr(cast, name))
    client.get("/")
    statements: list[str] = []

    def listen(*args: Any) -> None:
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    assert client.get("/").status_code == 200
    event.remove(db.engine, "before_cursor_execute", listen)
    counted = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert len(counted) <= MOST_STATEMENTS, "\n".join(statement[:60] for statement in counted)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["employee", "head", "agent", "admin", "auditor", "partner", "trainer"])
def test_home_leads_nobody_to_a_closed_door(client: FlaskClient, cast: Cast, help_desk: Service, name: str) -> None:
    factory.send(help_desk, cast.employee)
    page = home(client, getattr(cast, name))
    main = page[page.index("<main") : page.index("</main>")]
    for address in sorted({unescape(found) for found in re.findall(r'href="(/[^"]*)"', main)}):
        assert client.get(address).status_code == 200, address
