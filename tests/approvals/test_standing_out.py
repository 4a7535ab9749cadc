"""Differing values among several decisions are marked: dearer than the median, another quantity, for somebody else."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.approvals import queries
from portal.approvals.queries import Marks
from portal.core import subjects
from portal.core.db import db
from portal.requests.models import Request, RequestAnswers
from tests.approvals.begun import begin, counted
from tests.approvals.conftest import NOW
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory

pytestmark = pytest.mark.usefixtures("today")


def marks(cast: Cast) -> dict[str, Marks]:
    rows, _count = queries.oldest(cast.head, NOW, 99)
    found = queries.marks_of(rows)
    return {row.title: found[row.seat.id] for row in rows}


@pytest.mark.parametrize(
    ("amounts", "dear"),
    [
        ([100, 200, 300], {"300"}),
        ([100, 100, 100], set()),
        ([100, 900], {"900"}),
        ([500], set()),
        ([100, 200, 300, 400], {"300", "400"}),
    ],
    ids=["three", "all alike", "two", "alone", "four"],
)
def test_rule_29_a_sum_above_the_median_is_marked(cast: Cast, amounts: list[int], dear: set[str]) -> None:
    for place, amount in enumerate(amounts):
        begin(cast, NOW, title=f"{amount}" if amounts.count(amount) == 1 else f"{amount} {place}", amount=amount, currency="EUR")
    assert {title for title, mark in marks(cast).items() if mark.is_dear} == dear


def test_rule_29_sums_of_different_currencies_are_not_compared(cast: Cast) -> None:
    begin(cast, NOW, title="Euros", amount=100, currency="EUR")
    begin(cast, NOW, title="Yen", amount=90_000, currency="JPY")
    begin(cast, NOW, title="Without a sum")
    found = marks(cast)
    assert not any(mark.is_dear for mark in found.values())
    assert (found["Yen"].amount, found["Without a sum"].amount) == ("¥90,000", "")


def test_rule_29_what_is_for_somebody_else_than_who_asks_is_marked(cast: Cast) -> None:
    begin(cast, NOW, title="Own")
    begin(cast, NOW, title="For another", beneficiary_id=cast.colleague.id)
    found = marks(cast)
    assert (found["Own"].beneficiary, found["For another"].beneficiary) == ("", cast.colleague.name)


def ask(cast: Cast, service, count: str, title: str) -> Request:
    request = factory.send(service, cast.employee, title=title)
    request.amount, request.currency = 100, "EUR"
    line = {"key": "form", "label": "x", "quantity": count, "unit": 100, "net": 100, "tax": 0}
    cost = {"currency": "EUR", "period": "once", "rate": "", "included": False, "lines": [line]}
    db.session.get_one(RequestAnswers, request.id).cost = cost
    db.session.flush()
    return request


def test_rule_29_another_quantity_than_the_others_is_marked(cast: Cast, app: Flask) -> None:
    cast.head.language = "en"
    monitors = factory.service(cast.it, factory.HEAD_DECIDES, slug="monitors")
    chairs = factory.service(cast.it, factory.HEAD_DECIDES, slug="chairs")
    for count, title in (("1", "One"), ("1", "One more"), ("12", "A dozen")):
        ask(cast, monitors, count, title)
    ask(cast, chairs, "40", "Chairs")
    found = marks(cast)
    assert {title: (mark.quantity, mark.usual) for title, mark in found.items() if mark.quantity} == {"A dozen": ("12", "1")}
    page = sign_in(app.test_client(), cast.head).get("/approvals").text
    assert page.count("Quantity 12, the others 1") == 1


def test_quantities_of_many_rows_take_one_statement(cast: Cast) -> None:
    service = factory.service(cast.it, factory.HEAD_DECIDES, slug="monitors")
    requests = [ask(cast, service, str(number), f"Number {number}") for number in range(1, 9)]
    db.session.flush()
    with counted() as statements:
        found = subjects.of_kind("request").quantities(requests)
        assert statements() == 1
    assert found[requests[2].id] == (str(service.id), Decimal(3))
