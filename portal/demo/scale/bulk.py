"""Writing many rows fast: numbered here, inserted in portions, with the database's own counters set after."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text

from portal.core.db import Model, db

PORTION = 2_000
Row = Mapping[str, Any]


def next_id(model: type[Model]) -> int:
    """Return the first number that no row of the table has."""
    column = model.__table__.c.id
    return int(db.session.scalar(select(func.max(column))) or 0) + 1


def write(model: type[Model], rows: Iterable[Row]) -> None:
    """Insert rows that have the same keys."""
    waiting = iter(rows)
    while portion := list(islice(waiting, PORTION)):
        db.session.execute(insert(cast(Table, model.__table__)), portion)


def settle(*models: type[Model]) -> None:
    """Let PostgreSQL count on after what was numbered here, and let both databases know how the tables look now."""
    if db.engine.dialect.name == "postgresql":
        for model in models:
            table = model.__tablename__
            last = next_id(model) - 1
            db.session.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), {"table": table, "last": last})
    db.session.execute(text("ANALYZE"))
