from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.formkit.changes import changes
from portal.catalogue.formkit.conditions import SchemaError
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.schema import dump_form
from tests.catalogue.formkit.examples import LAPTOP, field, form, options, words

ONE = {"op": "equals", "question": "a", "value": "x"}


def told(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(change.kind, str(change.message)) for change in changes(form(*old), form(*new), "en")]


@pytest.mark.parametrize(
    ("old", "new", "kind", "sentence"),
    [
        ([field("a")], [field("a"), field("b")], "added", "New question: “En b”."),
        ([field("a"), field("b")], [field("a")], "removed", "No longer asked: “En b”."),
        ([field("a")], [field("a", label=words("Es a", "New"))], "renamed", "“En a” is now called “New”."),
        ([field("a")], [field("a", label=words("Nuevo", "En a"))], "renamed", "“Es a” is now called “Nuevo”."),
        (
            [field("a"), field("b")],
            [field("a"), field("b", condition=ONE)],
            "reconditioned",
            "“En b” is now shown only if “En a” is x.",
        ),
        ([field("a"), field("b", condition=ONE)], [field("a"), field("b")], "reconditioned", "“En b” is now always shown."),
        ([field("a")], [field("a", "long_text")], "retyped", "“En a” is now of the type “Long text”."),
        ([field("a")], [field("a", required=True)], "required", "“En a” is now required."),
        ([field("a")], [field("a", help=words("x", "x"))], "help", "The help of “En a” changed."),
        ([field("a")], [field("a", rules={"maximum": "9"})], "rules", "“En a” accepts other answers than before."),
        ([field("a")], [field("a", confidential={"groups": ["role:hr"]})], "confidential", "Who may read “En a” changed."),
        (
            [field("a", "one_of", options=options("x"))],
            [field("a", "one_of", options=options("x", "y"))],
            "option_added",
            "“En a” has a new option: Y.",
        ),
        (
            [field("a", "one_of", options=options("x", "y"))],
            [field("a", "one_of", options=options("x"))],
            "option_removed",
            "“En a” no longer has the option: Y.",
        ),
        (
            [field("a", "one_of", options=options("x"))],
            [field("a", "one_of", options=[{**options("x")[0], "withdrawn": True}])],
            "option_removed",
            "“En a” no longer has the option: X.",
        ),
        (
            [field("a", "one_of", options=options("x"))],
            [field("a", "one_of", options=[{"key": "x", "label": words("Opción x", "Ex")}])],
            "option_changed",
            "“En a”: the option Ex changed.",
        ),
        ([field("a"), field("b")], [field("b"), field("a")], "moved", "The order of the questions changed."),
    ],
)
def test_what_changed_is_told_in_words(old: list[dict[str, Any]], new: list[dict[str, Any]], kind: str, sentence: str) -> None:
    assert told(old, new) == [(kind, sentence)]


def test_equal_versions_have_no_changes() -> None:
    assert changes(LAPTOP, LAPTOP, "en") == ()


def test_changes_speak_spanish(spanish: None) -> None:
    old, new = form(field("a"), field("b")), form(field("a"), field("b", condition=ONE))
    assert [str(change.message) for change in changes(old, new, "es")] == ["«Es b» se muestra ahora solo si «Es a» es x."]


def test_a_form_comes_back_from_its_json() -> None:
    assert load_form(dump_form(LAPTOP)) == LAPTOP
    full = form(
        field(
            "a", "one_of", help=words("x", "y"), required=True,
            rules={"minimum": "1", "message": words("m", "n"), "decimals": 0},
            options=[{**options("x")[0], "withdrawn": True, "help": words("h", "i"),
                      "condition": {"op": "empty", "fact": "role"}}],
            confidential={"groups": ["role:hr", "team:payroll"], "approvers": True},
        ),
        title=["a"],
    )  # fmt: skip
    assert load_form(dump_form(full)) == full


@pytest.mark.parametrize(
    "data",
    [
        None, [], {"sections": {}}, {"sections": [{"key": "A"}]}, {"sections": [{"key": "a"}, {"key": "a"}]},
        {"sections": [{"key": "a", "fields": [field("x"), field("x")]}]},
        {"sections": [{"key": "a", "fields": [field("x", "telepathy")]}]},
        {"sections": [{"key": "a", "fields": [field("x", ["short_text"])]}]},
        {"sections": [{"key": "a", "fields": [field("x", required="yes")]}]},
        {"sections": [{"key": "a", "fields": [field("x", required=1)]}]},
        {"sections": [{"key": "a", "fields": [field("x", label="X")]}]},
        {"sections": [{"key": "a", "fields": [field("x", label={"es": "x" * 4_001})]}]},
        {"sections": [{"key": "a", "fields": [field("x", options=options("a", "a"))]}]},
        {"sections": [{"key": "a", "fields": [field("x", rules={"decimals": 7})]}]},
        {"sections": [{"key": "a", "fields": [field("x", rules={"files": True})]}]},
        {"sections": [{"key": "a", "fields": [field("x", rules={"currency": "euro"})]}]},
        {"sections": [{"key": "a", "fields": [field("x", confidential={"groups": [1]})]}]},
        {"sections": [{"key": str(number), "fields": [field(f"x{number}_{n}") for n in range(150)]} for number in range(2)]},
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(data: Any) -> None:
    with pytest.raises(SchemaError):
        load_form(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sections", "fields", "key", "type", "label", "options", "rules", "es"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_form_or_refused(data: Any) -> None:
    try:
        content = load_form(data)
    except SchemaError:
        return
    assert load_form(dump_form(content)) == content
