"""Conditions as data: an operator tree over earlier questions and facts of the requester (FO rule 3).

Never code, never a regular expression. `holds` never raises: what cannot be compared is not equal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from portal.catalogue.formkit.values import WallTime
from portal.core.money import Money

FACTS = ("department", "site", "role")
ONE_VALUE = ("equals", "contains", "greater", "less")
OPERATORS = (*ONE_VALUE, "one_of", "empty")
DEEPEST, MOST_PARTS, MOST_VALUES, LONGEST, LARGEST = 5, 50, 100, 200, 10**15


class SchemaError(ValueError):
    """The JSON is not that of a form or condition."""


@dataclass(frozen=True)
class Test:
    """One comparison of a question or a fact with values in canonical JSON."""

    __test__ = False

    operator: str
    key: str
    values: tuple[Any, ...] = ()
    fact: bool = False


@dataclass(frozen=True)
class Group:
    """All (`and`) or any (`or`) of several conditions."""

    operator: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    part: "Condition"


Condition: TypeAlias = Test | Group | Not
Decoder: TypeAlias = Callable[[str, Any], Any]
"""Turns (question key, canonical JSON) into a value; raises ValueError or TypeError when it does not fit."""


def load_condition(data: object, depth: int = 1) -> Condition:
    """Return the condition that this JSON describes, or raise SchemaError."""
    if not isinstance(data, dict) or depth > DEEPEST:
        raise SchemaError("a condition is an object, at most five levels deep")
    operator = data.get("op")
    if operator in ("and", "or"):
        return Group(str(operator), tuple(load_condition(each, depth + 1) for each in _parts(data.get("parts"))))
    if operator == "not":
        return Not(load_condition(data.get("part"), depth + 1))
    if operator not in OPERATORS:
        raise SchemaError("unknown operator in a condition")
    return _load_test(str(operator), data)


def _parts(parts: object) -> list[object]:
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        raise SchemaError("and/or need from 1 to 50 parts")
    return parts


def _load_test(operator: str, data: Mapping[str, object]) -> Test:
    fact = "fact" in data
    key = data.get("fact" if fact else "question")
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST or (fact and key not in FACTS):
        raise SchemaError("a condition names a question or a fact of the requester")
    if operator == "empty":
        return Test(operator, key, (), fact)
    values = data.get("values") if operator == "one_of" else [data.get("value")]
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_VALUES:
        raise SchemaError("a condition compares with from 1 to 100 values")
    return Test(operator, key, tuple(_literal(each) for each in values), fact)


def _literal(value: object) -> object:
    if isinstance(value, dict) and 1 <= len(value) <= len(FACTS):
        return {str(name): _scalar(each) for name, each in value.items()}
    return _scalar(value)


def _scalar(value: object) -> object:
    whole = isinstance(value, int) and abs(value) < LARGEST
    if not whole and not (isinstance(value, str) and len(value) <= LONGEST):
        raise SchemaError("a value in a condition is a text, a whole number, or yes/no")
    return value


def dump_condition(condition: Condition) -> dict[str, Any]:
    """Return the JSON of a condition."""
    if isinstance(condition, Not):
        return {"op": "not", "part": dump_condition(condition.part)}
    if isinstance(condition, Group):
        return {"op": condition.operator, "parts": [dump_condition(each) for each in condition.parts]}
    about = {"op": condition.operator, "fact" if condition.fact else "question": condition.key}
    if condition.operator == "one_of":
        return {**about, "values": list(condition.values)}
    return about if condition.operator == "empty" else {**about, "value": condition.values[0]}


def tests_in(condition: Condition | None) -> Iterator[Test]:
    """Yield every comparison of a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests_in(condition.part)
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from tests_in(part)


def questions_in(condition: Condition | None) -> tuple[str, ...]:
    """Return the keys of the questions that a condition looks at, each once."""
    return tuple(dict.fromkeys(test.key for test in tests_in(condition) if not test.fact))


def holds(
    condition: Condition | None,
    values: Mapping[str, Any],
    facts: Mapping[str, Sequence[str]],
    decode: Decoder = lambda _key, data: data,
) -> bool:
    """Say whether a condition holds; a question without value counts as empty (FO rule 4)."""
    if condition is None:
        return True
    if isinstance(condition, Not):
        return not holds(condition.part, values, facts, decode)
    if isinstance(condition, Group):
        results = (holds(part, values, facts, decode) for part in condition.parts)
        return all(results) if condition.operator == "and" else any(results)
    if condition.fact:
        return _fact_holds(condition, facts.get(condition.key, ()))
    return _question_holds(condition, values.get(condition.key), decode)


def _fact_holds(test: Test, known: Sequence[str]) -> bool:
    """A fact may have several values, such as the chain of departments; one of them suffices."""
    if test.operator == "empty":
        return not known
    return test.operator not in ("greater", "less") and any(value in known for value in test.values)


def _question_holds(test: Test, value: Any, decode: Decoder) -> bool:
    if is_empty(value) or test.operator == "empty":
        return is_empty(value) and test.operator == "empty"
    literals = [each for data in test.values for each in _decoded(test.key, data, decode)]
    return any(_COMPARE[test.operator](value, literal) for literal in literals)


def is_empty(value: Any) -> bool:
    """Say whether there is no answer; "no" and zero are answers."""
    return value is None or value in ("", ())


def _decoded(key: str, data: Any, decode: Decoder) -> list[Any]:
    try:
        return [decode(key, data)]
    except (ValueError, TypeError, ArithmeticError):
        return []


def _equals(value: Any, literal: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) == 1 and _equals(value[0], literal)
    if isinstance(value, str) and isinstance(literal, str):
        return value.casefold() == literal.casefold()
    return type(value) is type(literal) and bool(value == literal)


def _one_of(value: Any, literal: Any) -> bool:
    return any(_equals(each, literal) for each in value) if isinstance(value, tuple) else _equals(value, literal)


def _contains(value: Any, literal: Any) -> bool:
    if isinstance(value, str) and isinstance(literal, str):
        return literal.casefold() in value.casefold()
    return _one_of(value, literal)


def _greater(value: Any, literal: Any) -> bool:
    if type(value) is not type(literal):
        return False
    if isinstance(value, Money) and value.currency == literal.currency:
        return bool(value.minor > literal.minor)
    if isinstance(value, WallTime):
        return bool(value.wall > literal.wall)
    return isinstance(value, Decimal | date | datetime | time) and bool(value > literal)


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "one_of": _one_of,
    "contains": _contains,
    "greater": _greater,
    "less": lambda value, literal: _greater(literal, value),
}
