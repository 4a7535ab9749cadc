"""The one sum of a form version: lines of quantity times price, or the money question named as the amount (FO rule 22)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.amounts import from_plain, plain, show_number
from portal.catalogue.formkit.answers import Filled
from portal.catalogue.formkit.rows import cell
from portal.catalogue.formkit.schema import Field, Form, Option, Pricing
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Message
from portal.core import money
from portal.core.money import Money
from portal.core.text import in_language

WHOLE_FORM = "form"
ONE = Decimal(1)


@dataclass(frozen=True)
class PricedLine:
    """One line as a request keeps it: what, how much of it at which price, and what that makes in minor units."""

    key: str
    label: str
    quantity: str
    unit: int
    net: int
    tax: int


@dataclass(frozen=True)
class Sum:
    """What a form costs as it is filled in; `total` is the amount that routes compare, in minor units."""

    currency: str
    period: str
    rate: str
    included: bool
    lines: tuple[PricedLine, ...]

    @property
    def net(self) -> int:
        """Return the sum without tax."""
        return sum(each.net for each in self.lines)

    @property
    def tax(self) -> int:
        """Return the sum of the taxes of the lines."""
        return sum(each.tax for each in self.lines)

    @property
    def total(self) -> int:
        """Return the sum of the rounded lines (FO19)."""
        return self.net + self.tax

    def money(self, minor: int) -> Money:
        """Return an amount in the currency of the form."""
        return Money(minor, self.currency)

    def to_json(self) -> dict[str, Any]:
        """Return what a request keeps: currency, tax rate and each price as it was sent."""
        return asdict(self) | {"lines": [asdict(each) for each in self.lines]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sum":
        """Return what a request kept."""
        return cls(**{**data, "lines": tuple(PricedLine(**each) for each in data["lines"])})


@dataclass(frozen=True)
class Repriced:
    """Something chosen whose price is no longer the one that was shown (FO9)."""

    label: str
    before: Message
    after: Message


def currency_of(form: Form) -> str:
    """Return the currency of the form's one sum; empty for a form that adds up none."""
    if form.pricing is None:
        return ""
    named = form.by_key.get(form.pricing.amount) if form.pricing.amount else None
    return named.rules.currency if named else form.pricing.currency


def sum_of(filled: Filled) -> Sum | None:
    """Return what the form costs as far as it is filled in; None for a form without prices.

    This is the amount of a request: `sum_of(filled).total` minor units of `.currency`.
    """
    pricing = filled.form.pricing
    if pricing is None:
        return None
    if pricing.amount:
        return _named(filled, pricing)
    lines = tuple(_line(pricing, *each) for each in _priced(filled, pricing)) if pricing.currency else ()
    return Sum(pricing.currency, pricing.period, pricing.tax, pricing.included, lines)


def _named(filled: Filled, pricing: Pricing) -> Sum:
    each, value = filled.form.by_key.get(pricing.amount), filled.values.get(pricing.amount)
    if each is None or not isinstance(value, Money):
        return Sum(currency_of(filled.form), pricing.period, "", False, ())
    label = in_language(each.label, filled.context.language)
    return Sum(value.currency, pricing.period, "", False, (PricedLine(each.key, label, "1", value.minor, value.minor, 0),))


def _priced(filled: Filled, pricing: Pricing) -> Iterator[tuple[str, str, Decimal, int]]:
    """Return key, words, quantity and price of what is chosen; what still has no readable quantity is left out."""
    if pricing.price is not None:
        count = _quantity(filled, pricing.quantity, filled.values)
        if count is not None:
            yield WHOLE_FORM, str(_("The service")), count, pricing.price
    for each, values, row in _everything(filled):
        count = _quantity(filled, each.quantity, values, row)
        for option in _chosen(each, values):
            if option.price is not None and count is not None:
                yield key_of(each, option), in_language(option.label, filled.context.language), count, option.price


def _everything(filled: Filled) -> Iterator[tuple[Field, Mapping[str, Any], str]]:
    """Return every question, and every column of every row, with the values beside it and the begin of its name."""
    for each in filled.form.fields:
        yield each, filled.values, ""
        for row in filled.values.get(each.key, ()) if each.columns else ():
            there = [column for column in each.columns if column.key in row.data]
            said = {column.key: type_of(column.type).from_json(row.data[column.key]) for column in there}
            for column in each.columns:
                yield column, {**filled.values, **said}, cell(each.key, row.id, "")


def _quantity(filled: Filled, key: str, values: Mapping[str, Any], row: str = "") -> Decimal | None:
    """Return how many are asked for: one where nobody asks, nothing while the answer cannot be read (FO rule 25)."""
    value = values.get(key)
    if isinstance(value, Decimal):
        return value
    name = key if key in filled.visible else row + key
    return None if filled.problem(name) else ONE


def _chosen(each: Field, values: Mapping[str, Any]) -> list[Option]:
    value = values.get(each.key)
    keys = value if isinstance(value, tuple) else (value,)
    return [option for option in each.options if option.key in keys]


def _line(pricing: Pricing, key: str, label: str, quantity: Decimal, unit: int) -> PricedLine:
    made = money.line(unit, quantity, Decimal(pricing.tax or 0), pricing.included)
    return PricedLine(key, label, plain(quantity), unit, made.net, made.tax)


def key_of(each: Field, option: Option) -> str:
    """Return the name of a price: question and option."""
    return f"{each.key}.{option.key}"


# --- prices that change while a draft lies ---------------------------------------------------------------------------


def terms(form: Form) -> dict[str, str]:
    """Return every price of a form with its currency, period and tax, as canonical texts that a draft keeps."""
    pricing = form.pricing
    if pricing is None or not pricing.currency:
        return {}
    whole = {} if pricing.price is None else {WHOLE_FORM: pricing.price}
    options = {key_of(each, option): option.price for each in form.by_key.values() for option in each.options}
    prices = {key: price for key, price in (whole | options).items() if price is not None}
    return {key: _term(price, pricing) for key, price in prices.items()}


def _term(price: int, pricing: Pricing) -> str:
    return f"{price} {pricing.currency} {pricing.period} {pricing.tax or 0} {'included' if pricing.included else 'added'}"


def repriced(filled: Filled, shown: Mapping[str, str]) -> tuple[Repriced, ...]:
    """Return what is chosen now at another price than the one that was shown when it was typed (FO9)."""
    now, made = terms(filled.form), sum_of(filled)
    lines = made.lines if made else ()
    return tuple(
        Repriced(each.label, *(_term_words(text, filled.context.language) for text in (shown[each.key], now[each.key])))
        for each in lines
        if each.key in shown and each.key in now and shown[each.key] != now[each.key]
    )


def price_changes(old: Form, new: Form, language: str) -> Iterator[tuple[str, Message]]:
    """Return (question, sentence) for every price that both versions have and that is another now (FO rule 10)."""
    before, after = terms(old), terms(new)
    for key, term in after.items():
        if before.get(key, term) != term:
            was, now = (_term_words(each, language) for each in (before[key], term))
            each, name = _named_price(new, key, language)
            label = in_language(each.label, language) if each else ""
            if each is None:
                yield "", _("The price is %(now)s instead of %(was)s.", now=now, was=was)
            else:
                values = {"label": label, "option": name, "now": now, "was": was}
                yield each.key, _("“%(label)s”: %(option)s costs %(now)s instead of %(was)s.", **values)
    if _way(old.pricing) != _way(new.pricing):
        yield "", _("What it costs is computed in another way.")


def _named_price(form: Form, key: str, language: str) -> tuple[Field | None, str]:
    question, _dot, wanted = key.partition(".")
    each = form.by_key.get(question) if wanted else None
    option = each.option(wanted) if each else None
    return each, in_language(option.label, language) if option else ""


def _way(pricing: Pricing | None) -> tuple[str, str] | None:
    return (pricing.amount, pricing.quantity) if pricing else None


def _term_words(text: str, language: str) -> Message:
    price, currency, period, tax, how = text.split(" ")
    pricing = Pricing(currency, period, "" if tax == "0" else tax, how == "included")
    return price_words(int(price), pricing, language)


# --- in words --------------------------------------------------------------------------------------------------------


def price_words(price: int, pricing: Pricing, language: str) -> Message:
    """Return a price with its tax rule and period (FO rule 22)."""
    amount = Money(price, pricing.currency).words(language)
    if pricing.period == "month":
        amount = _("%(amount)s a month", amount=amount)
    elif pricing.period == "year":
        amount = _("%(amount)s a year", amount=amount)
    if not pricing.tax:
        return amount
    rate = show_number(from_plain(pricing.tax), language)
    if pricing.included:
        return _("%(amount)s, %(rate)s%% tax included", amount=amount, rate=rate)
    return _("%(amount)s plus %(rate)s%% tax", amount=amount, rate=rate)


def rows(made: Sum, language: str) -> tuple[list[tuple[Message, str]], tuple[Message, str]]:
    """Return the arithmetic of a sum as pairs of words and amount, and its total."""
    shown = [(_words_of(each, made, language), made.money(_told(each, made)).words(language)) for each in made.lines]
    if made.rate:
        rate = show_number(from_plain(made.rate), language)
        words = _("of it %(rate)s%% tax", rate=rate) if made.included else _("%(rate)s%% tax", rate=rate)
        shown.append((words, made.money(made.tax).words(language)))
    total = {"once": _("In total"), "month": _("In total, a month"), "year": _("In total, a year")}[made.period]
    return shown, (total, made.money(made.total).words(language))


def _told(each: PricedLine, made: Sum) -> int:
    return each.net + each.tax if made.included else each.net


def _words_of(each: PricedLine, made: Sum, language: str) -> Message:
    if each.quantity == "1":
        return each.label
    count, unit = show_number(from_plain(each.quantity), language), made.money(each.unit).words(language)
    return _("%(label)s: %(count)s × %(unit)s", label=each.label, count=count, unit=unit)


def total_in_words(data: Mapping[str, Any], language: str) -> str:
    """Return the total of a kept sum."""
    made = Sum.from_json(data)
    return made.money(made.total).words(language)
