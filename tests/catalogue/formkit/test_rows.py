"""Repeating rows: ids instead of places, empty rows dropped, errors that name the row (forms.md 25)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.catalogue.formkit.answers import Filled, Repeated, Typed, fill, load_values, typed_from
from portal.catalogue.formkit.carrying import carry, prefill, translated
from portal.catalogue.formkit.changes import changes
from portal.catalogue.formkit.linter import Surroundings, lint
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.page import page
from portal.catalogue.formkit.pricing import sum_of
from portal.catalogue.formkit.reading import Reader, read_back, to_store
from portal.catalogue.formkit.rows import acted
from portal.catalogue.formkit.schema import dump_form
from tests.catalogue.formkit.examples import context, field, form, options, post
from tests.catalogue.formkit.test_pricing import PLUS_21

THING = field(
    "thing", "one_of", required=True, quantity="count", options=[{**each, "price": 1999} for each in options("pen", "ink")]
)
COUNT = field("count", "number", required=True, rules={"decimals": 0, "minimum": "1", "maximum": "50"})
COLOUR = field("colour", required=True, condition={"op": "equals", "question": "thing", "value": "ink"})
SECRET = field("account", confidential={"groups": ["role:agent"]})
LINES = field("lines", "rows", required=True, columns=[THING, COUNT, COLOUR, SECRET], rules={"maximum": "3"})


@pytest.fixture(autouse=True)
def english(speaking: Flask) -> Iterator[None]:
    with speaking.test_request_context(), force_locale("en"):
        yield


def rows(*given: tuple[str, dict[str, str]], **columns: Any) -> Typed:
    texts: dict[str, tuple[str, ...]] = {"lines": tuple(row for row, _ in given)}
    texts |= {f"lines.{row}.{key}": (text,) for row, said in given for key, text in said.items()}
    return Typed("en", {**texts, **columns})


def read(typed: Typed, *others: dict[str, Any], **more: Any) -> Filled:
    return fill(form(*others, LINES, **more), typed, context())


PEN, INK = {"thing": "pen", "count": "2"}, {"thing": "ink", "count": "1", "colour": "blue", "account": "430"}


def test_rows_are_read_in_order_with_their_ids():
    found = read(rows(("b7", PEN), ("a1", INK)))
    assert found.complete
    assert found.json()["lines"] == [
        {"row_id": "b7", "values": {"thing": "pen", "count": "2"}},
        {"row_id": "a1", "values": {"thing": "ink", "count": "1", "colour": "blue", "account": "430"}},
    ]


def test_FO15_removing_the_second_row_keeps_ids_and_values_of_the_others():
    typed = rows(("a", PEN), ("b", INK), ("c", {"thing": "pen"}))
    left = acted(typed.texts, form(LINES), "remove:lines:b", "new")
    assert left == rows(("a", PEN), ("c", {"thing": "pen"})).texts


def test_row_is_added_at_the_end_up_to_the_most():
    typed = rows(("a", PEN), ("b", INK))
    more = acted(typed.texts, form(LINES), "add:lines", "c")
    assert more["lines"] == ("a", "b", "c")
    assert acted(more, form(LINES), "add:lines", "d")["lines"] == ("a", "b", "c"), "three at most"
    assert acted({}, form(LINES), "add:lines", "z")["lines"] == ("1", "z"), "the empty row that was shown stays"
    assert acted(typed.texts, form(LINES), "add:thing", "z") == typed.texts, "a column is no list of rows"


def test_FO16_empty_row_is_dropped_and_the_error_names_the_third():
    found = read(rows(("a", PEN), ("b", {"thing": "", "colour": "  "}), ("c", {"thing": "pen"})))
    assert [each["row_id"] for each in found.json()["lines"]] == ["a", "c"]
    assert [each.in_summary for each in found.problems] == ["Row 3, En count: a whole number from 1 to 50"]
    assert [(each.anchor, each.question) for each in found.problems] == [("field_lines_c_count", "lines")]


def test_required_rows_need_one_and_too_many_are_refused():
    assert [each.in_summary for each in read(rows()).problems] == ["En lines: rows from 1 to 3"]
    many = rows(*[(f"r{number}", PEN) for number in range(4)])
    assert [each.key for each in read(many).problems] == ["lines"]
    optional = fill(form({**LINES, "required": False}), rows(), context())
    assert optional.complete
    assert "lines" not in optional.values


def test_column_looks_at_its_own_row_and_at_fields_outside():
    outside = {**SECRET, "condition": {"op": "equals", "question": "tell", "value": True}}
    content = form(field("tell", "yes_no"), {**LINES, "columns": [THING, COUNT, COLOUR, outside]})
    found = fill(content, Typed("en", {**rows(("a", PEN), ("b", INK)).texts, "tell": ("yes",)}), context())
    assert set(found.cells) == {
        "lines.a.thing", "lines.a.count", "lines.a.account",
        "lines.b.thing", "lines.b.count", "lines.b.colour", "lines.b.account",
    }  # fmt: skip
    assert "lines.a.account" not in fill(content, rows(("a", PEN)), context()).cells


def test_posted_rows_replace_those_before_and_hidden_cells_keep_their_text():
    before = rows(("a", {**PEN, "colour": "red"}), ("b", INK))
    data = post(
        **{"on_page": ["lines"], "row_id.lines": ["a"], "f_lines.a.thing": "pen", "f_lines.a.count": "5", "f_lines.a.account": ""}
    )
    after = before.updated(form(LINES), data, "en")
    assert after.of("lines") == ("a",)
    assert after.of("lines.a.count") == ("5",)
    assert after.of("lines.a.colour") == ("red",), "hidden by the condition, kept in the draft"
    assert not after.of("lines.b.thing")


@pytest.mark.parametrize("ids", [["a", "a"], ["../x"], ["A"], [str(number) for number in range(101)]])
def test_ids_that_no_page_of_ours_has_made_are_refused(ids):
    with pytest.raises(Repeated):
        Typed("en").updated(form(LINES), post(**{"row_id.lines": ids}), "en")


def test_sum_counts_the_lines_of_rows():
    made = sum_of(
        read(rows(("a", PEN), ("b", {"thing": "ink", "count": "3", "colour": "x"}), ("c", {"thing": "pen"})), pricing=PLUS_21)
    )
    assert made
    assert [(each.key, each.quantity, each.net, each.tax) for each in made.lines] == [
        ("thing.pen", "2", 3998, 840), ("thing.ink", "3", 5997, 1259),
    ], "the third has no quantity yet"  # fmt: skip


def test_request_shows_rows_as_a_table_without_confidential_columns():
    content = form(LINES)
    stored = {each.key: each for each in to_store(read(rows(("a", PEN), ("b", INK))))}
    assert "430" not in stored["lines"].shown
    own = read_back(content, stored, "en", Reader(requester=True))[0].answers
    assert own[0].columns == ("En thing", "En count", "En colour", "En account")
    assert own[0].rows[1] == ("Ink", "1", "blue", "430")
    other = read_back(content, stored, "en", Reader())[0].answers
    assert other[0].columns == ("En thing", "En count", "En colour")
    assert "430" not in str(other)
    assert [(each.label, each.withheld) for each in other[1:]] == [("En lines: En account", True)]
    closed = form({**LINES, "confidential": {"groups": ["role:agent"]}})
    assert [(each.key, each.withheld, each.rows) for each in read_back(closed, stored, "en", Reader())[0].answers] == [
        ("lines", True, ())
    ]


def test_rows_are_kept_read_back_and_typed_again():
    content, found = form(LINES), read(rows(("a", PEN), ("b", INK)))
    values = load_values(content, found.json())
    assert typed_from(content, values, context()).texts == found.typed.texts
    assert load_form(dump_form(content)) == content


def test_rows_move_to_the_next_version_and_lost_columns_are_told():
    fewer = form({**LINES, "columns": [THING, COUNT]})
    kept, gone = carry(form(LINES), fewer, rows(("b", INK)))
    assert kept.texts == rows(("b", {"thing": "ink", "count": "1"})).texts
    assert [(each.label, each.text) for each in gone] == [("En account", "430"), ("En colour", "blue")]
    assert {each.text for each in carry(form(LINES), form(field("a")), rows(("b", PEN)))[1]} == {"Pen", "2"}


def test_numbers_in_rows_follow_the_language():
    content = form({**LINES, "columns": [field("size", "number")]})
    spanish = translated(content, Typed("en", {"lines": ("a",), "lines.a.size": ("1.5",)}), context("es"))
    assert spanish.of("lines.a.size") == ("1,5",)


def test_link_fills_in_no_rows_FO13():
    assert not prefill(form(LINES), {"f.lines": "a", "f.lines.a.thing": "pen", "f.thing": "pen"}, context()).texts


def test_page_has_one_question_for_each_shown_cell():
    (question,) = page(read(rows(("a", PEN), ("b", {"thing": "ink"}))), judged=True)[0].questions
    assert [(row.id, row.number, [each.name for each in row.cells]) for row in question.rows] == [
        ("row_lines_a", 1, ["f.lines.a.thing", "f.lines.a.count", "f.lines.a.account"]),
        ("row_lines_b", 2, ["f.lines.b.thing", "f.lines.b.count", "f.lines.b.colour", "f.lines.b.account"]),
    ]
    assert question.rows[1].cells[1].error == "A whole number from 1 to 50"
    assert question.can_grow
    assert [row.row_id for row in page(read(rows()), judged=False)[0].questions[0].rows] == ["1"], "one empty row to begin with"


def blocked(*fields: dict[str, Any], **more: Any) -> list[str]:
    return [str(each.message) for each in lint(form(*fields, **more), Surroundings(context(), 1)) if each.level == "block"]


def test_linter_knows_columns():
    assert not blocked(LINES)
    later = {**COLOUR, "condition": {"op": "empty", "question": "count"}}
    assert blocked({**LINES, "columns": [THING, later, COUNT]}) == ["“En colour” depends on “En count”, which stands later."]
    assert blocked(LINES, field("after", condition={"op": "empty", "question": "count"})) == [
        "“En after” depends on “En count”, which stands later."
    ], "nothing outside looks into rows"
    assert "has rows and cannot stand in the title" in blocked(LINES, title=["lines"])[0]
    assert "it has no column" in blocked({**LINES, "columns": []})[0]
    assert "of a type that cannot stand in rows" in blocked({**LINES, "columns": [field("who", "person")]})[0]
    assert "from 1 to 100 rows" in blocked({**LINES, "rules": {"maximum": "500"}})[0]
    assert "has no label" in blocked({**LINES, "columns": [{**COUNT, "label": {}}]})[0]


def test_changed_columns_are_named_between_versions():
    renamed = {**COUNT, "label": {"en": "Pieces"}}
    found = changes(form(LINES), form({**LINES, "columns": [THING, renamed, field("note")]}), "en")
    assert [str(each.message) for each in found] == [
        "“En count” is now called “Pieces”.",
        "“En lines” has a new column: En note.",
        "“En lines” no longer has the column: En colour.",
        "“En lines” no longer has the column: En account.",
    ]
