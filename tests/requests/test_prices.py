"""What a request costs: shown on the form, confirmed when it changes, kept as it was sent (forms.md 22)."""

from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.approvals.models import Approval
from portal.catalogue.models import FormVersion, Service
from portal.core.db import db
from portal.requests.models import Request, RequestAnswers
from tests.accounts.helpers import enrol
from tests.cast.people import sign_in
from tests.factories import catalogue as make
from tests.requests.test_correcting import send_back
from tests.requests.test_filling import HX, address, filled, hidden, sent

TONER: dict[str, Any] = {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field(
                    "what", "one_of", "Qué", "What", required=True, quantity="count",
                    options=[
                        make.option("toner", "Tóner", "Toner", price=1999), make.option("pens", "Bolígrafos", "Pens", price=250),
                    ],
                ),
                make.field(
                    "count", "number", "Cuántos", "How many", required=True,
                    rules={"decimals": 0, "minimum": "1", "maximum": "50"},
                ),
            ],
        }
    ],
    "pricing": {"currency": "EUR", "tax": "21"},
}  # fmt: skip


@pytest.fixture
def shop(cast) -> Service:
    cast.employee.language = cast.head.language = "en"
    made = make.service(cast.it, content=TONER, stages=({"rule": "requester_head"},))
    db.session.commit()
    return made


def now_costs(shop: Service, price: int) -> None:
    """Publish a version in which toner has this price."""
    content = deepcopy(TONER)
    content["sections"][0]["fields"][0]["options"][0]["price"] = price
    before = db.session.scalars(
        select(FormVersion).where(FormVersion.service_id == shop.id, FormVersion.state == "published")
    ).one()
    db.session.execute(update(FormVersion).where(FormVersion.id == before.id).values(state="superseded"))
    make.version(shop, content, before.number + 1)
    db.session.commit()


def the_request() -> Request:
    db.session.rollback()
    return db.session.scalars(select(Request)).one()


def cost() -> dict[str, Any]:
    return db.session.get_one(RequestAnswers, the_request().id).cost or {}


def test_FO19_three_times_19_99_and_tax_is_shown_sent_and_kept(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = filled(client, shop, what="toner", count="3")
    assert "€19.99 plus 21% tax" in client.get(address(shop)).text
    page = client.post(f"{address(shop)}/preview", data=data, headers=HX, follow_redirects=True)
    assert all(amount in page.text for amount in ("€59.97", "€12.59", "€72.56")), "the sum follows the answers"
    assert '<div id="price"' in page.text
    data["revision"] = "1"
    answer = sent(client, shop, **data)
    assert answer.status_code == 303
    assert (the_request().amount, the_request().currency) == (7256, "EUR")
    assert cost()["lines"] == [
        {"key": "what.toner", "label": "Toner", "quantity": "3", "unit": 1999, "net": 5997, "tax": 1259}
    ], "price and quantity as sent"
    assert db.session.execute(select(Approval.amount, Approval.net)).one() == (7256, 5997)
    shown = client.get(answer.location).text
    assert "€72.56" in shown
    enrol(cast.head)
    sign_in(client, cast.head)
    decision = client.get(f"/approvals/{db.session.scalars(select(Approval.public_id)).one()}").text
    assert "€72.56" in decision, "who decides sees what it costs"
    assert 'value=""' not in decision[decision.index("What should be corrected") :], "and cannot ask to correct a sum"


@pytest.mark.parametrize("price", [2499, 999])
def test_FO9_price_changes_between_draft_and_send(client: FlaskClient, cast, shop, price):
    sign_in(client, cast.employee)
    data = filled(client, shop, what="toner", count="1")
    now_costs(shop, price)
    back = sent(client, shop, **data)
    assert back.status_code == 422
    assert "€19.99 plus 21% tax" in back.text
    assert f"€{price / 100:.2f} plus 21% tax" in back.text
    assert back.text.count('name="confirmed"') == 1
    again = {**data, **hidden(back.text), "changed": "1"}
    unticked = sent(client, shop, **again)
    assert unticked.status_code == 422, "a price is not agreed to by pressing twice"
    assert db.session.scalar(select(Request.id)) is None
    confirmed = sent(client, shop, **{**again, **hidden(unticked.text), "confirmed": "1"})
    assert confirmed.status_code == 303
    assert cost()["lines"][0]["unit"] == price
    assert the_request().form_version.number == 2


def test_FO9_draft_that_is_opened_later_asks_for_the_new_price_too(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = filled(client, shop, what="toner", count="1")
    client.post(address(shop), data={**data, "go": "save"})
    now_costs(shop, 2499)
    opened = client.get(address(shop))
    assert "The price has changed since you chose." in opened.text
    data = {**data, **hidden(opened.text)}
    assert sent(client, shop, **data).status_code == 422
    page = client.post(
        f"{address(shop)}/preview", data={**data, **hidden(client.get(address(shop)).text)}, headers=HX, follow_redirects=True
    )
    assert 'name="confirmed"' in page.text, "the box stays while the answers change"


def test_FO9_other_price_than_the_chosen_one_needs_no_confirmation(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    data = filled(client, shop, what="pens", count="1")
    client.post(address(shop), data={**data, "go": "save"})
    now_costs(shop, 2499)
    opened = client.get(address(shop)).text
    assert 'name="confirmed"' not in opened
    assert sent(client, shop, **{**data, **hidden(opened)}).status_code == 303


def test_AP12_price_belongs_to_what_is_decided_on(client: FlaskClient, cast, shop):
    sign_in(client, cast.employee)
    sent(client, shop, **filled(client, shop, what="toner", count="3"))
    before = db.session.scalars(select(Approval.content_hash)).one()
    enrol(cast.head)
    send_back(cast.head, "count")
    sign_in(client, cast.employee)
    page = client.get(f"/requests/{the_request().reference}/answers")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    changed = {"csrf_token": token, "on_page": ["count"], "f.count": "4"}
    assert client.post(f"/requests/{the_request().reference}/answers", data=changed).status_code == 303
    assert the_request().amount == 9675
    approval = db.session.scalars(select(Approval)).one()
    assert (approval.amount, approval.net) == (9675, 7996), "the route compares what is asked for now"
    assert approval.content_hash != before


def test_form_without_prices_has_no_amount(client: FlaskClient, cast):
    cast.employee.language = "en"
    plain = make.service(cast.it, content=make.SIMPLE)
    db.session.commit()
    sign_in(client, cast.employee)
    assert "What it costs" not in client.get(address(plain)).text
    sent(client, plain, **filled(client, plain, subject="Nothing"))
    assert (the_request().amount, the_request().currency, cost()) == (None, None, {})
