"""Rows that are written once, whoever else writes them at the same time, and many rows changed in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, bindparam, func, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core.db import Model, db


def insert_once(table: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert what is not there yet and return the ids of what was (ON CONFLICT DO NOTHING on both databases)."""
    insert: Any = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    model: Any = table
    statement = insert(table).on_conflict_do_nothing().returning(model.id)
    return list(db.session.scalars(statement, [dict(row) for row in rows]))


def update_many(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Change rows, each given as its id and the values of `names`, in one call; objects in the session are not refreshed."""
    if rows:
        (_one_by_one if db.engine.dialect.name == "sqlite" else _in_one_statement)(model.__table__, names, rows)


def _one_by_one(table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(table).where(table.c.id == bindparam("row_id")).values(values)
    keys = ("row_id", *(f"new_{name}" for name in names))
    db.session.connection().execute(statement, [dict(zip(keys, row, strict=True)) for row in rows])


def _in_one_statement(table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Each statement is a journey to PostgreSQL, so the values travel as one array per column."""
    columns = [table.c[name] for name in ("id", *names)]
    arrays = [bindparam(None, list(many), ARRAY(one.type)) for one, many in zip(columns, zip(*rows, strict=True), strict=True)]
    given = func.unnest(*arrays).table_valued("id", *names).render_derived("given")
    statement = update(table).where(table.c.id == given.c.id).values({name: given.c[name] for name in names})
    db.session.connection().execute(statement)
