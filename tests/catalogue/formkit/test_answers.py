import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.catalogue.formkit.answers import Repeated, Typed, canonical, digest, fill, load_values
from portal.catalogue.formkit.carrying import carry, prefill, translated
from portal.catalogue.formkit.page import page, steered
from portal.catalogue.formkit.reading import Reader, Stored, read_back, title_of, to_store
from tests.catalogue.formkit.examples import A_FILE, LAPTOP, context, field, filled, form, options, post, typed, words

COMPLETE = {"needs": ("laptop",), "amount": "3"}


def test_FO5_a_hidden_required_field_is_not_asked_its_text_is_ignored_and_kept() -> None:
    sent = post(f_needs=["laptop"], f_line="old", f_number="600", f_amount="3", on_page=["needs", "line", "number", "amount"])
    draft = Typed("en").updated(LAPTOP, sent, "en")
    result = fill(LAPTOP, draft, context())
    assert result.complete
    assert result.json() == {"needs": ["laptop"], "amount": "3"}
    assert draft.of("line") == ("old",)
    again = draft.updated(LAPTOP, post(f_needs=["laptop", "phone"], on_page=["needs"]), "en")
    assert fill(LAPTOP, again, context()).json()["number"] == "600"


def test_a_hidden_question_counts_as_empty_for_those_after_it() -> None:
    result = filled(LAPTOP, needs=("laptop",), line="old", amount="3")
    assert "number" not in result.visible
    assert "number" in filled(LAPTOP, needs=("phone",), line="old", amount="3").visible


def test_a_page_that_did_not_carry_a_question_leaves_its_text() -> None:
    draft = typed(needs=("laptop", "phone"), line="new", notes="long story")
    after = draft.updated(LAPTOP, post(on_page=["needs", "notes"], f_notes="longer story"), "en")
    assert after.texts == {"needs": (), "line": ("new",), "notes": ("longer story",)}


def test_FO18_all_problems_are_listed_at_once_and_say_what_is_right() -> None:
    result = filled(LAPTOP, needs=("phone",), amount="51")
    assert [problem.in_summary for problem in result.problems] == [
        "En line: choose one of: New, Old",
        "En amount: a whole number from 1 to 50",
    ]
    assert result.problem("amount").at_field == "A whole number from 1 to 50"  # type: ignore[union-attr]


def test_FO18_speaks_spanish(spanish: None) -> None:
    result = filled(LAPTOP, "es", needs=("phone",), line="new", amount="51")
    assert [problem.in_summary for problem in result.problems] == ["Es amount: un número entero de 1 a 50"]


def test_a_value_sent_twice_where_one_is_expected_is_refused() -> None:
    with pytest.raises(Repeated):
        Typed("en").updated(LAPTOP, MultiDict([("f.amount", "1"), ("f.amount", "2")]), "en")


def test_an_option_depends_on_earlier_answers_like_a_question() -> None:
    content = form(
        field("site", "one_of", options=options("madrid", "lisbon")),
        field("room", "one_of", options=[
            {**options("a")[0], "condition": {"op": "equals", "question": "site", "value": "madrid"}}, *options("b"),
        ]),
    )  # fmt: skip
    assert filled(content, site="madrid", room="a").complete
    assert [p.in_summary for p in filled(content, site="lisbon", room="a").problems] == [
        "En room: “A” can no longer be chosen; choose one of: B"
    ]


def test_the_department_of_the_requester_shows_a_question() -> None:
    content = form(field("x", condition={"op": "equals", "fact": "department", "value": "it"}))
    assert filled(content).visible == frozenset()
    assert filled(content, about=context(facts={"department": ("help", "it")})).visible == {"x"}


def test_answers_have_one_canonical_json_and_one_digest() -> None:
    one = filled(LAPTOP, "es", needs=("phone", "laptop"), line="new", amount="3")
    two = filled(LAPTOP, "en", amount=" 3 ", line="new", needs=("laptop", "phone"), number="hidden")
    assert canonical(one.json()) == canonical(two.json()) == '{"amount":"3","line":"new","needs":["laptop","phone"]}'
    assert digest(one.json()) == digest(two.json())
    assert load_values(LAPTOP, json.loads(canonical(one.json()))) == one.values


def test_a_draft_comes_back_as_it_was_kept() -> None:
    draft = typed("es", needs=("a", "b"), amount="1,5")
    assert Typed.from_json(json.loads(json.dumps(draft.to_json()))) == draft


@given(
    st.dictionaries(st.sampled_from([*LAPTOP.by_key]), st.lists(st.text(max_size=30), max_size=3).map(tuple)),
    st.sampled_from(["es", "en"]),
)
def test_whatever_is_typed_the_form_answers_with_problems_and_a_page(texts: dict[str, tuple[str, ...]], language: str) -> None:
    result = fill(LAPTOP, Typed(language, texts), context(language))
    assert {problem.key for problem in result.problems}.isdisjoint(result.values)
    assert [str(each.error) for group in page(result, judged=True) for each in group.questions]


def test_a_draft_moves_to_the_next_version_and_nothing_is_deleted() -> None:
    new = form(
        field("needs", "several_of", options=options("laptop")),
        field("amount", "short_text"),
        field("number", "date"),
        field("notes", "heading"),
    )
    draft = typed(needs=("laptop", "phone"), amount="3", line="new", number="600", notes="story")
    kept, left = carry(LAPTOP, new, draft)
    assert kept.texts == {"needs": ("laptop", "phone"), "amount": ("3",), "number": ("600",)}
    assert [(each.label, each.text) for each in left] == [("En line", "New"), ("En notes", "story")]


def test_a_draft_typed_in_spanish_is_continued_in_english() -> None:
    content = form(field("amount", "number"), field("cost", "money"), field("day", "date"), field("broken", "number"))
    draft = typed("es", amount="1,5", cost="1.204,50", day="9/12/2026", broken="tres")
    moved = translated(content, draft, context("en"))
    assert moved == typed("en", amount="1.5", cost="1204.50", day="2026-12-09", broken="tres")
    assert fill(content, moved, context("en")).json()["cost"] == {"minor": 120450, "currency": "EUR"}


def test_FO13_a_link_never_fills_confidential_or_hidden_fields() -> None:
    content = form(
        field("open"),
        field("secret", confidential={"groups": ["role:hr"]}),
        field("hidden", condition={"op": "equals", "question": "open", "value": "other"}),
    )
    link = {"f.open": "x", "f.secret": "y", "f.hidden": "z", "f.unknown": "w", "other": "v"}
    assert prefill(content, link, context()).texts == {"open": ("x",)}
    assert prefill(content, {"f.open": "x" * 2_001}, context()).texts == {}


def test_a_question_carries_all_that_its_macro_needs() -> None:
    (group,) = page(filled(LAPTOP, needs=("phone",), amount="1,5"), judged=True)
    needs, line, number, amount, _ = group.questions
    assert (needs.id, needs.name, needs.control, needs.steers) == ("field_needs", "f.needs", "checks", True)
    assert [(one.value, one.selected) for one in needs.options] == [
        ("laptop", False),
        ("phone", True),
        ("scanner", False),
    ]
    assert (line.visible, str(line.only_if)) == (True, "only if “En needs” contains Phone")
    assert (number.visible, number.error) == (False, "")
    assert (amount.value, amount.error) == ("1,5", "A whole number from 1 to 50")
    assert amount.attributes == {"inputmode": "numeric"}
    assert steered(LAPTOP) == {"line", "number"}
    assert not any(question.error for question in page(filled(LAPTOP), judged=False)[0].questions)


def test_a_missing_text_stands_in_the_other_language_marked() -> None:
    content = form({"key": "x", "type": "short_text", "label": {"es": "Solo español"}})
    question = page(filled(content), judged=False)[0].questions[0]
    assert (question.label, question.label_language) == ("Solo español", "es")


OLD = form(
    field("colour", "one_of", options=options("red"), label=words("Color", "Colour")),
    field("who", "person"),
    field("plan", "file"),
    field("salary", "money", confidential={"groups": ["role:hr"], "approvers": True}),
    title=["colour", "salary"],
)
SENT = {
    each.key: each
    for each in to_store(filled(OLD, about=context(files={"plan": (A_FILE,)}), colour="red", who="Marta Soler", salary="1200"))
}


def test_FO21_an_old_request_keeps_the_labels_and_order_of_its_own_version() -> None:
    (group,) = read_back(OLD, SENT, "es", Reader(requester=True))
    assert [(answer.label, str(answer.shown)) for answer in group.answers] == [
        ("Color", "Opción red"),
        ("Es who", "Marta Soler"),
        ("Es plan", "plan.pdf"),
        ("Es salary", "1.200,00\xa0€"),
    ]


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (Reader(), False),
        (Reader(requester=True), True),
        (Reader(groups=frozenset({"role:hr"})), True),
        (Reader(groups=frozenset({"role:agent"})), False),
        (Reader(approver=True), True),
        (Reader(delegate=True), False),
    ],
)
def test_a_confidential_answer_is_absent_for_others(reader: Reader, sees: bool) -> None:
    answer = read_back(OLD, SENT, "en", reader)[0].answers[-1]
    assert answer.withheld is not sees
    assert ("1,200" in str(answer.shown)) is sees


def test_a_title_never_tells_a_confidential_answer() -> None:
    assert title_of(OLD, SENT, "en") == "Red"


def test_a_stored_answer_that_its_type_no_longer_reads_shows_the_words_of_its_day() -> None:
    stored = {"salary": Stored("salary", "much", "En salary", "a lot")}
    assert read_back(OLD, stored, "en", Reader(requester=True))[0].answers[0].shown == "a lot"
