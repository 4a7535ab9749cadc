"""Runs migrations on the portal's own engine, each in one transaction, also on SQLite (RE-37)."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.core.db import LocalText, UtcDateTime

database = current_app.extensions["migrate"].db


def forget_temporary_tables(connection: Connection) -> None:
    """Remove what a failed batch migration of SQLite left behind."""
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE '\\_alembic\\_tmp\\_%' ESCAPE '\\'")
    for (name,) in rows.fetchall():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def render_item(kind: str, item: object, autogen: object) -> str | Literal[False]:
    """Write our column types as the plain ones beneath, since migrations import nothing of the portal."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LocalText):
        return "sa.JSON()"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave out the table of the search that each database has in a form of its own, and what FTS5 keeps beside it."""
    return kind != "table" or not str(name).startswith("search_terms")


def prepare(connection: Connection) -> None:
    """Let large tables take their time, and SQLite copy a table that others refer to."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        forget_temporary_tables(connection)
    else:
        connection.exec_driver_sql("SET statement_timeout = 0")
    connection.commit()


def tidy_up(connection: Connection) -> None:
    """Put back what `prepare` changed."""
    back = "PRAGMA foreign_keys=ON" if connection.dialect.name == "sqlite" else "RESET statement_timeout"
    connection.commit()
    connection.connection.cursor().execute(back)
    connection.commit()


def run() -> None:
    """Run the migrations asked for."""
    with database.engine.connect() as connection:
        prepare(connection)
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            compare_type=True,
            render_item=render_item,
            include_name=include_name,
        )
        with context.begin_transaction():
            context.run_migrations()
        tidy_up(connection)


run()
