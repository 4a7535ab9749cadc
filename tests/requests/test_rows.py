"""Repeating rows on the page of a form, without JavaScript (forms.md 25)."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.approvals.models import Approval, ApprovalContent, ApprovalReceipt
from portal.catalogue.models import Service
from portal.core.db import db
from portal.requests.models import Request, RequestAnswers
from tests.cast.people import sign_in
from tests.factories import catalogue as make
from tests.requests.test_correcting import open_seat, send_back
from tests.requests.test_filling import HX, address, hidden, sent

ONE_TO_NINE = {"decimals": 0, "minimum": "1", "maximum": "9"}
LINES: dict[str, Any] = {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field("reason", "short_text", "Para qué", "What for", required=True),
                make.field(
                    "lines", "rows", "Material", "Things", required=True, rules={"maximum": "5"},
                    columns=[
                        make.field("thing", "short_text", "Qué", "What", required=True),
                        make.field("count", "number", "Cuántos", "How many", rules=ONE_TO_NINE),
                        make.field("cost_centre", "short_text", "Centro de coste", "Cost centre", required=True),
                        make.field("account", "short_text", "Cuenta", "Account", confidential={"groups": ["role:agent"]}),
                    ],
                ),
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def shop(cast) -> Service:
    cast.employee.language = cast.head.language = cast.agent.language = "en"
    made = make.service(cast.it, content=LINES, stages=({"rule": "requester_head"},))
    db.session.commit()
    return made


def cells(row: str, thing: str = "", count: str = "", cost_centre: str = "", account: str = "") -> dict[str, str]:
    texts = {"thing": thing, "count": count, "cost_centre": cost_centre, "account": account}
    return {f"f.lines.{row}.{key}": text for key, text in texts.items()}


def data_of(page: str, *rows: tuple[str, dict[str, str]], reason: str = "Party") -> dict[str, Any]:
    """What a browser posts that shows these rows."""
    typed = {name: text for row, said in rows for name, text in cells(row, **said).items()}
    ids = {"on_page": ["reason", "lines"], "row_id.lines": [row for row, _ in rows]}
    return {**hidden(page), **ids, "f.reason": reason, **typed}


def rows_on(page: str) -> list[str]:
    return re.findall(r'name="row_id.lines" value="([^"]+)"', page)


def kept() -> list[dict[str, Any]]:
    db.session.rollback()
    content = db.session.scalars(select(RequestAnswers)).one().content
    return next(each["value"] for each in content if each["key"] == "lines")


NO_PAGE = '<form id="request_form">'
BALLOONS, CUPS, NAPKINS = (
    {"thing": "Balloons", "count": "9", "cost_centre": "AC", "account": "ES-430"}, {"thing": "Cups", "cost_centre": "AC"},
    {"thing": "Napkins", "cost_centre": "OP"},
)  # fmt: skip


def test_FO15_rows_are_added_and_removed_without_javascript(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    page = client.get(address(shop)).text
    assert rows_on(page) == ["1"]
    for said in (CUPS, NAPKINS):
        ids = rows_on(page)
        typed = [(row, BALLOONS if number == 0 else CUPS) for number, row in enumerate(ids)]
        answer = client.post(address(shop), data={**data_of(page, *typed), "row": "add:lines"})
        assert answer.status_code == 303
        page = client.get(answer.location).text
        assert len(rows_on(page)) == len(ids) + 1, said
        assert re.search(rf'id="input_field_lines_{rows_on(page)[-1]}_thing"[^>]*autofocus', page), "the new row takes the focus"
    one, two, three = rows_on(page)
    data = data_of(page, (one, BALLOONS), (two, CUPS), (three, NAPKINS))
    answer = client.post(address(shop), data={**data, "row": f"remove:lines:{two}"})
    page = client.get(answer.location).text
    assert rows_on(page) == [one, three], "by their ids, not by their places"
    assert all(f'value="{text}"' in page for text in ("Balloons", "Napkins", "ES-430"))
    assert "Cups" not in page
    assert db.session.scalar(select(Request.id)) is None, "nothing was sent"


def test_FO15_same_page_posted_twice_adds_one_row(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = {**data_of(client.get(address(shop)).text, ("1", BALLOONS)), "row": "add:lines"}
    first, second = (client.post(address(shop), data=data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(rows_on(client.get(second.location).text)) == 2


def test_FO16_empty_row_is_dropped_and_the_error_names_row_3(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = data_of(client.get(address(shop)).text, ("1", BALLOONS), ("b", {}), ("c", {"thing": "Napkins"}))
    answer = sent(client, shop, **data)
    assert answer.status_code == 422
    assert 'href="#field_lines_c_cost_centre">Row 3, Cost centre:' in answer.text
    assert rows_on(answer.text) == ["1", "b", "c"], "the page still counts as the error does"
    data = {**data, **hidden(answer.text), "f.lines.c.cost_centre": "OP"}
    assert sent(client, shop, **data).status_code == 303
    assert [each["row_id"] for each in kept()] == ["1", "c"]


def test_htmx_adds_a_row_in_the_fragment(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = {**data_of(client.get(address(shop)).text, ("1", BALLOONS)), "row": "add:lines"}
    answer = client.post(f"{address(shop)}/preview", data=data, headers=HX, follow_redirects=True)
    assert "<html" not in answer.text
    assert len(rows_on(answer.text)) == 2


@pytest.mark.parametrize("ids", [["1", "1"], ["x" * 17], ["<b>"]])
def test_row_ids_of_no_page_are_refused(client: FlaskClient, cast, shop, ids):
    sign_in(client, cast.employee)
    data = data_of(client.get(address(shop)).text, ("1", BALLOONS))
    assert sent(client, shop, **{**data, "row_id.lines": ids}).status_code == 400


def test_request_shows_the_rows_and_hides_the_confidential_column(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    answer = sent(client, shop, **data_of(client.get(address(shop)).text, ("1", BALLOONS), ("b", CUPS)))
    own = client.get(answer.location).text
    assert all(f"<td>{text}</td>" in own for text in ("Balloons", "9", "Cups", "ES-430"))
    sign_in(client, cast.head)
    decision = client.get(f"/approvals/{db.session.scalars(select(Approval.public_id)).one()}").text
    assert "What: Balloons, How many: 9, Cost centre: AC; What: Cups, Cost centre: AC" in decision
    seen = client.get(answer.location).text
    assert "Balloons" in seen
    assert "ES-430" not in decision + seen
    assert "confidential" in seen
    sign_in(client, cast.agent)
    assert "ES-430" in client.get(answer.location).text


def test_AP12_changed_cell_is_other_content_and_a_secret_one_is_told_to_nobody(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    sent(client, shop, **data_of(client.get(address(shop)).text, ("1", BALLOONS), ("b", CUPS)))
    before = db.session.scalars(select(Approval.content_hash)).one()
    send_back(cast.head, "lines")
    reference = db.session.scalars(select(Request.reference)).one()
    sign_in(client, cast.employee)
    page = client.get(f"/requests/{reference}/answers").text
    assert rows_on(page) == ["1", "b"]
    token = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    more = client.post(
        f"/requests/{reference}/answers",
        data={**data_of(NO_PAGE, ("1", BALLOONS), ("b", CUPS)), **token, "row": "remove:lines:b"},
    )
    assert rows_on(more.text) == ["1"], "rows are removed here too, and nothing is sent"
    assert len(kept()) == 2
    changed = {**data_of(NO_PAGE, ("1", {**BALLOONS, "account": "ES-999"})), **token}
    assert client.post(f"/requests/{reference}/answers", data=changed).status_code == 303
    assert kept() == [{"row_id": "1", "values": {"thing": "Balloons", "count": "9", "cost_centre": "AC", "account": "ES-999"}}]
    assert db.session.scalars(select(Approval.content_hash)).one() != before
    told = str([each.answers for each in db.session.scalars(select(ApprovalContent))])
    assert "Balloons" in told
    assert "ES-" not in told
    assert open_seat()
    assert not db.session.scalars(select(ApprovalReceipt)).all()
