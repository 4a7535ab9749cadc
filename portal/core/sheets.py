"""Tables as files for spreadsheets: CSV that opens by a double click, and XLSX; no text of theirs becomes a formula (SE-56)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from babel.numbers import format_decimal
from flask_babel import get_locale
from werkzeug.wrappers import Response

Cell = str | int | float | None
FORMULAS = tuple("=+-@\t\r＝＋－＠")
BOM = "\ufeff"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WIDEST = 60


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it where it might (SE-56)."""
    starts = text.startswith(FORMULAS) or text.lstrip().startswith(FORMULAS)
    return f"'{text}" if starts else text


def file_of(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with a table as a file to keep; `kind` is "csv" or "xlsx"."""
    body = {"csv": as_csv, "xlsx": as_xlsx}[kind](columns, rows)
    response = Response(body, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return CSV with semicolons and the decimal sign of the language, as the spreadsheets of its readers expect."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode()


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else str(format_decimal(cell, locale=get_locale(), group_separator=False))


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet whose first row stays in sight; numbers are numbers."""
    body = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(body, safe) as book:
        sheet: Any = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, title in enumerate(columns):
            sheet.write_string(0, column, harmless(title), bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit(max_width=WIDEST * 7)
    return body.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, harmless(cell))
    elif cell is not None:
        sheet.write_number(row, column, cell)
