"""What blocks the publication of a form with prices (forms.md 22, 27)."""

from typing import Any

import pytest
from flask_babel import force_locale

from portal.catalogue.formkit.price_rules import price_findings
from tests.catalogue.formkit.examples import field, form
from tests.catalogue.formkit.test_pricing import COUNT, PAPER, PLUS_21

SECRET = {"confidential": {"groups": ["role:agent"]}}
BUDGET = field("budget", "money")


@pytest.mark.parametrize(
    ("fields", "pricing", "says"),
    [
        pytest.param([PAPER, COUNT], None, "in which currency", id="no currency"),
        pytest.param([PAPER, field("count")], PLUS_21, "count is no question for a number", id="text as quantity"),
        pytest.param([PAPER], PLUS_21, "count is no question for a number", id="quantity missing"),
        pytest.param([PAPER, field("count", "number")], PLUS_21, "a largest up to 100,000", id="endless quantity"),
        pytest.param(
            [PAPER, field("count", "number", rules={"minimum": "-3", "maximum": "9"})],
            PLUS_21, "a smallest value from 0", id="negative quantity",
        ),
        pytest.param([{**PAPER, **SECRET}, COUNT], PLUS_21, "the sum would tell", id="confidential choice"),
        pytest.param([PAPER, {**COUNT, **SECRET}], PLUS_21, "the sum would tell", id="confidential quantity"),
        pytest.param([PAPER, COUNT, BUDGET], {**PLUS_21, "amount": "budget"}, "a form has one sum", id="two sums"),
        pytest.param([COUNT], {"amount": "count"}, "a question for money", id="number as amount"),
        pytest.param([{**BUDGET, **SECRET}], {"amount": "budget"}, "cannot be the amount", id="confidential amount"),
        pytest.param([{**BUDGET, "rules": {"minimum": "-5"}}], {"amount": "budget"}, "cannot be negative", id="negative amount"),
        pytest.param([COUNT], {"price": 100, "quantity": "count"}, "in which currency", id="form price without currency"),
    ],
)  # fmt: skip
def test_prices_that_cannot_be_summed_block(fields: list[Any], pricing: Any, says: str, speaking) -> None:
    with speaking.test_request_context(), force_locale("en"):
        found = list(price_findings(form(*fields, pricing=pricing)))
        assert [each.level for each in found] == ["block"]
        assert says in str(found[0].message)


@pytest.mark.parametrize("pricing", [PLUS_21, None, {**PLUS_21, "price": 100, "quantity": "count"}])
def test_sound_prices_pass(pricing: Any) -> None:
    priced = [PAPER, COUNT] if pricing else [COUNT, BUDGET]
    assert not list(price_findings(form(*priced, pricing=pricing)))
    assert not list(price_findings(form(BUDGET, pricing={"amount": "budget"})))
