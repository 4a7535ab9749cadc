"""The database's version: migrate with care, and refuse to start on another one (RE-38)."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade as alembic_upgrade
from sqlalchemy import inspect, text

from portal.core.db import db

WRONG_SCHEMA = 3


def revision() -> str | None:
    """Return the revision of the database, or None when it is empty."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def head() -> str:
    """Return the revision that this version of the portal needs."""
    scripts = ScriptDirectory(str(Path(current_app.root_path) / "migrations"))
    needed = scripts.get_current_head()
    assert needed is not None  # noqa: S101 - a portal without migrations cannot exist
    return needed


def require(app: Flask) -> None:
    """End with exit code 3 and an instruction when the database has another version."""
    with app.app_context():
        found, needed = revision(), head()
    if found != needed:
        sys.stderr.write(
            f"The database has version {found or 'none'}, this portal needs {needed}: run 'flask --app wsgi upgrade'.\n"
        )
        sys.exit(WRONG_SCHEMA)


def upgrade() -> None:
    """Copy an SQLite database that has content, then migrate to the newest version."""
    Path(current_app.instance_path).mkdir(parents=True, exist_ok=True)
    if revision() not in (None, head()) and db.engine.dialect.name == "sqlite":
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute(f"VACUUM INTO '{db.engine.url.database}.before-{stamp}'")  # type: ignore[union-attr]  # a driver connection is there
    alembic_upgrade()
