"""The file of a queue: the rows of its list, nothing confidential, no formulas (FO22, SE-56, permissions.md row 33)."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.catalogue.models import Service
from portal.core.db import db
from portal.people.models import Role
from portal.requests import exporting
from tests.cast.people import grant, sign_in
from tests.factories import catalogue as make
from tests.factories import requests as factory
from tests.requests.test_filling import address, filled, sent
from tests.requests.test_rows import BALLOONS, LINES, data_of

HEALTH: dict[str, Any] = {
    "sections": [
        {
            "key": "what",
            "fields": [
                *make.SIMPLE["sections"][0]["fields"],
                make.field("health", "short_text", "Salud", "Health", confidential={"groups": ["role:trainer"]}),
            ],
        }
    ],
    "title": ["subject"],
}


@pytest.fixture
def desk(cast) -> Service:
    cast.agent.language = cast.employee.language = "en"
    made = make.service(cast.it, content=HEALTH)
    db.session.commit()
    return made


def export(client: FlaskClient, **filters: str) -> list[dict[str, str]]:
    answer = client.get("/requests/queue/export", query_string={"department": "it", **filters})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


def ask(client: FlaskClient, cast, desk: Service, **texts: str) -> None:
    sign_in(client, cast.employee)
    assert sent(client, desk, **filled(client, desk, **texts)).status_code == 303


def test_FO22_confidential_column_is_there_without_values(client: FlaskClient, cast, desk):
    ask(client, cast, desk, subject="Chair", details="Soft", health="Bad back")
    ask(client, cast, desk, subject="Lamp", health="")
    sign_in(client, cast.agent)
    rows = export(client, service=desk.slug)
    assert [each["What you need"] for each in rows] == ["Chair", "Lamp"]
    assert [each["Details"] for each in rows] == ["Soft", ""]
    assert [each["Health (confidential)"] for each in rows] == ["confidential", "confidential"], "not even whether there is one"
    assert "Bad back" not in str(rows)
    grant(cast.agent, Role.TRAINER)
    db.session.commit()
    sign_in(client, cast.agent)
    assert [each["Health"] for each in export(client, service=desk.slug)] == ["Bad back", ""]


def test_FO22_confidential_column_of_rows_is_not_told(client: FlaskClient, cast):
    cast.employee.language = "en"
    shop = make.service(cast.it, content=LINES)
    db.session.commit()
    sign_in(client, cast.employee)
    sent(client, shop, **data_of(client.get(address(shop)).text, ("1", BALLOONS)))
    cast.head2.language = "en"
    db.session.commit()
    sign_in(client, cast.agent)
    assert "ES-430" in str(export(client, service=shop.slug)), "agents are named for the column"
    LINES["sections"][0]["fields"][1]["columns"][3]["confidential"]["groups"] = ["role:trainer"]
    other = make.service(cast.it, "other", content=LINES)
    db.session.commit()
    sign_in(client, cast.employee)
    sent(client, other, **data_of(client.get(address(other)).text, ("1", BALLOONS)))
    LINES["sections"][0]["fields"][1]["columns"][3]["confidential"]["groups"] = ["role:agent"]
    sign_in(client, cast.agent)
    (row,) = export(client, service="other")
    assert "Balloons" in str(row)
    assert "ES-430" not in str(row)


def test_SE56_text_never_becomes_a_formula(client: FlaskClient, cast, desk):
    ask(client, cast, desk, subject="=1+1", details=" @SUM(A1)", health="-2")
    sign_in(client, cast.agent)
    (row,) = export(client, service=desk.slug)
    assert (row["What you need"], row["Details"].strip()[0]) == ("'=1+1", "'")


def test_file_has_the_rows_and_the_order_of_the_list(client: FlaskClient, cast, desk):
    for subject in ("Chair", "Lamp", "Desk"):
        ask(client, cast, desk, subject=subject)
    sign_in(client, cast.agent)
    everything = export(client)
    assert [each["Request"].split(": ")[1] for each in everything] == ["Chair", "Lamp", "Desk"]
    assert "What you need" not in everything[0], "questions only where all rows have the same"
    assert [each["Request"].split(": ")[1] for each in export(client, q="lamp")] == ["Lamp"]
    assert "/requests/queue/export?department=it&amp;q=lamp" in client.get("/requests/queue?department=it&q=lamp").text


def test_file_is_capped_and_audited(client: FlaskClient, cast, help_desk, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    for _ in range(3):
        factory.send(help_desk, cast.employee)
    db.session.commit()
    sign_in(client, cast.agent)
    assert len(export(client)) == 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "requests.exported")).one()
    assert (entry.actor_id, entry.after) == (cast.agent.id, {"rows": 2})


def test_others_get_no_file(client: FlaskClient, cast, desk):
    sign_in(client, cast.employee)
    assert client.get("/requests/queue/export").status_code == 403
    sign_in(client, cast.agent)
    assert client.get("/requests/queue/export?department=finance").status_code == 400
    assert client.get("/requests/queue/export?state=nonsense").status_code == 400
