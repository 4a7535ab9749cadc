"""R17: an upgrade that fails before any of its statements is completed by the next run, and nothing is left over."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import event, text

from portal.core import schema
from portal.core.db import db
from tests.architecture.test_models import ours
from tests.conftest import build, dispose
from tests.racing import ROUNDS, race

EVERY_STATEMENT = 100  # rounds, and more: fail before each one
SOME_PLACES = (0, 1, 2, 3, 8, 20, 40, 3, 1, 60)
SHAPE = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'column', table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default, character_maximum_length)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}


class PowerCut(Exception):
    """The upgrade ends here."""


class Cut:
    """Ends an upgrade before the statement whose turn it is; those that changed nothing are not counted."""

    def __init__(self) -> None:
        self.left, self.seen = None, 0

    def before(self, connection, cursor, statement: str, *rest: object) -> None:
        if re.match(r"\s*(SELECT|PRAGMA|SHOW|BEGIN|SAVEPOINT|RELEASE)", statement, re.IGNORECASE):
            return
        self.seen += 1
        if self.left is not None and self.seen > self.left:
            raise PowerCut(statement)


@contextmanager
def cut_off() -> Iterator[Cut]:
    cut = Cut()
    event.listen(db.engine, "before_cursor_execute", cut.before)
    yield cut
    event.remove(db.engine, "before_cursor_execute", cut.before)


def shape(engine: str) -> list[tuple[str, ...]]:
    with db.engine.connect() as connection:
        rows = connection.execute(text(SHAPE[engine])).all()
    return sorted(tuple(lines_of(str(cell)) for cell in row) for row in rows)


def lines_of(cell: str) -> str:
    """Return the lines in one order: SQLite tables that were made anew name their constraints in any."""
    return "\n".join(sorted(line.strip().rstrip(",") for line in cell.splitlines()))


def every_place() -> Iterator[int]:
    """Count the statements of the migration whose turn it is, then those of the next."""
    place, before = 0, schema.revision()
    while True:
        yield place
        place, before = (place + 1, before) if schema.revision() == before else (1, schema.revision())


@pytest.fixture
def fresh(app: Flask, engine: str) -> list[tuple[str, ...]]:
    """What a database looks like that was installed in one go."""
    return shape(engine)


@pytest.fixture
def empty_app(fresh: object, empty_database: str, tmp_path: Path, run_folder: Path) -> Iterator[Flask]:
    app = build(empty_database, tmp_path)
    with app.app_context():
        yield app
    dispose(app)
    for copy in run_folder.glob("*.before-*"):
        copy.unlink()


@race
def test_R17_upgrade_that_fails_before_any_statement_is_completed_by_the_next_run(
    empty_app: Flask, fresh: list[tuple[str, ...]], engine: str
) -> None:
    failed = 0
    with cut_off() as cut:
        for place in every_place() if ROUNDS >= EVERY_STATEMENT else SOME_PLACES[:ROUNDS]:
            cut.left, cut.seen = place, 0
            try:
                schema.upgrade()
                break
            except PowerCut:
                failed += 1
        cut.left = None
        schema.upgrade()
    assert failed >= min(ROUNDS, 5)
    assert schema.revision() == schema.head()
    assert shape(engine) == fresh
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda o, name, kind, r, c: ours(kind, name)}
        assert not compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)
