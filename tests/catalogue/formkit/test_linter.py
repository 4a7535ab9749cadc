from typing import Any

import pytest

from portal.catalogue.formkit.linter import Finding, Surroundings, lint, may_publish
from portal.catalogue.formkit.schema import Form
from tests.catalogue.formkit.examples import LAPTOP, context, field, form, options, words


def findings(content: Form, **more: Any) -> list[tuple[str, str]]:
    around = Surroundings(**{"context": context(), "audience": 1, **more})
    return [(finding.level, str(finding.message)) for finding in lint(content, around)]


def blocks(content: Form, **more: Any) -> list[str]:
    return [message for level, message in findings(content, **more) if level == "block"]


def test_a_sound_form_has_no_findings() -> None:
    assert findings(LAPTOP) == []


def test_FO12_an_empty_audience_blocks() -> None:
    assert blocks(LAPTOP, audience=0) == ["Nobody may ask for this service: add people, departments or roles to its audience."]


def test_FO18_a_condition_on_a_later_question_blocks_and_names_both() -> None:
    content = form(field("first", condition={"op": "empty", "question": "second"}), field("second"))
    assert blocks(content) == ["“En first” depends on “En second”, which stands later."]


def test_FO18_a_condition_on_itself_blocks() -> None:
    assert blocks(form(field("x", condition={"op": "empty", "question": "x"})))


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (
            field("b", condition={"op": "empty", "question": "gone"}),
            "“En b” depends on a question that does not exist: gone.",
        ),
        (
            field("b", condition={"op": "equals", "question": "a", "value": "z"}),
            "“En b” compares “En a” with a value it cannot have.",
        ),
        (field("b", "one_of"), "“En b”: it has no option to choose."),
        (field("b", "one_of", options=[{**options("z")[0], "withdrawn": True}]), "“En b”: it has no option to choose."),
        (field("b", "number", rules={"minimum": "5", "maximum": "1"}), "“En b”: its smallest value is above its largest."),
        (field("b", "date", rules={"minimum": "soon"}), "“En b”: its smallest or largest value cannot be read."),
        (field("b", rules={"pattern": "9++", "message": words("x", "x")}), "“En b”: its pattern cannot be read."),
        (field("b", rules={"pattern": "99"}), "“En b”: its pattern needs a message that says what is right."),
        ({"key": "b", "type": "number"}, "The field “b” has no label."),
    ],
)
def test_a_fault_blocks_with_its_own_sentence(second: dict[str, Any], sentence: str) -> None:
    assert sentence in blocks(form(field("a", "one_of", options=options("x", "y")), second))


def test_the_fields_that_a_kind_needs_must_be_there_with_their_type() -> None:
    assert blocks(LAPTOP, required={"amount": "number"}) == []
    assert blocks(LAPTOP, required={"amount": "money", "day": "date"}) == [
        "This kind of request needs a field “amount” of type “Amount of money”.",
        "This kind of request needs a field “day” of type “Date”.",
    ]


def both(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"op": "and", "parts": list(parts)}


def over(key: str, value: str) -> dict[str, Any]:
    return {"op": "greater", "question": key, "value": value}


def under(key: str, value: str) -> dict[str, Any]:
    return {"op": "less", "question": key, "value": value}


@pytest.mark.parametrize(
    ("condition", "seen"),
    [
        (both(over("n", "10"), under("n", "5")), False),
        (both(over("n", "10"), under("n", "12")), True),
        (over("n", "100"), False),
        (over("n", "99"), True),
        (both({"op": "equals", "question": "c", "value": "x"}, {"op": "equals", "question": "c", "value": "y"}), False),
        (both({"op": "contains", "question": "s", "value": "x"}, {"op": "contains", "question": "s", "value": "y"}), True),
        ({"op": "empty", "question": "must"}, False),
        ({"op": "empty", "question": "n"}, True),
        ({"op": "equals", "question": "shy", "value": "a"}, True),
        (both({"op": "empty", "question": "n"}, {"op": "equals", "question": "shy", "value": "a"}), False),
        (both({"op": "equals", "fact": "site", "value": "m"}, {"op": "empty", "fact": "site"}), False),
        ({"op": "not", "part": {"op": "equals", "fact": "role", "value": "agent"}}, True),
        (both(over("day", "2026-12-01"), under("day", "2026-12-03")), True),
        (both(over("day", "2026-12-03"), under("day", "2026-12-01")), False),
    ],
)
def test_a_required_question_that_can_never_be_shown_blocks(condition: dict[str, Any], seen: bool) -> None:
    content = form(
        field("n", "number", rules={"minimum": "0", "maximum": "100"}),
        field("c", "one_of", options=options("x", "y")),
        field("s", "several_of", options=options("x", "y", "z")),
        field("must", required=True),
        field("shy", "one_of", options=options("a"), condition=over("n", "50")),
        field("day", "date"),
        field("target", required=True, condition=condition),
    )
    assert (blocks(content) == []) is seen


def test_an_option_that_no_answer_reaches_blocks() -> None:
    lost = {**options("lost")[0], "condition": both(over("n", "3"), under("n", "2"))}
    content = form(field("n", "number"), field("pick", "one_of", options=[*options("a"), lost]))
    assert blocks(content) == ["“Lost” of “En pick” can never be chosen."]


SECRET = field("secret", "yes_no", confidential={"groups": ["role:hr"]})
ON_SECRET = {"op": "equals", "question": "secret", "value": True}


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (field("x", condition=ON_SECRET), False),
        (field("x", condition=ON_SECRET, confidential={"groups": ["role:hr"]}), True),
        (field("x", condition=ON_SECRET, confidential={"groups": ["role:hr", "role:agent"]}), False),
        (field("x", condition=ON_SECRET, confidential={"groups": ["role:hr"], "approvers": True}), False),
    ],
)
def test_a_confidential_answer_must_not_show_through_a_condition(after: dict[str, Any], allowed: bool) -> None:
    assert (blocks(form(SECRET, after)) == []) is allowed


def test_a_confidential_answer_must_not_stand_in_the_title() -> None:
    assert blocks(form(SECRET, title=["secret"])) == ["“En secret” is confidential and cannot stand in the title."]
    assert blocks(form(SECRET, title=["gone"])) == ["The title uses a question that does not exist: gone."]


def test_missing_texts_long_forms_and_unanswered_questions_only_warn() -> None:
    many = [field(f"q{number}") for number in range(12)]
    content = form(*many, {"key": "last", "type": "short_text", "label": {"es": "Última"}})
    found = findings(content, unanswered=frozenset({"q3"}))
    assert [level for level, _ in found] == ["warn"] * 3
    assert found[0][1].startswith("1 text is missing in English")
    assert may_publish(lint(content, Surroundings(context(), 1)))


def test_others_add_their_findings_and_those_that_block_come_first() -> None:
    hooks = (lambda _form: [Finding("warn", "W")], lambda _form: [Finding("block", "B")])
    assert findings(LAPTOP, hooks=hooks) == [("block", "B"), ("warn", "W")]


def test_findings_speak_spanish(spanish: None) -> None:
    content = form(field("first", condition={"op": "empty", "question": "second"}), field("second"))
    found = lint(content, Surroundings(context("es"), 1))
    assert str(found[0].message) == "«Es first» depende de «Es second», que está más abajo."
