"""What an editor posts about prices: to flat values and back (forms.md 22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from portal.catalogue.formkit.amounts import Unclear, plain, read_number, write_number
from portal.catalogue.formkit.loader import CURRENCY, DEAREST
from portal.catalogue.formkit.schema import ONCE, PERIODS, Form, Pricing
from portal.catalogue.formkit.values import Message
from portal.core.money import Money, digits
from portal.core.text import in_language

Values = MultiDict[str, str]
MOST_TAX = Decimal(100)
TAX_DECIMALS = 3
PERIOD_NAMES: Mapping[str, Message] = {ONCE: _("Once"), "month": _("Every month"), "year": _("Every year")}


class NoPrice(ValueError):
    """The text is no price."""


@dataclass(frozen=True)
class ReadPricing:
    """Prices as posted, with what is wrong, by name of the input."""

    pricing: Pricing | None
    problems: Mapping[str, Message]


def flat(pricing: Pricing | None, language: str) -> Values:
    """Return the values of the inputs that show how a form is priced."""
    if pricing is None:
        return MultiDict({"period": ONCE})
    values: Values = MultiDict({name: getattr(pricing, name) for name in ("currency", "period", "quantity", "amount")})
    values["price"] = price_text(pricing.price, pricing.currency, language)
    values["tax"] = write_number(Decimal(pricing.tax), language) if pricing.tax else ""
    if pricing.included:
        values["included"] = "yes"
    return values


def read(values: Values, language: str) -> ReadPricing:
    """Return what the posted values say; a form without currency and amount has no prices."""
    problems: dict[str, Message] = {}
    currency, amount = values.get("currency", "").strip().upper(), values.get("amount", "")
    if currency and not CURRENCY.fullmatch(currency):
        problems["currency"] = _("three letters, such as EUR")
    tax, price = _tax(values.get("tax", ""), language, problems), None
    if not problems:
        try:
            price = minor_of(values.get("price", ""), currency, language)
        except NoPrice:
            problems["price"] = expected(currency, language)
    period = values.get("period", ONCE)
    made = Pricing(
        currency=currency,
        period=period if period in PERIODS else ONCE,
        tax=tax,
        included="included" in values,
        price=price,
        quantity=values.get("quantity", ""),
        amount=amount,
    )
    return ReadPricing(made if currency or amount or price is not None else None, problems)


def _tax(text: str, language: str, problems: dict[str, Message]) -> str:
    text = text.strip().removesuffix("%").strip()
    if not text:
        return ""
    try:
        rate = read_number(text, language, TAX_DECIMALS)
    except Unclear:
        rate = MOST_TAX
    if not 0 <= rate < MOST_TAX:
        problems["tax"] = _("a percentage from 0 to 99, such as 21")
        return ""
    return plain(rate) if rate else ""


def minor_of(text: str, currency: str, language: str) -> int | None:
    """Return a price in minor units, None where there is none; raise NoPrice."""
    if not text.strip():
        return None
    decimals = digits(currency)
    try:
        found = read_number(text, language, decimals)
    except Unclear:
        raise NoPrice from None
    minor = int(found.scaleb(decimals))
    if not 0 <= minor <= DEAREST:
        raise NoPrice
    return minor


def price_text(price: int | None, currency: str, language: str) -> str:
    """Return a price as it would be typed."""
    if price is None:
        return ""
    exact = f"{Money(price, currency).major:.{digits(currency)}f}"
    return exact.replace(".", write_number(Decimal("0.5"), language)[1])


def expected(currency: str, language: str) -> Message:
    """Return the phrase that says which price is right."""
    return _("a price such as %(example)s", example=price_text(15 * 10 ** digits(currency), currency, language))


def questions_of(form: Form, kind: str, beside: str = "") -> Sequence[tuple[str, str]]:
    """Return key and words of the questions of a type, for a quantity or an amount; `beside` a column, its own row too."""
    rows = form.parents.get(beside)
    there = (*form.fields, *(rows.columns if rows else ()))
    return [(each.key, in_language(each.label) or each.key) for each in there if each.type == kind]
