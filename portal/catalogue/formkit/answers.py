"""From what a browser posted to typed values, problems and canonical JSON (FO rules 4, 5, 6, 7, 18)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from flask_babel import gettext as _

from portal.catalogue.formkit.conditions import Decoder, holds, is_empty
from portal.catalogue.formkit.rows import ID as ROW
from portal.catalogue.formkit.rows import MOST_ROWS, ROW_ID, ROWS, Row, blank, cell
from portal.catalogue.formkit.schema import Field, Form, Option
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context, Problem, Wrong
from portal.core.text import in_language

PREFIX = "f."
ON_PAGE = "on_page"
"""Name of the hidden inputs that tell which questions the posted page carried."""
LONGEST_TYPED, MOST_TYPED = 40_000, 300


class Repeated(ValueError):
    """A value came twice where one is expected; the caller answers 400 (SE-39)."""


class Posted(Protocol):
    """What `request.form` is."""

    def getlist(self, key: str) -> list[str]:
        """Return all values under a name."""

    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True)
class Typed:
    """The raw texts per field and the language they were typed in: the content of a draft.

    `terms` are the prices that were shown while they were typed (FO9); `for_whom` names somebody else for whom it is
    filled in (FO rule 21).
    """

    language: str
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    for_whom: str = ""

    def updated(self, form: Form, posted: Posted, language: str) -> "Typed":
        """Return the texts with those that a page posted; questions it did not carry stay (FO rule 4, FO5)."""
        carried = set(posted.getlist(ON_PAGE))
        texts = dict(self.texts)
        for each in form.fields:
            if each.type == ROWS and (each.key in carried or ROW_ID + each.key in posted):
                texts = _with_rows(each, posted, texts)
            elif each.key in carried or PREFIX + each.key in posted:
                texts[each.key] = _taken(each, posted.getlist(PREFIX + each.key))
        return replace(self, language=language, texts=texts)

    def of(self, key: str) -> tuple[str, ...]:
        """Return the texts of one field."""
        return self.texts.get(key, ())

    def to_json(self) -> dict[str, Any]:
        """Return the JSON kept in a draft."""
        told = ({"terms": dict(self.terms)} if self.terms else {}) | ({"for": self.for_whom} if self.for_whom else {})
        return {"language": self.language, "texts": {key: list(texts) for key, texts in sorted(self.texts.items())}, **told}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Typed":
        """Return what a draft kept."""
        texts = {str(key): tuple(map(str, texts)) for key, texts in data["texts"].items()}
        return cls(str(data["language"]), texts, dict(data.get("terms", {})), str(data.get("for", "")))


def _with_rows(each: Field, posted: Posted, texts: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the texts with the rows as posted; a cell that a condition hides keeps its text in the draft (FO5, FO15)."""
    ids = posted.getlist(ROW_ID + each.key)
    if len(ids) > MOST_ROWS or len(set(ids)) < len(ids) or not all(ROW.fullmatch(row) for row in ids):
        raise Repeated(each.key)
    others = {name: text for name, text in texts.items() if name.partition(".")[0] != each.key}
    cells = {cell(each.key, row, column.key): column for row in ids for column in each.columns}
    read = {
        name: _taken(column, posted.getlist(PREFIX + name)) if PREFIX + name in posted else texts.get(name, ())
        for name, column in cells.items()
    }
    return {**others, each.key: tuple(ids), **{name: text for name, text in read.items() if text}}


def _taken(each: Field, texts: Sequence[str]) -> tuple[str, ...]:
    if len(texts) > (MOST_TYPED if type_of(each.type).many else 1):
        raise Repeated(each.key)
    return tuple(text[:LONGEST_TYPED] for text in texts if text)


@dataclass(frozen=True)
class Filled:
    """A form with the answers typed so far: what is shown, what it means, what to put right."""

    form: Form
    typed: Typed
    context: Context
    values: Mapping[str, Any]
    visible: frozenset[str]
    problems: tuple[Problem, ...]
    cells: Mapping[str, Asked] = field(default_factory=dict)
    """The cells of repeating rows that are shown, by their name."""

    @property
    def complete(self) -> bool:
        """Say whether it could be sent."""
        return not self.problems

    def asked(self, key: str) -> Asked:
        """Return a field with the options that can be chosen now."""
        return ask(self.form, self.form.by_key[key], self.values, self.context)

    def problem(self, key: str) -> Problem | None:
        """Return what is wrong with one field."""
        return next((each for each in self.problems if each.key == key), None)

    def json(self) -> dict[str, Any]:
        """Return the canonical JSON of the values by field key."""
        return {key: type_of(self.form.by_key[key].type).to_json(value) for key, value in self.values.items()}


def decoder(form: Form) -> Decoder:
    """Return the function that reads canonical JSON as a value of a question; conditions compare with it."""

    def decode(key: str, data: Any) -> Any:
        each = form.by_key.get(key)
        if each is None:
            raise ValueError(key)
        return type_of(each.type).from_json(data)

    return decode


def ask(form: Form, each: Field, values: Mapping[str, Any], context: Context) -> Asked:
    """Return a field as it is asked now: without withdrawn options and those whose condition does not hold."""
    decode = decoder(form)
    return Asked(each, context, tuple(option for option in each.options if _offered(option, values, context, decode)))


def _offered(option: Option, values: Mapping[str, Any], context: Context, decode: Decoder) -> bool:
    return not option.withdrawn and holds(option.condition, values, context.facts, decode)


def fill(form: Form, typed: Typed, context: Context) -> Filled:
    """Read every field in page order; hidden ones have no value, all problems are collected (FO rules 4 and 18)."""
    values: dict[str, Any] = {}
    visible: set[str] = set()
    problems: list[Problem] = []
    cells: dict[str, Asked] = {}
    decode = decoder(form)
    for each in form.fields:
        if not holds(each.condition, values, context.facts, decode):
            continue
        visible.add(each.key)
        if each.type == ROWS:
            value, wrong, found = _read_rows(form, each, typed, values, context)
            problems += found.problems
            cells |= found.cells
        else:
            value, wrong = read_field(ask(form, each, values, context), typed.of(each.key))
        if value is not None:
            values[each.key] = value
        if wrong is not None:
            problems.append(Problem(each.key, in_language(each.label, context.language), wrong.right, wrong.suggestions))
    return Filled(form, typed, context, values, frozenset(visible), tuple(problems), cells)


@dataclass
class _Cells:
    problems: list[Problem] = field(default_factory=list)
    cells: dict[str, Asked] = field(default_factory=dict)


def _read_rows(
    form: Form, each: Field, typed: Typed, before: Mapping[str, Any], context: Context
) -> tuple[tuple[Row, ...] | None, Wrong | None, _Cells]:
    """Read the rows in order; wholly empty ones are dropped, errors name the row as the page counts it (FO16)."""
    found, rows = _Cells(), []
    for number, row in enumerate(blank(each, typed.of(each.key)), 1):
        said = {column.key: typed.of(cell(each.key, row, column.key)) for column in each.columns}
        is_blank = not any(text.strip() for texts in said.values() for text in texts)
        values: dict[str, Any] = dict(before)
        for column in each.columns:
            if not holds(column.condition, values, context.facts, decoder(form)):
                continue
            name, asked = cell(each.key, row, column.key), ask(form, column, values, context)
            found.cells[name] = asked
            value, wrong = (None, None) if is_blank else read_field(asked, said[column.key])
            if value is not None:
                values[column.key] = value
            if wrong is not None:
                found.problems.append(Problem(name, _in_row(number, column, context), wrong.right, wrong.suggestions))
        if not is_blank:
            rows.append(Row(row, {c.key: type_of(c.type).to_json(values[c.key]) for c in each.columns if c.key in values}))
    return tuple(rows) or None, _wrong_count(Asked(each, context), len(rows)), found


def _in_row(number: int, column: Field, context: Context) -> str:
    label = in_language(column.label, context.language)
    return str(_("Row %(number)s, %(label)s", number=number, label=label))


def _wrong_count(asked: Asked, count: int) -> Wrong | None:
    kind = type_of(asked.field.type)
    needed = asked.field.required and not count
    return kind.wrong(asked) if needed or (count and kind.beyond(asked, count)) else None


def read_field(asked: Asked, raw: Sequence[str]) -> tuple[Any, Wrong | None]:
    """Return the value of one field, or None, and what is wrong with it."""
    kind = type_of(asked.field.type)
    try:
        value = kind.read(asked, raw)
    except Wrong as wrong:
        return None, wrong
    if is_empty(value):
        needed = kind.asks and asked.field.required
        return None, Wrong(kind.missing(asked)) if needed else None
    return value, None


def canonical(data: Any) -> str:
    """Return the one JSON text of some data: for storing, comparing and hashing."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def typed_from(form: Form, values: Mapping[str, Any], context: Context) -> Typed:
    """Return the texts that somebody would have typed to give these values."""
    texts: dict[str, tuple[str, ...]] = {}
    for each in form.fields:
        if each.type == ROWS:
            texts |= _typed_rows(form, each, values.get(each.key, ()), values, context)
        elif each.key in values:
            texts[each.key] = type_of(each.type).write(ask(form, each, values, context), values[each.key])
    return Typed(context.language, texts)


def _typed_rows(
    form: Form, each: Field, rows: Sequence[Row], values: Mapping[str, Any], context: Context
) -> dict[str, tuple[str, ...]]:
    texts = {each.key: tuple(row.id for row in rows)}
    for row in rows:
        for column in each.columns:
            if column.key in row.data:
                kind = type_of(column.type)
                value = kind.from_json(row.data[column.key])
                texts[cell(each.key, row.id, column.key)] = kind.write(ask(form, column, values, context), value)
    return texts


def looked_up(form: Form, typed: Typed) -> dict[str, set[str]]:
    """Return the typed texts by the directory that their questions ask; questions without a text count too (FO rule 7)."""
    found: dict[str, set[str]] = {}
    for each in form.fields:
        if directory := type_of(each.type).directory:
            found.setdefault(directory, set()).update(typed.of(each.key))
    return found


def load_values(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed values of stored canonical JSON; what the version does not know is left out."""
    values = {}
    for key, stored in data.items():
        if key in form.by_key:
            values[key] = type_of(form.by_key[key].type).from_json(stored)
    return values
