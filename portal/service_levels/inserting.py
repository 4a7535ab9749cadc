"""Rows that are written once, whoever else writes them at the same time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core.db import Model, db


def insert_once(table: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert what is not there yet and return the ids of what was (ON CONFLICT DO NOTHING on both databases)."""
    insert: Any = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    model: Any = table
    statement = insert(table).on_conflict_do_nothing().returning(model.id)
    return list(db.session.scalars(statement, [dict(row) for row in rows]))
