"""Keyset paging: "Anterior / Siguiente" by cursor, never by number (requests.md 14)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, tuple_
from sqlalchemy.sql.elements import ColumnElement
from werkzeug.exceptions import BadRequest

from portal.core.db import db

SIZES = (25, 50, 100)
SHORT = 15
"""The size of a list whose rows carry decisions: a fragment of it stays below 5 kB (performance.md)."""


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages before and after them."""

    rows: Sequence[Row[Any]]
    previous: str | None
    next: str | None


def page_of(
    select: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    cursor: str | None,
    size: int = 25,
    descending: bool = False,
) -> Page:
    """Return one page of `select` ordered by `keys`, whose last key must be unique.

    `select` lists columns, the keys among them. A malformed cursor or an unknown size answers 400 (SE-38).
    """
    if size not in (*SIZES, SHORT):
        raise BadRequest
    backwards, position = _read(cursor, len(keys))
    up = descending == backwards
    ordered = select.order_by(*(key.asc() if up else key.desc() for key in keys)).limit(size + 1)
    if position:
        place = tuple_(*keys)
        ordered = ordered.where(place > tuple_(*position) if up else place < tuple_(*position))
    found = list(db.session.execute(ordered))
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    values = [[row._mapping[key] for key in keys] for row in (rows[:1] + rows[-1:])]
    has_previous, has_next = (more, bool(position)) if backwards else (bool(position), more)
    return Page(
        rows,
        _write("<", values[0]) if rows and has_previous else None,
        _write(">", values[-1]) if rows and has_next else None,
    )


def _write(direction: str, values: Sequence[Any]) -> str:
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return direction + base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(cursor: str | None, length: int) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    try:
        body = cursor[1:]
        plain = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        values = [datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value for value in plain]
    except (ValueError, KeyError, TypeError):
        raise BadRequest from None
    if cursor[0] not in "<>" or len(values) != length or not all(isinstance(v, int | str | datetime) for v in values):
        raise BadRequest
    return cursor[0] == "<", values


def one_of(value: str, offered: Sequence[str]) -> str:
    """Return a filter's value from the address if it is offered or empty; anything else answers 400 (PE-16)."""
    if value and value not in offered:
        raise BadRequest
    return value
