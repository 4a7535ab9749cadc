"""What was sent, as it was asked: labels and order of its own version, no confidential values (FO rules 8, 24)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue.formkit.answers import Filled
from portal.catalogue.formkit.rows import ROWS
from portal.catalogue.formkit.schema import Confidential, Field, Form
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Message
from portal.core.text import in_language


@dataclass(frozen=True)
class Stored:
    """One answer as a request keeps it: canonical JSON, and label and words as they were shown at sending."""

    key: str
    value: Any
    label: str
    shown: str


@dataclass(frozen=True)
class Reader:
    """Who reads the answers of one request, as far as confidential fields ask (PE table, row 6)."""

    requester: bool = False
    groups: frozenset[str] = frozenset()
    approver: bool = False
    delegate: bool = False


@dataclass(frozen=True)
class Answer:
    """One line of a request's page; a withheld one has its label and no value."""

    key: str
    label: str
    shown: Message = ""
    withheld: bool = False
    long: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class AnswerGroup:
    """A section of a request's page."""

    title: str
    answers: tuple[Answer, ...]


def may_read(rule: Confidential | None, reader: Reader) -> bool:
    """Say whether somebody who sees the request also sees this field; the first right does not include the second."""
    if rule is None or reader.requester or not reader.groups.isdisjoint(rule.groups):
        return True
    return (reader.approver and rule.approvers) or (reader.delegate and rule.approvers and rule.delegates)


def to_store(filled: Filled) -> tuple[Stored, ...]:
    """Return the answers of a filled form in page order, as a request keeps them."""
    language = filled.context.language
    data = filled.json()
    return tuple(
        Stored(each.key, data[each.key], in_language(each.label, language), str(_shown_now(each, filled)))
        for each in filled.form.fields
        if each.key in data
    )


def _shown_now(each: Field, filled: Filled) -> Message:
    """Return the answer in words; names of people and files as the page shows them, nothing of a confidential column."""
    each = replace(each, columns=tuple(column for column in each.columns if column.confidential is None))
    kind, value = type_of(each.type), filled.values[each.key]
    shown = kind.show(each, value, filled.context.language)
    if shown is not None:
        return shown
    ids = value if isinstance(value, tuple) else (value,)
    named = {choice.value: str(choice.label) for choice in kind.choices(filled.asked(each.key), ids)}
    return ", ".join(named.get(str(known), str(known)) for known in ids)


def read_back(form: Form, stored: Mapping[str, Stored], language: str, reader: Reader) -> tuple[AnswerGroup, ...]:
    """Return the answers in the order and with the labels of the version they were given to (FO21, FO rule 24)."""
    groups = (
        AnswerGroup(in_language(section.title, language), tuple(_answers(section.fields, stored, language, reader)))
        for section in form.sections
    )
    return tuple(group for group in groups if group.answers)


def _answers(fields: tuple[Field, ...], stored: Mapping[str, Stored], language: str, reader: Reader) -> list[Answer]:
    found = []
    for each in fields:
        label = in_language(each.label, language)
        if not may_read(each.confidential, reader):
            found.append(Answer(each.key, label, withheld=True))
        elif each.type == ROWS:
            found += _rows(each, stored.get(each.key), language, reader)
        elif each.key in stored:
            found.append(Answer(each.key, label, in_words(each, stored[each.key], language), long=each.type == "long_text"))
    return found


def _rows(each: Field, stored: Stored | None, language: str, reader: Reader) -> list[Answer]:
    """Return repeating rows as a table of the columns that the reader may read, and the names of the others (FO rule 24)."""
    open_ = replace(each, columns=tuple(column for column in each.columns if may_read(column.confidential, reader)))
    label = in_language(each.label, language)
    secret = [column for column in each.columns if column not in open_.columns]
    found = [Answer(column.key, f"{label}: {in_language(column.label, language)}", withheld=True) for column in secret]
    if stored is None:
        return found
    kind = type_of(each.type)
    rows = tuple(kind.cells(open_, row, language) for row in kind.from_json(stored.value))
    columns = tuple(in_language(column.label, language) for column in open_.columns)
    return [Answer(each.key, label, in_words(open_, stored, language), columns=columns, rows=rows), *found]


def in_words(each: Field, stored: Stored, language: str) -> Message:
    """Return a stored answer in words: in the reader's language where the version can tell, else as stored."""
    kind = type_of(each.type)
    try:
        shown = kind.show(each, kind.from_json(stored.value), language)
    except (ValueError, TypeError, ArithmeticError):
        return stored.shown
    return stored.shown if shown is None else shown


def title_of(form: Form, stored: Mapping[str, Stored], language: str) -> str:
    """Return the answers that tell a request apart in lists; never a confidential one."""
    fields = [form.by_key[key] for key in form.title if key in form.by_key and key in stored and not form.by_key[key].columns]
    return " · ".join(str(in_words(each, stored[each.key], language)) for each in fields if each.confidential is None)
