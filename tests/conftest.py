"""What every test can ask for: the application on both databases, a client, a clock; and no network by accident."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import Result
from flask import Flask, has_app_context
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings as hypothesis_settings

from tests import databases
from tests.postgres import Unavailable

pytest_plugins = ("tests.tally", "tests.live", "tests.cast.people", "tests.things", "tests.workers")

ENGINES: dict[str, Callable[[Path, databases.Migrate], databases.Databases]] = {
    "sqlite": databases.Sqlite,
    "postgresql": databases.Postgresql,
}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SELDOM = 100_000  # new objects between two collections
MONDAY_MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Madrid, an ordinary working day

hypothesis_settings.register_profile("busy machine", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("busy machine")

MakeApp = Callable[..., Flask]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the table of rights be written anew after a change that was meant."""
    parser.addoption("--write-matrix", action="store_true", help="write tests/cast/matrix.csv; then read the difference")


def pytest_configure(config: pytest.Config) -> None:
    """Open the folder that the processes of this run share; settings of the developer do not reach the tests."""
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "FLASK_"))]:
        del os.environ[name]
    config.owns_run = databases.RUN_FOLDER not in os.environ  # type: ignore[attr-defined]
    databases.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if config.owns_run:  # type: ignore[attr-defined]
        databases.close_run(databases.open_run())


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays: modules, templates and tests; it takes a tenth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a database on both, unless it says that one is enough."""
    if "engine" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    engines = list(ENGINES)
    if "sqlite_only" in marks or "live_server" in metafunc.fixturenames:
        engines = ["sqlite"]
    elif "postgresql_only" in marks:
        engines = ["postgresql"]
    metafunc.parametrize("engine", engines, indirect=True, scope="session")


# --- databases -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database that this test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder of this run, in memory where possible."""
    return databases.open_run()


@pytest.fixture(scope="session")
def open_databases(run_folder: Path) -> Iterator[Callable[[str], databases.Databases]]:
    """Return the databases of an engine; the first call in a run migrates their template."""
    opened: dict[str, databases.Databases] = {}

    def get(engine: str) -> databases.Databases:
        if engine not in opened:
            opened[engine] = ENGINES[engine](run_folder, migrate)
        return opened[engine]

    yield get
    for one in opened.values():
        one.close()


@pytest.fixture
def engine_databases(engine: str, open_databases: Callable[[str], databases.Databases]) -> databases.Databases:
    """The databases of the engine that this test runs on; the test is skipped where there are none."""
    try:
        return open_databases(engine)
    except Unavailable as reason:
        pytest.skip(f"{engine}: {reason}")


@pytest.fixture
def empty_database(engine_databases: databases.Databases) -> Iterator[str]:
    """The address of a database without any table, for tests of the migrations themselves."""
    name = f"{WORKER}-empty"
    yield engine_databases.create(name, empty=True)
    engine_databases.drop(name)


def migrate(url: str) -> None:
    """Bring a database to the newest version, as the operator's command does."""
    app = build(url, Path())
    result = app.test_cli_runner().invoke(args=["upgrade"])
    dispose(app)
    if result.exception:
        raise result.exception


# --- the application -------------------------------------------------------------------------------------------------


class Client(FlaskClient):
    """Sends each request outside the test's own context and transaction, as a browser does.

    What the test has prepared is committed first; what the request has changed is seen by the test's next read.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request."""
        commit()
        return Context().run(super().open, *args, **kwargs)


class CliRunner(FlaskCliRunner):
    """Runs each command outside the test's own context and transaction, as a terminal does."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        """Run one command."""
        commit()
        return Context().run(super().invoke, *args, **kwargs)


def commit() -> None:
    """Commit what the test has prepared so far."""
    from portal.core.db import db

    if has_app_context():
        db.session.commit()


def build(url: str, files: Path, **settings: object) -> Flask:
    """Return an application on the given database."""
    from portal.app import create_app

    defaults = {
        "PORTAL_ENV": "test",
        "PORTAL_SECRET_KEY": "for the tests only, and known to all",
        "PORTAL_DATABASE_URL": url,
        "PORTAL_FILES": str(files),
        "PORTAL_MAIL_URL": "",
        "PORTAL_TRUSTED_HOSTS": "",
        "PORTAL_BASE_URL": "http://localhost",
    }
    app = create_app(defaults | settings)
    app.test_client_class = Client
    app.test_cli_runner_class = CliRunner
    return app


def dispose(app: Flask) -> None:
    """Close the connections of an application."""
    from portal.core.db import db

    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def shared_apps() -> Iterator[dict[str, Flask]]:
    """The application of each engine, made once for all tests of this process."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        dispose(app)


@pytest.fixture
def clean_app(engine: str, engine_databases: databases.Databases, shared_apps: dict[str, Flask], run_folder: Path) -> Flask:
    """The application on a clean database, without a context."""
    files = run_folder / f"{WORKER}-files"
    if engine in shared_apps:
        dispose_files(shared_apps[engine])
        engine_databases.clean(WORKER)
        shared_apps[engine].extensions["status_memory"].forget()
    else:
        shared_apps[engine] = build(engine_databases.create(WORKER), files)
    shutil.rmtree(files, ignore_errors=True)
    return shared_apps[engine]


def dispose_files(app: Flask) -> None:
    """Close connections to a database file that is about to be replaced."""
    if str(app.config["PORTAL_DATABASE_URL"]).startswith("sqlite"):
        dispose(app)


@pytest.fixture
def app(clean_app: Flask) -> Iterator[Flask]:
    """The application on a clean database, on SQLite and on PostgreSQL, inside a context for actions and queries."""
    with clean_app.app_context():
        yield clean_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def make_app(engine_databases: databases.Databases, tmp_path: Path) -> Iterator[MakeApp]:
    """Return a function that makes a new application with settings of its own, on a database of its own."""
    made: list[tuple[str, Flask]] = []

    def make(**settings: object) -> Flask:
        name = f"{WORKER}-{len(made)}"
        made.append((name, build(engine_databases.create(name), tmp_path / f"files-{len(made)}", **settings)))
        return made[-1][1]

    yield make
    for name, app in made:
        dispose(app)
        engine_databases.drop(name)


@pytest.fixture
def real_app(make_app: MakeApp) -> Flask:
    """A new application on a fresh database, for tests with threads; without a context, each thread opens its own."""
    return make_app()


# --- the world outside -----------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still on a Monday morning until the test moves it: `clock.shift(60)`, `clock.move_to(…)`."""
    with time_machine.travel(MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""

    def guarded(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def checked(self: socket.socket, address: Any) -> Any:
            local = self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
            assert local, f"a test tried to reach {address}"
            return connect(self, address)

        return checked

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield
