"""A form as a page shows it: one `Question` per field, ready for one macro."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from portal.catalogue.formkit.answers import ON_PAGE, PREFIX, Filled
from portal.catalogue.formkit.conditions import questions_in
from portal.catalogue.formkit.pricing import price_words
from portal.catalogue.formkit.rows import ROWS, blank, cell, most
from portal.catalogue.formkit.schema import Field, Form, Section
from portal.catalogue.formkit.sentences import only_if
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Choice, Message, Problem
from portal.catalogue.formkit.words import borrowed
from portal.core.text import in_language


@dataclass(frozen=True)
class Question:
    """All that the macro of a question needs; texts are plain, labels come in the reader's language.

    `id` is the fragment (`field_<key>`), `name` the input; the macro also sends a hidden input `on_page` with the key.
    `control` says which input to draw; `value` is the text typed, `picked` a second text (choice between equal times).
    `steers` tells that the visibility of other questions depends on it, so a change asks the server.
    `label_language` is set when the label stands in another language than the page's.
    """

    key: str
    id: str
    name: str
    type: str
    control: str
    label: str
    label_language: str | None
    hint: str
    required: bool
    visible: bool
    only_if: Message | None
    value: str
    picked: str
    options: tuple[Choice, ...]
    attributes: Mapping[str, str]
    problem: Problem | None
    confidential: bool
    steers: bool
    prefilled: bool
    on_page: str = ON_PAGE
    rows: tuple["QuestionRow", ...] = ()
    can_grow: bool = False

    @property
    def error(self) -> str:
        """Return the sentence at the field, or nothing."""
        return self.problem.at_field if self.problem else ""


@dataclass(frozen=True)
class QuestionRow:
    """One row of repeating rows, with a question for each column that is shown in it."""

    id: str
    number: int
    row_id: str
    cells: tuple[Question, ...]


@dataclass(frozen=True)
class QuestionGroup:
    """A section of the page with its questions."""

    key: str
    title: str
    hint: str
    questions: tuple[Question, ...]

    @property
    def visible(self) -> bool:
        """Say whether any question of the section is shown."""
        return any(question.visible for question in self.questions)


def page(filled: Filled, *, judged: bool, prefilled: frozenset[str] = frozenset()) -> tuple[QuestionGroup, ...]:
    """Return the sections with all questions, hidden ones too; problems are shown only when `judged`."""
    steering = {key for each in filled.form.by_key.values() for key in _looked_at(each)}
    return tuple(_group(section, filled, judged, prefilled, steering) for section in filled.form.sections)


def steered(form: Form) -> frozenset[str]:
    """Return the keys of the questions that can change with others: their groups are the fragments of a preview."""
    return frozenset(each.key for each in form.fields if _looked_at(each))


def _looked_at(each: Field) -> tuple[str, ...]:
    asked_by_options = (key for option in each.options for key in questions_in(option.condition))
    return (*questions_in(each.condition), *asked_by_options)


def _with_price(choice: Choice, each: Field, filled: Filled) -> Choice:
    """Return a choice with what it costs (FO rule 22)."""
    option, pricing = each.option(choice.value), filled.form.pricing
    if option is None or option.price is None or pricing is None or not pricing.currency:
        return choice
    return replace(choice, price=price_words(option.price, pricing, filled.context.language))


def _group(section: Section, filled: Filled, judged: bool, prefilled: frozenset[str], steering: set[str]) -> QuestionGroup:
    language = filled.context.language
    questions = tuple(_question(each, filled, judged, each.key in prefilled, each.key in steering) for each in section.fields)
    return QuestionGroup(section.key, in_language(section.title, language), in_language(section.help, language), questions)


def _question(each: Field, filled: Filled, judged: bool, prefilled: bool, steers: bool) -> Question:
    rows = _rows(each, filled, judged) if each.type == ROWS else ()
    found = _asking(each, each.key, filled.asked(each.key), filled, judged)
    prefilled = prefilled and bool(filled.typed.of(each.key))
    return replace(found, steers=steers, prefilled=prefilled, rows=rows, can_grow=len(rows) < most(each))


def _rows(each: Field, filled: Filled, judged: bool) -> tuple[QuestionRow, ...]:
    """Return the rows as the page counts them; what a condition hides in a row is not among its cells (FO rule 25)."""
    return tuple(
        QuestionRow(f"row_{each.key}_{row}", number, row, tuple(_cells(each, row, filled, judged)))
        for number, row in enumerate(blank(each, filled.typed.of(each.key)), 1)
    )


def _cells(each: Field, row: str, filled: Filled, judged: bool) -> Iterator[Question]:
    for column in each.columns:
        name = cell(each.key, row, column.key)
        if name in filled.cells:
            found = _asking(column, name, filled.cells[name], filled, judged)
            control = "select" if found.control == "radio" else found.control
            yield replace(found, visible=True, control=control)


def _asking(each: Field, name: str, asked: Asked, filled: Filled, judged: bool) -> Question:
    language, kind, texts = filled.context.language, type_of(each.type), filled.typed.of(name)
    return Question(
        key=name,
        id="field_" + name.replace(".", "_"),
        name=PREFIX + name,
        type=each.type,
        control=kind.control,
        label=in_language(each.label, language),
        label_language=borrowed(each.label, language),
        hint=in_language(each.help, language),
        required=each.required,
        visible=name in filled.visible,
        only_if=only_if(each.condition, filled.form, language) if each.condition else None,
        value=texts[0] if texts else "",
        picked="".join(texts[1:2]),
        options=tuple(_with_price(choice, each, filled) for choice in kind.choices(asked, texts)),
        attributes=kind.attributes(asked),
        problem=filled.problem(name) if judged else None,
        confidential=each.confidential is not None,
        steers=False,
        prefilled=False,
    )
