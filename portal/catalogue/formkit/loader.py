"""Read the JSON of a form version strictly: what it accepts, everything else in the engine can take (SE-37, SE-39)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from portal.catalogue.formkit.conditions import Condition, SchemaError, load_condition
from portal.catalogue.formkit.schema import PERIODS, Confidential, Field, Form, Option, Pricing, Rules, Section
from portal.catalogue.formkit.types.registry import known
from portal.catalogue.formkit.words import Words, clean_text

KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
GROUP = re.compile(r"[a-z0-9][a-z0-9_:.-]{0,59}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
MOST_SECTIONS, MOST_FIELDS, MOST_OPTIONS, MOST_GROUPS, LONGEST = 30, 200, 200, 20, 4_000
CURRENCY = re.compile("[A-Z]{3}")
TAX = re.compile(r"([0-9]{1,2}(\.[0-9]{1,3})?)?")
DEAREST = 1_000_000_000
"""The highest price, in minor units: sums of any number of lines stay within 64 bits."""
LIMITS = {"decimals": (0, 6), "files": (1, 20), "megabytes": (1, 25)}

Item = TypeVar("Item")


def load_form(data: object) -> Form:
    """Return the form that this JSON describes, or raise SchemaError."""
    content = _object(data)
    form = Form(
        sections=_several(content.get("sections"), _section, MOST_SECTIONS),
        title=_several(content.get("title"), _key, MOST_GROUPS),
        pricing=_pricing(content.get("pricing")),
    )
    _unique([section.key for section in form.sections], "section")
    _unique([each.key for field in form.fields for each in (field, *field.columns)], "field")
    if len(form.fields) > MOST_FIELDS:
        raise SchemaError("a form has at most 200 fields")
    return form


def _section(data: object) -> Section:
    content = _object(data)
    return Section(
        key=_key(content.get("key")),
        title=_words(content.get("title")),
        help=_words(content.get("help")),
        fields=_several(content.get("fields"), _field_or_rows, MOST_FIELDS),
    )


def _field_or_rows(data: object) -> Field:
    columns = _several(_object(data).get("columns"), _field, MOST_OPTIONS)
    return replace(_field(data), columns=columns)


def _field(data: object) -> Field:
    content = _object(data)
    if str(content.get("type")) not in known():
        raise SchemaError("unknown type of field")
    options = _several(content.get("options"), _option, MOST_OPTIONS)
    _unique([option.key for option in options], "option")
    return Field(
        key=_key(content.get("key")),
        type=str(content["type"]),
        label=_words(content.get("label")),
        help=_words(content.get("help")),
        required=_flag(content.get("required")),
        condition=_condition(content.get("condition")),
        options=options,
        rules=_rules(content.get("rules")),
        confidential=_confidential(content.get("confidential")),
        quantity=_reference(content.get("quantity")),
    )


def _option(data: object) -> Option:
    content = _object(data)
    return Option(
        key=_key(content.get("key")),
        label=_words(content.get("label")),
        help=_words(content.get("help")),
        withdrawn=_flag(content.get("withdrawn")),
        condition=_condition(content.get("condition")),
        price=_price(content.get("price")),
    )


def _pricing(data: object) -> Pricing | None:
    if data is None:
        return None
    content = _object(data)
    period = content.get("period", Pricing.period)
    if period not in PERIODS:
        raise SchemaError("unknown period of a price")
    return Pricing(
        currency=_matching(content["currency"], CURRENCY) if content.get("currency") else "",
        period=str(period),
        tax=_matching(content.get("tax", ""), TAX),
        included=_flag(content.get("included")),
        price=_price(content.get("price")),
        quantity=_reference(content.get("quantity")),
        amount=_reference(content.get("amount")),
    )


def _price(data: object) -> int | None:
    return None if data is None else _whole(data, 0, DEAREST)


def _reference(data: object) -> str:
    return _key(data) if data else ""


def _condition(data: object) -> Condition | None:
    return None if data is None else load_condition(data)


def _rules(data: object) -> Rules:
    content = {} if data is None else _object(data)
    usual = Rules()
    currency = str(content.get("currency", usual.currency))
    if not CURRENCY.fullmatch(currency):
        raise SchemaError("a currency has three capital letters")
    return Rules(
        minimum=_text(content.get("minimum", "")),
        maximum=_text(content.get("maximum", "")),
        pattern=_text(content.get("pattern", "")),
        message=_words(content.get("message")),
        currency=currency,
        **{name: _whole(content.get(name, getattr(usual, name)), *LIMITS[name]) for name in LIMITS},
    )


def _confidential(data: object) -> Confidential | None:
    if data is None:
        return None
    content = _object(data)
    return Confidential(
        groups=_several(content.get("groups"), _group, MOST_GROUPS),
        approvers=_flag(content.get("approvers")),
        delegates=_flag(content.get("delegates")),
    )


def _object(data: object) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise SchemaError("an object is expected")
    return data


def _several(data: object, load: Callable[[object], Item], most: int) -> tuple[Item, ...]:
    if data is None:
        return ()
    if not isinstance(data, list) or len(data) > most:
        raise SchemaError(f"a list of at most {most} is expected")
    return tuple(load(each) for each in data)


def _matching(data: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(data, str) or not pattern.fullmatch(data):
        raise SchemaError("a key has small letters, digits and underscores")
    return data


def _key(data: object) -> str:
    return _matching(data, KEY)


def _group(data: object) -> str:
    return _matching(data, GROUP)


def _words(data: object) -> Words:
    if data is None:
        return {}
    return {_matching(language, LANGUAGE): _text(text) for language, text in sorted(_object(data).items()) if text}


def _text(data: object) -> str:
    if not isinstance(data, str) or len(data) > LONGEST:
        raise SchemaError("a text of at most 4,000 characters is expected")
    return clean_text(data)


def _flag(data: object) -> bool:
    if data not in (None, True, False) or not isinstance(data, bool | None):
        raise SchemaError("yes or no is expected")
    return bool(data)


def _whole(data: object, low: int, high: int) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not low <= data <= high:
        raise SchemaError(f"a whole number from {low} to {high} is expected")
    return data


def _unique(keys: list[str], what: str) -> None:
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise SchemaError(f"{what} key used twice: {min(twice)}")
