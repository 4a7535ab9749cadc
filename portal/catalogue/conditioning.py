"""Conditions as an editor picks them: rows of a select "question: comparison" and, where needed, a typed value (forms.md 3)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.answers import canonical
from portal.catalogue.formkit.conditions import Condition, Group, Not, SchemaError, Test, dump_condition, load_condition
from portal.catalogue.formkit.schema import Field, Form
from portal.catalogue.formkit.sentences import FACT_NAMES
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Choice, Context, Message, Wrong
from portal.core.text import in_language
from portal.people.queries import ROLE_NAMES

TYPED: dict[str, tuple[str, ...]] = {
    "short_text": ("equals", "contains"),
    "long_text": ("contains",),
    "number": ("equals", "greater", "less"),
    "money": ("equals", "greater", "less"),
    "date": ("equals", "greater", "less"),
    "time": ("greater", "less"),
    "date_time": ("greater", "less"),
}
"""The comparisons with a typed value, by type of question."""
VERBS = {"equals": _("is …"), "contains": _("contains …"), "greater": _("is above …"), "less": _("is below …")}
Row = tuple[str, str]


@dataclass(frozen=True)
class ChoiceGroup:
    """The comparisons that one question, or one fact of the requester, allows."""

    label: Message
    choices: tuple[Choice, ...]


def offered(form: Form, before: Sequence[Field], context: Context) -> list[ChoiceGroup]:
    """Return what a condition may look at: the questions that stand before, and facts of the requester."""
    groups = [ChoiceGroup(in_language(each.label, context.language) or each.key, tuple(_about(each, context))) for each in before]
    groups += [ChoiceGroup(FACT_NAMES[name], tuple(_about_fact(name, context))) for name in FACT_NAMES]
    return [group for group in groups if group.choices]


def before(form: Form, key: str) -> list[Field]:
    """Return the questions that stand before another one; before a column also those of its own row (forms.md 25)."""
    rows = form.parents.get(key)
    found: list[Field] = []
    for each in form.fields:
        if each is rows:
            return found + list(takewhile(lambda column: column.key != key, each.columns))
        if each.key == key:
            break
        if type_of(each.type).asks:
            found.append(each)
    return found


def _about(each: Field, context: Context) -> Iterator[Choice]:
    kind = type_of(each.type)
    if kind.lists:
        operator = "contains" if kind.many else "equals"
        for option in each.options:
            yield from _both(Test(operator, each.key, (option.key,)), in_language(option.label, context.language) or option.key)
    if each.type == "yes_no":
        yield _choice(Test("equals", each.key, (True,)), _("is Yes"))
        yield _choice(Test("equals", each.key, (False,)), _("is No"))
    for operator in TYPED.get(each.type, ()):
        yield Choice(canonical({"op": operator, "question": each.key, "value": None}), VERBS[operator])
    yield _choice(Not(Test("empty", each.key)), _("has an answer"))
    yield _choice(Test("empty", each.key), _("has no answer"))


def _about_fact(name: str, context: Context) -> Iterator[Choice]:
    if name == "site":
        yield Choice(canonical({"op": "equals", "fact": name, "value": None}), VERBS["equals"])
        return
    directory = context.directories.get(name)
    known = {choice.value: choice.label for choice in directory.choices()} if directory else {}
    for value, label in (ROLE_NAMES if name == "role" else known).items():
        yield from _both(Test("equals", name, (str(value),), fact=True), label)


def _both(test: Test, value: Message) -> Iterator[Choice]:
    yield _choice(test, _("is %(value)s", value=value))
    yield _choice(Not(test), _("is not %(value)s", value=value))


def _choice(condition: Condition, label: Message) -> Choice:
    return Choice(canonical(dump_condition(condition)), label)


def rows_of(condition: Condition | None, form: Form, context: Context) -> tuple[str, list[Row]] | None:
    """Return "and"/"or" and the rows of a condition, or None when it is deeper than rows can show."""
    if condition is None:
        return "and", []
    joiner, parts = (condition.operator, condition.parts) if isinstance(condition, Group) else ("and", (condition,))
    if len(parts) == 1 and isinstance(parts[0], Test) and parts[0].operator == "one_of":
        joiner, parts = "or", tuple(replace(parts[0], operator="equals", values=(value,)) for value in parts[0].values)
    rows = [_row(part, form, context) for part in parts]
    return None if any(row is None for row in rows) else (joiner, [row for row in rows if row])


def _row(part: Condition, form: Form, context: Context) -> Row | None:
    test = part.part if isinstance(part, Not) else part
    if not isinstance(test, Test) or test.operator == "one_of":
        return None
    if _is_typed(test, form):
        return None if part is not test else (canonical({**dump_condition(test), "value": None}), _text(test, form, context))
    return canonical(dump_condition(part)), ""


def _is_typed(test: Test, form: Form) -> bool:
    if test.fact:
        return test.key == "site"
    each = form.by_key.get(test.key)
    return each is not None and test.operator in TYPED.get(each.type, ())


def _text(test: Test, form: Form, context: Context) -> str:
    if test.fact:
        return str(test.values[0])
    each = form.by_key[test.key]
    kind = type_of(each.type)
    try:
        return kind.write(Asked(each, context), kind.from_json(test.values[0]))[0]
    except (ValueError, TypeError, ArithmeticError):
        return str(test.values[0])


def condition_of(
    rows: Sequence[Row], joiner: str, groups: Sequence[ChoiceGroup], form: Form, context: Context
) -> Condition | None:
    """Return the condition of the rows; empty rows and what is not offered do not count. Raises Wrong for a typed value."""
    known = {choice.value for group in groups for choice in group.choices}
    parts = tuple(_part(test, text, form, context) for test, text in rows if test in known)
    if len(parts) < 2:  # noqa: PLR2004 - one needs no "and"
        return parts[0] if parts else None
    return Group("or" if joiner == "or" else "and", parts)


def _part(test: str, text: str, form: Form, context: Context) -> Condition:
    data: dict[str, Any] = json.loads(test)
    if "value" in data and data["value"] is None:
        data["value"] = _literal(data, text.strip(), form, context)
    try:
        return load_condition(data)
    except SchemaError:
        raise Wrong(_("a shorter value")) from None


def _literal(data: dict[str, Any], text: str, form: Form, context: Context) -> Any:
    if not text:
        raise Wrong(_("write the value to compare with"))
    each = form.by_key.get(str(data.get("question")))
    if each is None or each.type in ("short_text", "long_text"):
        return text
    kind = type_of(each.type)
    value = kind.read(Asked(replace(each, rules=replace(each.rules, minimum="", maximum="")), context), [text])
    return kind.to_json(value)
