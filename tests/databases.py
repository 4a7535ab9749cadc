"""The databases of the tests: made once by the real migrations, then clean again before each test.

Each engine has a template that is migrated once in a whole run, whatever the number of workers. SQLite: a file that is
copied for each test. PostgreSQL: a database that is copied once for each worker and emptied before each test. Commits
are real on both, so threads, savepoints and deferred constraints behave as in production.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from tests.postgres import GivenServer, Server

ADDRESS = "TEST_DATABASE_URL"
RUN_FOLDER = "VENTANILLA_TEST_RUN"
PREFIX = "ventanilla-tests-"
TEMPLATE = "template"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ENOUGH = 2**30

Migrate = Callable[[str], None]


class Databases(Protocol):
    """What one process does with the databases of one engine."""

    def create(self, name: str, *, empty: bool = False) -> str:
        """Make a database, migrated unless `empty`, and return its address."""

    def copy(self, source: str, name: str) -> str:
        """Make a database like one that nobody is connected to and that is not cleaned any more; return its address."""

    def clean(self, name: str) -> None:
        """Make a database look as it was created."""

    def drop(self, name: str) -> None:
        """Remove a database."""

    def close(self) -> None:
        """Close the connections of this process."""


# --- the folder of a run ---------------------------------------------------------------------------------------------


def open_run() -> Path:
    """Return the folder that all processes of this run share; the first one makes it."""
    if RUN_FOLDER not in os.environ:
        parent = MEMORY if roomy(MEMORY) else Path(tempfile.gettempdir())
        sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
        folder.chmod(0o755)
        os.environ[RUN_FOLDER] = str(folder)
    return Path(os.environ[RUN_FOLDER])


def roomy(memory: Path) -> bool:
    """Tell whether the file system in memory is there, large enough and lets programs run."""
    if not os.access(memory, os.W_OK):
        return False
    facts = os.statvfs(memory)
    return facts.f_bavail * facts.f_frsize > ENOUGH and not facts.f_flag & os.ST_NOEXEC


def close_run(folder: Path) -> None:
    """Stop the server of a run and remove all that it left."""
    if ADDRESS in os.environ:
        drop_all(folder)
    Server(folder / "postgresql").stop()
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(RUN_FOLDER, None)


def sweep(parent: Path) -> None:
    """Remove what runs left that were killed."""
    for folder in parent.glob(f"{PREFIX}*"):
        owner = int(folder.name.removeprefix(PREFIX).partition("-")[0])
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            close_run(folder)
        except PermissionError:
            continue


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time do what is inside."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(done: Path, make: Callable[[], None]) -> None:
    """Call `make` in the first process of a run that comes here; the others wait for it."""
    with locked(done.with_suffix(".lock")):
        if not done.exists():
            make()
            done.touch()


# --- SQLite ----------------------------------------------------------------------------------------------------------


class Sqlite:
    """Files in the folder of the run, which lies in memory where that is possible."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self.folder = folder
        self.migrate = migrate
        once(folder / "sqlite.done", self._make_template)

    def _make_template(self) -> None:
        self.migrate(self.url(TEMPLATE))

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"sqlite:///{self._file(name)}"

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def create(self, name: str, *, empty: bool = False) -> str:
        """Copy the template."""
        if not empty:
            return self.copy(TEMPLATE, name)
        self.drop(name)
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        """Copy the file; what its log still held was written into it when the last connection was closed."""
        self.drop(name)
        shutil.copyfile(self._file(source), self._file(name))
        return self.url(name)

    def clean(self, name: str) -> None:
        """Copy the template again."""
        self.create(name)

    def drop(self, name: str) -> None:
        """Remove the file and what SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is open."""


# --- PostgreSQL ------------------------------------------------------------------------------------------------------

TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
"""
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
CLEAN = """
    CREATE FUNCTION pg_temp.clean() RETURNS void LANGUAGE plpgsql
    SET session_replication_role = replica SET lock_timeout = '10s' AS $$BEGIN %s END$$
"""


class Postgresql:
    """Databases of one server, each with the name of the run in its own."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self.folder = folder
        self.migrate = migrate
        self.server = server(folder)
        self.cleaners: dict[str, psycopg.Connection] = {}
        once(folder / "postgresql.done", self._make_template)

    def _make_template(self) -> None:
        self.server.start()
        self.create(TEMPLATE, empty=True)
        self.migrate(self.url(TEMPLATE))

    def _name(self, name: str) -> str:
        return f"{self.folder.name}-{name}"

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return self.server.url(self._name(name)).render_as_string(hide_password=False)

    def create(self, name: str, *, empty: bool = False) -> str:
        """Copy the template; only one process at a time may."""
        self._create(name, "template0" if empty else self._name(TEMPLATE))
        if not empty:
            self.cleaners[name] = self._cleaner(name)
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        """Copy the database."""
        if source in self.cleaners:
            self.cleaners.pop(source).close()
        self._create(name, self._name(source))
        return self.url(name)

    def _create(self, name: str, template: str) -> None:
        self.drop(name)
        with locked(self.folder / "create.lock"):
            self._admin("CREATE DATABASE {} TEMPLATE {}", self._name(name), template)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        if name in self.cleaners:
            self.cleaners.pop(name).close()
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._name(name))

    def close(self) -> None:
        """Close the connections that clean."""
        for connection in self.cleaners.values():
            connection.close()

    def _admin(self, statement: str, *names: str) -> None:
        with connect(self.server, "postgres") as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def clean(self, name: str) -> None:
        """Empty the tables that were empty in the template, and fill the others as they were."""
        self.cleaners[name].execute("SELECT pg_temp.clean()")

    def _cleaner(self, name: str) -> psycopg.Connection:
        """Prepare the cleaning of a database while it still looks like the template."""
        connection = connect(self.server, self._name(name))
        statements = []
        for number, (table,) in enumerate(connection.execute(TABLES).fetchall()):
            statements.append(f"DELETE FROM {table};")
            if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                ((columns,),) = connection.execute(COLUMNS, [table]).fetchall()
                connection.execute(f"CREATE TEMPORARY TABLE seed_{number} AS TABLE {table}")
                source = f"SELECT {columns} FROM seed_{number}"
                statements.append(f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE {source};")
        connection.execute(CLEAN % " ".join(statements))
        return connection


def drop_all(folder: Path) -> None:
    """Remove the databases of a run from a server that goes on."""
    server = GivenServer(os.environ[ADDRESS])
    with connect(server, "postgres") as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [folder.name])
        for (name,) in names.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def server(folder: Path) -> Server | GivenServer:
    """Return the server that the environment names, or one of this run."""
    return GivenServer(os.environ[ADDRESS]) if ADDRESS in os.environ else Server(folder / "postgresql")


def connect(server: Server | GivenServer, database: str) -> psycopg.Connection:
    """Connect without a transaction around each statement."""
    url = server.url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)
