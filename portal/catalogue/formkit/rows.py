"""Repeating rows: an answer that is a list of small records, each known by its id and not by its place (FO rule 25)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.catalogue.formkit.schema import Field, Form

ROWS = "rows"
ROW_ID = "row_id."
"""Begin of the name of the hidden inputs that carry the ids of the rows of a question, in order."""
MOST_ROWS, MOST_COLUMNS = 100, 8
COLUMN_TYPES = ("short_text", "long_text", "number", "money", "date", "time", "yes_no", "one_of")
ID = re.compile("[a-z0-9]{1,16}")
ADD, REMOVE = "add", "remove"


@dataclass(frozen=True)
class Row:
    """One record: its id, and the canonical JSON of its answers by column."""

    id: str
    data: Mapping[str, Any]


def cell(key: str, row: str, column: str) -> str:
    """Return the name under which the text of one column in one row is kept and posted."""
    return f"{key}.{row}.{column}"


def asked_by(form: Form, name: str) -> Field | None:
    """Return the question, or the column, whose text this is."""
    key, _dot, rest = name.partition(".")
    each = next((one for one in form.fields if one.key == key), None)
    if each is None or not rest:
        return each
    return each.column(rest.rpartition(".")[2])


def blank(each: Field, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the rows that a page shows: those typed, or as many empty ones as are needed at least."""
    if ids:
        return tuple(ids)
    least = each.rules.minimum
    return tuple(str(number) for number in range(1, 1 + max(1, min(int(least) if least.isdecimal() else 1, MOST_ROWS))))


def most(each: Field) -> int:
    """Return how many rows the question takes."""
    limit = each.rules.maximum
    return min(int(limit), MOST_ROWS) if limit.isdecimal() else MOST_ROWS


def pressed(form: Form, button: str) -> tuple[str, Field, str] | None:
    """Return (add or remove, question, row) of a button's value; None for what is no such button."""
    verb, _colon, rest = button.partition(":")
    key, _colon, row = rest.partition(":")
    each = asked_by(form, key)
    if each is None or each.type != ROWS or verb not in (ADD, REMOVE):
        return None
    return verb, each, row


def acted(texts: Mapping[str, tuple[str, ...]], form: Form, button: str, new_id: str) -> dict[str, tuple[str, ...]]:
    """Return the texts after "Add row" or "Remove"; the other rows keep their ids and all that was typed (FO15)."""
    found = pressed(form, button)
    if found is None:
        return dict(texts)
    verb, each, row = found
    ids = texts.get(each.key, ())
    if verb == ADD:
        return {**texts, each.key: (*blank(each, ids), new_id) if len(ids) < most(each) else ids}
    gone = cell(each.key, row, "")
    return {name: text for name, text in texts.items() if not name.startswith(gone)} | {each.key: _without(ids, row)}


def _without(ids: Sequence[str], row: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != row)
