"""A link that fills in a form: known questions only, judged like typed text, and never sent (forms.md 20)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.catalogue.models import Draft, Service
from portal.core.db import db
from portal.requests.models import Request
from tests.cast.people import sign_in
from tests.factories import catalogue as make
from tests.requests.test_filling import address, hidden, sent

FORM: dict[str, Any] = {
    "sections": [
        {
            "key": "what",
            "fields": [
                *make.SIMPLE["sections"][0]["fields"],
                make.field("count", "number", "Cuántos", "How many", rules={"decimals": 0, "minimum": "1", "maximum": "9"}),
                make.field("health", "short_text", "Salud", "Health", confidential={"groups": ["role:agent"]}),
                make.field(
                    "why", "short_text", "Por qué", "Why", condition={"op": "greater", "question": "count", "value": "5"},
                ),
                make.field("lines", "rows", "Filas", "Rows", columns=[make.field("thing", "short_text", "Qué", "What")]),
            ],
        }
    ],
    "title": ["subject"],
}  # fmt: skip


@pytest.fixture
def desk(cast) -> Service:
    cast.employee.language = "en"
    made = make.service(cast.it, content=FORM)
    db.session.commit()
    return made


def opened(client: FlaskClient, cast, desk: Service, **link: str) -> str:
    sign_in(client, cast.employee)
    answer = client.get(address(desk), query_string={f"f.{key}": text for key, text in link.items()})
    assert answer.status_code == 200
    return answer.text


def test_link_fills_in_known_questions_and_marks_them(client: FlaskClient, cast, desk):
    page = opened(client, cast, desk, subject="Chair & desk", count="3", unknown="x")
    assert 'value="Chair &amp; desk"' in page
    assert 'value="3"' in page
    assert page.count("Filled in for you: check it.") == 2
    assert "unknown" not in page


def test_FO13_confidential_hidden_and_repeated_questions_stay_empty(client: FlaskClient, cast, desk):
    page = opened(client, cast, desk, health="SECRET1", why="SECRET2", **{"lines.1.thing": "SECRET3", "lines": "SECRET4"})
    assert "SECRET" not in page.replace("f.health=SECRET1", "")


def test_filling_in_by_link_stores_and_sends_nothing(client: FlaskClient, cast, desk):
    opened(client, cast, desk, subject="Chair", go="send")
    assert client.head(address(desk) + "?f.subject=Chair&go=send&confirmed=1&row=add:lines").status_code == 200
    db.session.rollback()
    assert [db.session.scalar(select(func.count()).select_from(model)) for model in (Draft, Request)] == [0, 0]


def test_value_of_a_link_is_judged_like_typed_text(client: FlaskClient, cast, desk):
    page = opened(client, cast, desk, subject="Chair", count="99")
    data = {**hidden(page), "on_page": ["subject", "count"], "f.subject": "Chair", "f.count": "99"}
    answer = sent(client, desk, **data)
    assert answer.status_code == 422
    assert "How many: a whole number from 1 to 9" in answer.text


def test_link_of_more_than_2000_characters_fills_in_nothing(client: FlaskClient, cast, desk):
    assert "Chair" not in opened(client, cast, desk, subject="Chair", details="x" * 2000)
    assert 'value="Chair"' in opened(client, cast, desk, subject="Chair", details="x" * 1000)
