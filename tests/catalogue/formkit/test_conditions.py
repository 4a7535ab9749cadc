from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.formkit.answers import decoder
from portal.catalogue.formkit.conditions import FACTS, OPERATORS, SchemaError, dump_condition, holds, load_condition
from portal.catalogue.formkit.sentences import only_if
from portal.catalogue.formkit.types.registry import known
from portal.catalogue.formkit.values import WallTime
from portal.core.money import Money
from tests.catalogue.formkit.examples import field, form, options

EVERY = form(*(field(kind, kind, options=options("a", "b")) for kind in known()))
FACTS_KNOWN = {"department": ("care", "company"), "site": ("madrid",), "role": ()}


def q(operator: str, key: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"op": operator, "question": key, **({} if value is None else {"value": value}), **more}


def fact(operator: str, key: str, value: Any = None) -> dict[str, Any]:
    return {"op": operator, "fact": key, **({} if value is None else {"value": value})}


YES = q("equals", "yes_no", True)
NEVER = q("equals", "yes_no", False)
EURO = {"minor": 150, "currency": "EUR"}
NOON = WallTime(datetime(2026, 3, 1, 12), "Europe/Madrid")  # noqa: DTZ001
DOLLAR = {"minor": 100, "currency": "USD"}


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (q("equals", "one_of", "a"), "a", True),
        (q("equals", "one_of", "a"), "b", False),
        (q("equals", "one_of", "a"), None, False),
        (q("equals", "short_text", "Madrid"), "MADRID", True),
        (q("equals", "number", "1.50"), Decimal("1.5"), True),
        (q("equals", "number", 3), Decimal(3), True),
        (q("equals", "number", "three"), Decimal(3), False),
        (q("equals", "yes_no", False), False, True),
        (q("equals", "yes_no", False), None, False),
        (q("equals", "several_of", "a"), ("a",), True),
        (q("equals", "several_of", "a"), ("a", "b"), False),
        (q("contains", "several_of", "a"), ("a", "b"), True),
        (q("contains", "several_of", "c"), ("a", "b"), False),
        (q("contains", "long_text", "urgent"), "Very URGENT", True),
        (q("one_of", "one_of", values=["a", "b"]), "b", True),
        (q("one_of", "several_of", values=["a", "c"]), ("b", "c"), True),
        (q("one_of", "one_of", values=["c"]), "b", False),
        (q("empty", "short_text"), None, True),
        (q("empty", "yes_no"), False, False),
        (q("empty", "number"), Decimal(0), False),
        (q("greater", "number", "10"), Decimal("10.1"), True),
        (q("greater", "number", "10"), Decimal(10), False),
        (q("less", "date", "2026-12-01"), date(2026, 11, 30), True),
        (q("less", "date", "tomorrow"), date(2026, 11, 30), False),
        (q("greater", "money", EURO), Money(151, "EUR"), True),
        (q("greater", "money", DOLLAR), Money(151, "EUR"), False),
        (q("greater", "short_text", "a"), "b", False),
        (q("greater", "date_time", {"wall": "2026-03-01T10:00", "zone": "Europe/Madrid"}), NOON, True),
        (q("greater", "date_time", {"wall": "2026-03-01T10:00+01:00", "zone": "Europe/Madrid"}), NOON, False),
        (q("less", "number", "10"), None, False),
        ({"op": "not", "part": q("empty", "short_text")}, "x", True),
        ({"op": "not", "part": q("equals", "one_of", "a")}, None, True),
        ({"op": "and", "parts": [q("equals", "one_of", "a"), fact("equals", "site", "madrid")]}, "a", True),
        ({"op": "and", "parts": [q("equals", "one_of", "a"), fact("equals", "site", "lisbon")]}, "a", False),
        ({"op": "or", "parts": [q("equals", "one_of", "b"), fact("equals", "department", "company")]}, "a", True),
        (fact("empty", "role"), None, True),
        (fact("greater", "site", "a"), None, False),
        (q("equals", "unknown", "a"), None, False),
    ],
)
def test_a_condition_holds_as_its_words_say(condition: Any, value: Any, expected: bool) -> None:
    loaded = load_condition(condition)
    part = condition.get("part") or condition.get("parts", [condition])[0]
    values = {part["question"]: value} if "question" in part and value is not None else {}
    assert holds(loaded, values, FACTS_KNOWN, decoder(EVERY)) is expected
    assert dump_condition(loaded) == condition


@pytest.mark.parametrize(
    "data",
    [
        None, [], "a", {}, {"op": "regex", "question": "a", "value": ".*"}, {"op": "equals", "value": 1},
        {"op": "equals", "fact": "salary", "value": 1}, {"op": "equals", "question": "a", "value": 1.5},
        {"op": "equals", "question": "a", "value": float("nan")}, {"op": "equals", "question": "a"},
        {"op": "one_of", "question": "a", "values": []}, {"op": "and", "parts": []}, {"op": "not"},
        {"op": ["and"], "parts": []}, {"op": "equals", "question": "a", "value": "x" * 201},
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(data: Any) -> None:
    with pytest.raises(SchemaError):
        load_condition(data)


def test_a_condition_deeper_than_five_levels_is_refused_without_deep_recursion() -> None:
    data: dict[str, Any] = q("empty", "a")
    for _ in range(5_000):
        data = {"op": "not", "part": data}
    with pytest.raises(SchemaError):
        load_condition(data)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["a", "2026-01-01", "1"])
)
literals = scalars | st.dictionaries(st.sampled_from(["minor", "currency", "wall", "zone"]), scalars, max_size=4)
sources = st.sampled_from([*known(), "unknown"]).map(lambda key: {"question": key}) | st.sampled_from([*FACTS, "x"]).map(
    lambda key: {"fact": key}
)
leaves = st.builds(
    lambda operator, source, value, values: {"op": operator, **source, "value": value, "values": values},
    st.sampled_from([*OPERATORS, "regex"]), sources, literals, st.lists(literals, max_size=3),
)  # fmt: skip
trees = st.recursive(
    leaves | scalars,
    lambda inner: (
        st.builds(lambda op, parts: {"op": op, "parts": parts}, st.sampled_from(["and", "or"]), st.lists(inner, max_size=3))
        | st.builds(lambda part: {"op": "not", "part": part}, inner)
    ),
    max_leaves=8,
)
answers = {
    "short_text": "x", "number": Decimal("1.5"), "money": Money(5, "EUR"), "date": date(2026, 1, 1), "yes_no": True,
    "one_of": "a", "several_of": ("a", "b"), "person": "p1", "file": ("f",),
}  # fmt: skip


@given(tree=trees, filled=st.booleans())
def test_evaluation_never_raises_for_any_condition_that_the_loader_accepts(tree: Any, filled: bool) -> None:
    try:
        condition = load_condition(tree)
    except SchemaError:
        return
    assert holds(condition, answers if filled else {}, FACTS_KNOWN, decoder(EVERY)) in (True, False)
    assert load_condition(dump_condition(condition)) == condition
    assert str(only_if(condition, EVERY, "es"))


def test_a_condition_reads_as_a_sentence_with_the_labels_of_its_options() -> None:
    both = {"op": "and", "parts": [q("contains", "several_of", "a"), q("greater", "number", "1500")]}
    sentence = str(only_if(load_condition(both), EVERY, "en"))
    assert sentence == "only if “En several_of” contains A and “En number” is above 1,500"


def test_a_condition_reads_as_a_sentence_in_spanish(spanish: None) -> None:
    sentence = str(only_if(load_condition({"op": "not", "part": YES}), EVERY, "es"))
    assert sentence == "solo si no ocurre que «Es yes_no» es Sí"
