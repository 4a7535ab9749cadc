"""Prices: lines, tax and the one sum of a version (forms.md 22)."""

from decimal import Decimal
from typing import Any

import pytest
from flask_babel import force_locale

from portal.catalogue.formkit.changes import changes
from portal.catalogue.formkit.conditions import SchemaError
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.page import page
from portal.catalogue.formkit.pricing import Sum, price_words, repriced, rows, sum_of, terms, total_in_words
from portal.catalogue.formkit.schema import Pricing, dump_form
from portal.core import money
from tests.catalogue.formkit.examples import field, form, options
from tests.catalogue.formkit.examples import filled as fill_in

PAPER = {
    "key": "what", "type": "one_of", "label": {"en": "What"}, "quantity": "count", "required": True,
    "options": [{**options("toner")[0], "price": 1999}, {**options("pens")[0], "price": 0}, options("nothing")[0]],
}  # fmt: skip
COUNT = field("count", "number", required=True, rules={"decimals": 0, "minimum": "1", "maximum": "50"})
PLUS_21 = {"currency": "EUR", "tax": "21"}


def priced(*fields: dict[str, Any], **pricing: Any) -> Any:
    return form(*fields, pricing={**PLUS_21, **pricing})


def amounts(made: Sum | None) -> tuple[int, int, int] | None:
    return (made.net, made.tax, made.total) if made else None


def test_three_times_19_99_euros_plus_21_percent_FO19():
    assert amounts(sum_of(fill_in(priced(PAPER, COUNT), what="toner", count="3"))) == (5997, 1259, 7256)


@pytest.mark.parametrize(
    ("unit", "quantity", "rate", "included", "expected"),
    [
        (1999, "3", "21", False, (5997, 1259)),
        (50, "1", "21", False, (50, 11)),  # 10.5 goes up
        (1, "0.5", "0", False, (1, 0)),
        (12100, "1", "21", True, (10000, 2100)),
        (1999, "3", "21", True, (4956, 1041)),
        (0, "7", "21", False, (0, 0)),
    ],
)
def test_tax_is_rounded_half_up_in_each_line(unit, quantity, rate, included, expected):
    made = money.line(unit, Decimal(quantity), Decimal(rate), included)
    assert (made.net, made.tax) == expected
    assert made.total == sum(expected)


def test_total_is_the_sum_of_the_rounded_lines():
    cheap = [{**each, "price": 50} for each in options("a", "b", "c")]
    ticked = fill_in(priced(field("several", "several_of", options=cheap)), several=("a", "b", "c"))
    assert amounts(sum_of(ticked)) == (150, 33, 183), "three times 10.5 cents are rounded one by one, not together"


def test_form_without_prices_has_no_sum():
    assert sum_of(fill_in(form(PAPER, COUNT), what="toner", count="1")) is None


def test_line_waits_for_its_quantity_and_counts_one_where_nobody_asks():
    assert amounts(sum_of(fill_in(priced(PAPER, COUNT), what="toner", count="many"))) == (0, 0, 0)
    hidden = {**COUNT, "condition": {"op": "equals", "question": "what", "value": "pens"}}
    assert amounts(sum_of(fill_in(priced(PAPER, hidden), what="toner", count="9"))) == (1999, 420, 2419)


def test_hidden_question_costs_nothing():
    more = {**PAPER, "key": "more", "quantity": "", "condition": {"op": "equals", "question": "what", "value": "pens"}}
    assert amounts(sum_of(fill_in(priced(PAPER, COUNT, more), what="toner", count="1", more="toner"))) == (1999, 420, 2419)


def test_price_of_the_form_itself_is_multiplied_by_its_quantity():
    assert amounts(sum_of(fill_in(priced(COUNT, price=1000, quantity="count"), count="2"))) == (2000, 420, 2420)


def test_money_question_can_be_the_amount():
    made = sum_of(fill_in(priced(field("budget", "money"), amount="budget"), budget="1,234.56"))
    assert made
    assert (made.total, made.tax, made.currency) == (123456, 0, "EUR")


def test_sum_is_kept_and_read_back():
    made = sum_of(fill_in(priced(PAPER, COUNT, period="month"), what="toner", count="3"))
    assert made
    assert Sum.from_json(made.to_json()) == made
    assert total_in_words(made.to_json(), "en") == "€72.56"


def test_arithmetic_is_shown_in_words(speaking):
    with speaking.test_request_context(), force_locale("en"):
        made = sum_of(fill_in(priced(PAPER, COUNT, period="month"), what="toner", count="3"))
        assert made
        lines, total = rows(made, "en")
        assert [(str(words), amount) for words, amount in lines] == [("Toner: 3 × €19.99", "€59.97"), ("21% tax", "€12.59")]
        assert (str(total[0]), total[1]) == ("In total, a month", "€72.56")


def test_option_shows_its_price_with_tax_and_period(speaking):
    with speaking.test_request_context(), force_locale("en"):
        question = page(fill_in(priced(PAPER, COUNT, period="year")), judged=False)[0].questions[0]
        assert [str(each.price) for each in question.options] == ["€19.99 a year plus 21% tax", "€0.00 a year plus 21% tax", ""]
        assert str(price_words(12100, Pricing("EUR", tax="21", included=True), "en")) == "€121.00, 21% tax included"


def test_price_that_changed_since_it_was_shown_is_told_FO9(speaking):
    dearer = {**PAPER, "options": [{**PAPER["options"][0], "price": 2499}, {**PAPER["options"][1], "price": 100}]}
    shown = terms(priced(PAPER, COUNT))
    with speaking.test_request_context(), force_locale("en"):
        found = repriced(fill_in(priced(dearer, COUNT), what="toner", count="1"), shown)
        assert [(each.label, str(each.before), str(each.after)) for each in found] == [
            ("Toner", "€19.99 plus 21% tax", "€24.99 plus 21% tax")
        ], "what is not chosen needs no confirmation"
    assert not repriced(fill_in(priced(PAPER, COUNT), what="toner", count="1"), shown)


@pytest.mark.parametrize("more", [{"tax": "4"}, {"currency": "USD"}, {"period": "year"}, {"included": True}])
def test_other_terms_are_another_price_FO9(more):
    assert repriced(fill_in(priced(PAPER, COUNT, **more), what="toner", count="1"), terms(priced(PAPER, COUNT)))


def test_prices_stay_in_the_canonical_json_even_when_free():
    made = priced(PAPER, COUNT, price=0)
    assert load_form(dump_form(made)) == made


@pytest.mark.parametrize("wrong", [{"currency": "euro"}, {"tax": "21,5"}, {"tax": "-1"}, {"period": "week"}, {"price": -1}])
def test_unknown_terms_are_refused(wrong):
    with pytest.raises(SchemaError):
        priced(PAPER, COUNT, **wrong)


def test_changed_price_is_named_between_versions(speaking):
    dearer = {**PAPER, "options": [{**PAPER["options"][0], "price": 2499}, *PAPER["options"][1:]]}
    with speaking.test_request_context(), force_locale("en"):
        found = [str(each.message) for each in changes(priced(PAPER, COUNT), priced(dearer, COUNT), "en")]
        assert found == ["“What”: Toner costs €24.99 plus 21% tax instead of €19.99 plus 21% tax."]
