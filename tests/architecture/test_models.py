"""The models are what the migrations make, on both databases; both directions of every migration work."""

import os
import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from portal.core.db import db
from tests.architecture.source import ROOT
from tests.conftest import build, dispose

HAND_MADE = ("search_terms",)


def ours(kind: str, name: str | None) -> bool:
    return not (name or "").startswith(HAND_MADE)


def test_migrations_make_what_the_models_say(app: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": lambda o, name, kind, r, c: ours(kind, name)}
        )
        differences = compare_metadata(context, db.metadata)
    assert not differences


def test_every_table_has_a_sentence(app: Flask):
    for mapper in db.Model.registry.mappers:
        assert (mapper.class_.__doc__ or "").strip(), f"{mapper.class_.__name__} has no docstring"


def test_migrations_go_up_down_and_up(empty_database: str, tmp_path):
    app = build(empty_database, tmp_path)
    environment = os.environ | {
        "PORTAL_ENV": "test",
        "PORTAL_SECRET_KEY": str(app.config["SECRET_KEY"]),
        "PORTAL_DATABASE_URL": empty_database,
    }
    for command in (["upgrade"], ["db", "downgrade", "base"], ["upgrade"]):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        tables = db.inspect(connection).get_table_names()
        assert set(db.metadata.tables) <= set(tables)
        assert context.get_current_revision()
    dispose(app)
