"""The database: base class, column types, and how transactions begin and end.

One request is one transaction, committed at the edge (`core.web`). `keep()` commits what must survive a 4xx, `observe()`
records what a GET may record. On SQLite a writing transaction begins with BEGIN IMMEDIATE, a reading one with BEGIN
(RE-1 to RE-5).
"""

import secrets
import string
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, g
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
T = TypeVar("T")
ALPHABET = string.ascii_lowercase + string.digits
INSTRUCTIONS = 100_000  # of SQLite's machine, between two looks at the clock: about a millisecond
PATIENCE = 3  # seconds until a database that does not answer counts as away (RE-28)
POSTGRESQL_LIMITS = "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=15s"

writing: ContextVar[bool] = ContextVar("writing", default=True)


class Base(DeclarativeBase):
    """Declarative base with names for all constraints."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()

if TYPE_CHECKING:

    class Model(Base):
        """What every table inherits from."""

        __abstract__ = True
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in both databases (C1)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive datetimes; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LocalText(TypeDecorator[Mapping[str, str]]):
    """A text in several languages, {language: text}; read it with `core.text.in_language` (C13)."""

    impl = JSON(none_as_null=True)
    cache_ok = True


def public_id(length: int = 12) -> str:
    """Return a random identifier fit for addresses: never a counter (PE-20)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


class PublicId:
    """Mixin: the identifier that addresses show."""

    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)


def init(app: Flask) -> None:
    """Bind the database to the application and make its transactions begin as they must."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["PORTAL_DATABASE_URL"]
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app.config["PORTAL_DATABASE_URL"]))
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations", compare_type=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
            _require_listeners(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    connecting = {"options": POSTGRESQL_LIMITS, "connect_timeout": PATIENCE}
    return {"pool_pre_ping": True, "pool_timeout": PATIENCE, "connect_args": connecting}


def _prepare_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "busy_timeout=5000", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _require_listeners(engine: Engine) -> None:
    """Refuse to start where SQLite would begin a transaction only with its first write: a lock would hold nobody back (C3)."""
    if not (event.contains(engine, "connect", _on_connect) and event.contains(engine, "begin", _on_begin)):
        raise RuntimeError("the SQLite engine has lost the listeners that begin its transactions")


@contextmanager
def reading() -> Iterator[None]:
    """Within it, transactions that begin are reading ones."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the end or roll back on an exception: for jobs, commands and the demo, never for views."""
    token = writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        writing.reset(token)


def keep() -> None:
    """Commit what the view has written so far; it survives a later 4xx (RE-1)."""
    db.session.commit()


def observe(record: Callable[[], None]) -> None:
    """Run `record` in a short transaction of its own after the answer is built (RE-1)."""
    g.setdefault("observations", []).append(record)


def apart(record: Callable[[], T]) -> T:
    """Run `record` in a short transaction of its own before anything else is written, and return what it found.

    For what even a GET counts before it may answer: limits that hold for all workers (TR-9, TR-10).
    """
    db.session.rollback()
    with transaction():
        return record()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Within it, a statement that takes longer fails: for what a page can do without. The caller rolls back then."""
    driver: Any = db.session.connection().connection.driver_connection
    if db.engine.dialect.name == "sqlite":
        end = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > end, INSTRUCTIONS)
        try:
            yield
        finally:
            driver.set_progress_handler(None, 0)
    else:
        driver.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        yield
        driver.execute("SET LOCAL statement_timeout TO DEFAULT")


def lock(model: type[Any], id_: int) -> Any:
    """Lock one row and return it as it is now, not as it was read before (C3)."""
    return db.session.get_one(model, id_, with_for_update=True, populate_existing=True)
