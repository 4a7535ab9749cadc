"""What the linter says of prices: one currency, one sum, quantities that can be multiplied, nothing confidential (FO rule 27)."""

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.amounts import from_plain
from portal.catalogue.formkit.linter import Finding
from portal.catalogue.formkit.schema import Field, Form, Pricing
from portal.core.text import in_language

MOST = Decimal(100_000)
"""The largest quantity: sums of any number of lines stay within 64 bits."""


def price_findings(form: Form) -> Iterator[Finding]:
    """Return what blocks publication."""
    pricing = form.pricing or Pricing()
    priced = [each for each in form.by_key.values() if any(option.price is not None for option in each.options)]
    if (priced or pricing.price is not None) and not pricing.currency:
        yield Finding("block", _("There are prices, but nobody has said in which currency."), priced[0].key if priced else None)
    if pricing.amount:
        yield from _amount(form, pricing.amount, bool(priced) or pricing.price is not None)
    if pricing.price is not None and pricing.quantity:
        yield from _quantity(form, pricing.quantity, None)
    for each in priced:
        if each.confidential:
            yield Finding(
                "block",
                _("“%(label)s” is confidential, so it cannot have prices: the sum would tell the answer.", label=_name(each)),
                each.key,
            )
        if each.quantity:
            yield from _quantity(form, each.quantity, each)


def _amount(form: Form, key: str, priced: bool) -> Iterator[Finding]:
    each = form.by_key.get(key)
    if each is None or each.type != "money" or key in form.parents:
        yield Finding("block", _("The amount has to be the answer to a question for money: %(key)s is none.", key=key), key)
        return
    if priced:
        yield Finding(
            "block",
            _("“%(label)s” is the amount, so nothing else can have a price: a form has one sum.", label=_name(each)),
            each.key,
        )
    if each.confidential:
        yield Finding("block", _("“%(label)s” is confidential and cannot be the amount.", label=_name(each)), each.key)
    if _at_least(each) < 0:
        yield Finding("block", _("“%(label)s” is the amount and cannot be negative.", label=_name(each)), each.key)


def _quantity(form: Form, key: str, of: Field | None) -> Iterator[Finding]:
    each, about = form.by_key.get(key), of.key if of else key
    own_rows = form.parents.get(of.key) if of else None
    if each is None or each.type != "number" or form.parents.get(key) not in (None, own_rows):
        yield Finding("block", _("A price is multiplied by a number, but %(key)s is no question for a number.", key=key), about)
        return
    most = _limit(each.rules.maximum)
    if most is None or most > MOST or _at_least(each) < 0 or not each.rules.minimum:
        yield Finding(
            "block",
            _("“%(label)s” is a quantity: give it a smallest value from 0 and a largest up to 100,000.", label=_name(each)),
            each.key,
        )
    if each.confidential:
        yield Finding(
            "block",
            _("“%(label)s” is confidential and cannot be a quantity: the sum would tell the answer.", label=_name(each)),
            each.key,
        )


def _at_least(each: Field) -> Decimal:
    return _limit(each.rules.minimum) or Decimal(0)


def _limit(text: str) -> Decimal | None:
    try:
        return from_plain(text) if text else None
    except ValueError:
        return None


def _name(each: Field) -> str:
    return in_language(each.label) or each.key
