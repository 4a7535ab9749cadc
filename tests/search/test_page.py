"""The page of the search: whole and as a fragment, for everybody who is signed in."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal.core.db import db
from portal.search.models import Miss
from tests.cast.people import Cast, sign_in
from tests.search.conftest import AddService

LIVE = {"HX-Request": "true", "HX-Target": "div#results"}


@pytest.fixture
def employee(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.employee)


def test_results_are_a_page_and_a_fragment(employee: FlaskClient, add_service: AddService) -> None:
    add_service("Portátil nuevo", "New laptop")
    page = employee.get("/search?q=portatil").text
    assert "<h1>" in page
    assert "Portátil nuevo" in page
    fragment = employee.get("/search?q=portatil", headers=LIVE).text
    assert fragment.lstrip().startswith('<div id="results"')
    assert "Portátil nuevo" in fragment
    assert "<h1>" not in fragment


def test_nobody_searches_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/search?q=portatil").status_code == 303
    assert client.get("/search?q=portatil", headers=LIVE).status_code == 401


def test_nothing_is_changed_by_posting(employee: FlaskClient) -> None:
    assert employee.post("/search").status_code == 405


@pytest.mark.parametrize("text", ['"', "AND", "%", "C%2B%2B", "x" * 3000, "", "%3F%21", "%00", "a b c d e f g h i j k l m"])
@pytest.mark.parametrize("headers", [{}, LIVE])
def test_any_text_gets_an_answer_KH4(employee: FlaskClient, sources: None, text: str, headers: dict[str, str]) -> None:
    answer = employee.get(f"/search?q={text}", headers=headers)
    assert answer.status_code == 200
    assert 'id="results"' in answer.text


@pytest.mark.parametrize("address", ["/search?q=a&q=b", "/search?q=sala&kind=nothing"])
def test_what_no_form_of_ours_sends_is_refused(employee: FlaskClient, address: str) -> None:
    assert employee.get(address).status_code == 400


def test_typed_markup_is_text(employee: FlaskClient, sources: None) -> None:
    page = employee.get("/search?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page


def test_hidden_things_leave_no_trace_KH6(employee: FlaskClient, add_service: AddService) -> None:
    nothing = employee.get("/search?q=reactor", headers=LIVE).text
    add_service("Reactor secreto", audience="partners")
    assert employee.get("/search?q=reactor", headers=LIVE).text == nothing


def test_one_group_at_length(employee: FlaskClient, add_service: AddService) -> None:
    for number in range(8):
        add_service(f"Impresora {number}")
    page = employee.get("/search?q=impresora").text
    assert "/search?q=impresora&amp;kind=service" in page
    assert "Impresora 7" not in page
    assert "Impresora 7" in employee.get("/search?q=impresora&kind=service").text


def test_words_without_result_are_counted_without_the_person(employee: FlaskClient, sources: None) -> None:
    for text in ("jacuzzi", "Jacuzzi", "yo%40casa.example", "612345678", "?"):
        employee.get(f"/search?q={text}")
    employee.get("/search?q=jacuz", headers=LIVE)
    misses = db.session.execute(select(Miss.text, Miss.count)).all()
    assert misses == [("jacuzzi", 2)]
    assert set(Miss.__table__.columns.keys()) == {"week", "text", "count"}


def test_administrators_read_what_was_looked_for_in_vain_three_times(client: FlaskClient, cast: Cast, sources: None) -> None:
    sign_in(client, cast.employee)
    for text in ("jacuzzi", "jacuzzi", "jacuzzi", "sauna"):
        client.get(f"/search?q={text}")
    assert client.get("/admin/search").status_code == 403
    page = sign_in(client, cast.admin).get("/admin/search").text
    assert "jacuzzi" in page
    assert "sauna" not in page


def test_more_than_fifty_are_not_counted(employee: FlaskClient, add_service: AddService) -> None:
    for number in range(52):
        add_service(f"Impresora {number}")
    assert "Más de 50 resultados" in employee.get("/search?q=impresora&kind=service").text
    everything = employee.get("/search?q=impresora").text
    assert "Más de 20 resultados" in everything
    assert "Ver los primeros 50" in everything


@pytest.mark.parametrize("text", ["impresora", "impresra", "nada"])
def test_statements_do_not_grow_with_results(app: Flask, employee: FlaskClient, add_service: AddService, text: str) -> None:
    add_service("Impresora 1")
    before = statements(employee, text)
    for number in range(20):
        add_service(f"Impresora {number + 2}")
    assert statements(employee, text) <= before <= 12


def statements(client: FlaskClient, text: str) -> int:
    seen: list[str] = []

    def listen(*args: Any) -> None:
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    client.get(f"/search?q={text}")
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)
