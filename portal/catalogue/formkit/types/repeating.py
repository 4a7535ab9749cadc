"""Repeating rows (FO rule 25); the texts of their cells are read by `answers.fill`."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.rows import COLUMN_TYPES, MOST_COLUMNS, MOST_ROWS, ROWS, Row
from portal.catalogue.formkit.schema import Field
from portal.catalogue.formkit.types.base import Asked, FieldType, ranged
from portal.catalogue.formkit.values import Message
from portal.core.text import in_language


class Rows(FieldType):
    """A list of small records with the same columns; the limits count them."""

    key = ROWS
    title = _("Repeating rows")
    control = "rows"

    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self.types = types

    def to_json(self, value: tuple[Row, ...]) -> Any:
        """Store id and values of each row."""
        return [{"row_id": row.id, "values": dict(row.data)} for row in value]

    def from_json(self, data: Any) -> tuple[Row, ...]:
        """Read the rows."""
        if not isinstance(data, list) or not all(isinstance(row, dict) and isinstance(row.get("values"), dict) for row in data):
            raise ValueError("a list of rows is expected")
        return tuple(Row(str(row["row_id"]), row["values"]) for row in data)

    def show(self, field: Field, value: tuple[Row, ...], language: str) -> Message:
        """Show the rows one after the other, each with the words of its columns."""
        shown = []
        for row in value:
            cells = zip(field.columns, self.cells(field, row, language), strict=True)
            shown.append(", ".join(f"{in_language(column.label, language)}: {text}" for column, text in cells if text))
        return "; ".join(shown)

    def cells(self, field: Field, row: Row, language: str) -> tuple[str, ...]:
        """Return the words of one row, column by column; a column without answer is empty."""
        return tuple(self._cell(column, row, language) for column in field.columns)

    def _cell(self, column: Field, row: Row, language: str) -> str:
        if column.key not in row.data:
            return ""
        kind = self.types[column.type]
        return str(kind.show(column, kind.from_json(row.data[column.key]), language))

    def expects(self, asked: Asked) -> Message:
        """Say how many rows are right."""
        rules = asked.field.rules
        return ranged(_("rows"), rules.minimum or "1", rules.maximum) if rules.maximum else _("at least one row")

    def faults(self, asked: Asked) -> list[Message]:
        """Rows need columns of simple types."""
        found = super().faults(asked)
        if not asked.field.columns:
            found.append(_("it has no column"))
        if len(asked.field.columns) > MOST_COLUMNS:
            found.append(_("it has more than %(number)s columns", number=MOST_COLUMNS))
        if any(column.type not in COLUMN_TYPES for column in asked.field.columns):
            found.append(_("one of its columns is of a type that cannot stand in rows"))
        for text in (asked.field.rules.minimum, asked.field.rules.maximum):
            if text and (not text.isdecimal() or int(text) > MOST_ROWS):
                found.append(_("it takes from 1 to %(number)s rows", number=MOST_ROWS))
        return found
