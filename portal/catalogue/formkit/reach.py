"""Whether a question or an option can ever be shown: tries typical answers with the very function the page uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from portal.catalogue.formkit.answers import decoder
from portal.catalogue.formkit.conditions import Condition, Test, holds, questions_in, tests_in
from portal.catalogue.formkit.schema import Field, Form
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context, WallTime
from portal.core.money import Money

MOST_TRIES = 4_000


@dataclass(frozen=True)
class _Case:
    """One requester with answers."""

    answers: Mapping[str, Any]
    facts: Mapping[str, Sequence[str]]


def reachable(form: Form, shown_by: Condition | None, target: Field, context: Context) -> bool:
    """Say whether some requester with some answers sees the field while `shown_by` holds; in doubt, yes."""
    conditions = _conditions(form, (shown_by, target.condition))
    cases = _cases(form, conditions, context)
    tried = 0
    for case in islice(cases, MOST_TRIES):
        tried += 1
        if _shows(form, target, shown_by, case):
            return True
    return tried == MOST_TRIES


def _conditions(form: Form, wanted: tuple[Condition | None, ...]) -> tuple[Condition, ...]:
    """Return the conditions that matter: the wanted ones and those of the questions they look at, and so on."""
    found: list[Condition] = []
    waiting = [each for each in wanted if each]
    asked: set[str] = set()
    while waiting:
        condition = waiting.pop()
        found.append(condition)
        for key in questions_in(condition):
            if key in form.by_key and key not in asked:
                asked.add(key)
                each = form.by_key[key]
                waiting += [rule for rule in (each.condition, *(o.condition for o in each.options)) if rule]
    return tuple(found)


def _cases(form: Form, conditions: tuple[Condition, ...], context: Context) -> Iterator[_Case]:
    tests = [test for condition in conditions for test in tests_in(condition)]
    keys = [key for key in dict.fromkeys(test.key for test in tests if not test.fact) if key in form.by_key]
    facts = list(dict.fromkeys(test.key for test in tests if test.fact))
    answers = [_candidates(form, form.by_key[key], tests, context) for key in keys]
    known = [[*_fact_values(name, tests), ()] for name in facts]
    for combination in product(*answers, *known):
        yield _Case(dict(zip(keys, combination, strict=False)), dict(zip(facts, combination[len(keys) :], strict=True)))


def _fact_values(name: str, tests: list[Test]) -> list[tuple[str, ...]]:
    values = tuple(dict.fromkeys(str(each) for test in tests if test.fact and test.key == name for each in test.values))
    return [values, *((each,) for each in values), ("another",)]


def _candidates(form: Form, each: Field, tests: list[Test], context: Context) -> list[Any]:
    """Return answers worth trying: samples of the type, the values compared with, and their neighbours."""
    kind, asked = type_of(each.type), Asked(each, context, each.options)
    found = list(kind.samples(asked)) if not kind.faults(asked) else []
    for test in tests:
        if test.key == each.key and not test.fact:
            found += _fitting(form, each, test, asked)
    return [*_distinct(found), *([] if each.required else [None])]


def _fitting(form: Form, each: Field, test: Test, asked: Asked) -> list[Any]:
    found: list[Any] = []
    for data in test.values:
        try:
            value = decoder(form)(each.key, data)
        except (ValueError, TypeError, ArithmeticError):
            continue
        found += [near for near in _near(value) if _allowed(each, near, asked)]
    return found


def _near(value: Any) -> list[Any]:
    if isinstance(value, WallTime):
        return [WallTime(value.wall + step, value.zone) for step in _DAYS]
    if isinstance(value, date | datetime):
        return [value + step for step in _DAYS]
    if isinstance(value, Money):
        return [Money(value.minor + step, value.currency) for step in (0, 1, -1)]
    if isinstance(value, time):
        return [value, time(0), time(23, 59)]
    if isinstance(value, Decimal):
        return [value + step for step in (0, 1, -1)]
    return [value]


_DAYS = (timedelta(0), timedelta(days=1), timedelta(days=-1))


def _allowed(each: Field, value: Any, asked: Asked) -> bool:
    """Keep only answers that the field would take: options that exist, numbers within the limits."""
    if each.options or type_of(each.type).lists:
        option = each.option(value) if isinstance(value, str) else None
        return option is not None and not option.withdrawn and not type_of(each.type).many
    if isinstance(value, Decimal):
        return not type_of(each.type).beyond(asked, value)
    return True


def _distinct(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _shows(form: Form, target: Field, shown_by: Condition | None, case: _Case) -> bool:
    values: dict[str, Any] = {}
    decode = decoder(form)
    for each in form.fields:
        if each.key != target.key and case.answers.get(each.key) is None:
            continue
        seen = holds(each.condition, values, case.facts, decode)
        if each.key == target.key:
            return seen and holds(shown_by, values, case.facts, decode)
        if seen:
            values[each.key] = case.answers[each.key]
    return False
