"""A form version as dataclasses, and its canonical JSON (FO rules 1 and 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal.catalogue.formkit.conditions import Condition, dump_condition
from portal.catalogue.formkit.words import Words

ONCE = "once"
PERIODS = (ONCE, "month", "year")


@dataclass(frozen=True)
class Option:
    """One entry of a list; a withdrawn one is still read in old requests but no longer accepted (FO rule 6).

    `price` is in minor units of the currency of the form (FO rule 22).
    """

    key: str
    label: Words
    help: Words = field(default_factory=dict)
    withdrawn: bool = False
    condition: Condition | None = None
    price: int | None = None


@dataclass(frozen=True)
class Rules:
    """Length or range, pattern, and the settings of single types.

    `minimum` and `maximum` are texts that the type reads: a length, a number, a date or "today+3".
    """

    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    message: Words = field(default_factory=dict)
    decimals: int = 2
    currency: str = "EUR"
    files: int = 5
    megabytes: int = 10


@dataclass(frozen=True)
class Confidential:
    """Who beside the requester may read the value: groups (roles, teams), approvers, delegates (FO rule 24)."""

    groups: tuple[str, ...]
    approvers: bool = False
    delegates: bool = False


@dataclass(frozen=True)
class Field:
    """One question, or a heading between questions; its key never changes (FO rule 2).

    `quantity` names the number by which the prices of its options are multiplied (FO rule 22). `columns` are those of
    repeating rows; their keys too are never used twice in a form (FO rule 25).
    """

    key: str
    type: str
    label: Words
    help: Words = field(default_factory=dict)
    required: bool = False
    condition: Condition | None = None
    options: tuple[Option, ...] = ()
    rules: Rules = field(default_factory=Rules)
    confidential: Confidential | None = None
    quantity: str = ""
    columns: tuple["Field", ...] = ()

    def column(self, key: str) -> "Field | None":
        """Return the column with this key."""
        return next((column for column in self.columns if column.key == key), None)

    def option(self, key: str) -> Option | None:
        """Return the option with this key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True)
class Section:
    """A titled group of fields."""

    key: str
    title: Words
    help: Words = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Pricing:
    """How the one sum of a version comes about (FO rule 22).

    `tax` is a percentage, added to the prices or, if `included`, contained in them. `price` is that of the form itself,
    `quantity` the number it is multiplied by; `amount` names the money question that is the sum instead of prices.
    """

    currency: str = ""
    period: str = ONCE
    tax: str = ""
    included: bool = False
    price: int | None = None
    quantity: str = ""
    amount: str = ""


@dataclass(frozen=True)
class Form:
    """The content of one form version; `title` names the fields whose answers tell requests apart in lists."""

    sections: tuple[Section, ...] = ()
    title: tuple[str, ...] = ()
    pricing: Pricing | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in page order."""
        return tuple(each for section in self.sections for each in section.fields)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The fields by their key, columns of rows among them."""
        return {each.key: each for field in self.fields for each in (field, *field.columns)}

    @cached_property
    def parents(self) -> Mapping[str, Field]:
        """The rows in which a column stands, by the key of the column."""
        return {column.key: field for field in self.fields for column in field.columns}


def dump_form(form: Form) -> dict[str, Any]:
    """Return the JSON of a form; what has its default is left out, so equal forms have equal JSON."""
    sections = [_section(each) for each in form.sections]
    return _lean({"sections": sections, "title": list(form.title), "pricing": _pricing(form.pricing)})


def _pricing(pricing: Pricing | None) -> dict[str, Any] | None:
    return _told(pricing, Pricing()) if pricing else None


def _told(one: Any, usual: Any) -> dict[str, Any]:
    """Return what is not as usual."""
    return {name: getattr(one, name) for name in vars(usual) if getattr(one, name) != getattr(usual, name)}


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        **_lean({"title": _words(section.title), "help": _words(section.help)}),
        "fields": [_field(each) for each in section.fields],
    }


def _field(each: Field) -> dict[str, Any]:
    return _lean(
        {
            "key": each.key,
            "type": each.type,
            "label": _words(each.label),
            "help": _words(each.help),
            "required": each.required,
            "condition": dump_condition(each.condition) if each.condition else None,
            "options": [_option(option) for option in each.options],
            "rules": _rules(each.rules),
            "confidential": _confidential(each.confidential) if each.confidential else None,
            "quantity": each.quantity,
            "columns": [_field(column) for column in each.columns],
        }
    )


def _option(option: Option) -> dict[str, Any]:
    return _lean(
        {
            "key": option.key,
            "label": _words(option.label),
            "help": _words(option.help),
            "withdrawn": option.withdrawn,
            "condition": dump_condition(option.condition) if option.condition else None,
            "price": option.price,
        }
    )


def _rules(rules: Rules) -> dict[str, Any]:
    return {name: _words(value) if name == "message" else value for name, value in _told(rules, Rules()).items()}


def _confidential(rule: Confidential) -> dict[str, Any]:
    return {"groups": list(rule.groups), "approvers": rule.approvers, "delegates": rule.delegates}


def _words(words: Words) -> dict[str, str]:
    return {language: words[language] for language in sorted(words) if words[language]}


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None and value is not False and value not in ("", [], {})}
