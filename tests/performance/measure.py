"""Measures the main pages with little and with much data, and says which limit of performance.md is broken: `make measure`."""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.app import create_app
from portal.core.db import db
from portal.people.models import Person
from portal.requests.models import Request, State
from tests import conftest, databases
from tests.cast.people import sign_in
from tests.performance import plans
from tests.performance.meter import on_the_wire, statements

SMALL = 1_000
ROUNDS = 30
STATEMENTS = 12
GROWTH, GROWTH_OF_SEARCH = 1.3, 1.6
AGENT = "agent@demo.example"
HEADINGS = ("page", "ms", "ms", "growth", "statements", "bytes", "scans")


@dataclass
class Costs:
    """What one page costs on one portal."""

    statements: int = 0
    bytes: int = 0
    scans: Sequence[str] = ()
    ours: list[float] = field(default_factory=list)  # milliseconds of this process, one for each visit
    server: float = 0.0  # milliseconds of the database's process, for all visits together

    @property
    def milliseconds(self) -> float:
        """Return the CPU time of one visit: the median here, and the mean of a server whose clock ticks are coarse."""
        return median(self.ours) + self.server / len(self.ours)


class Measured:
    """A portal with the demo organisation and some thousand requests, and an agent who looks at it."""

    def __init__(self, url: str, folder: Path, scale: int) -> None:
        self.app = portal(url, folder)
        loaded = self.app.test_cli_runner().invoke(args=["demo", "load", "--scale", str(scale)])
        assert loaded.exit_code == 0, f"{loaded.output}\n{loaded.exception!r}"
        with self.app.app_context():
            tidy()
            agent = db.session.scalars(select(Person).where(Person.email == AGENT)).one()
            self.client: FlaskClient = sign_in(self.app.test_client(), agent)
            self.pages = pages(agent)
            self.server = server_process()
        self.costs = {name: Costs() for name in self.pages}

    def inspect(self) -> None:
        """Count statements and bytes of each page, and ask the database how it reads."""
        for name, address in self.pages.items():
            costs = self.costs[name]
            costs.bytes = on_the_wire(self.client, address)  # the first visit fills what is kept in memory
            with self.app.app_context():
                with statements(db.engine) as found:
                    assert self.client.get(address).status_code == 200, address
                costs.statements = len(found)
                costs.scans = plans.scans(found)

    def visit(self, name: str) -> None:
        """Measure one visit of a page."""
        costs, before = self.costs[name], self.server_time()
        begun = time.process_time()
        self.client.get(self.pages[name])
        costs.ours.append((time.process_time() - begun) * 1000)
        costs.server += (self.server_time() - before) * 1000

    def server_time(self) -> float:
        """Return the seconds of the database's process; SQLite works in ours."""
        times = self.server.cpu_times() if self.server else None
        return times.user + times.system if times else 0.0


def portal(url: str, folder: Path) -> Flask:
    """Return a portal as it runs in production, where a page is as expensive as its users have it."""
    settings = {"PORTAL_ENV": "demo", "PORTAL_SECRET_KEY": os.urandom(24).hex(), "PORTAL_MAIL_URL": ""}
    return create_app(settings | {"PORTAL_DATABASE_URL": url, "PORTAL_FILES": str(folder / "files")})


def tidy() -> None:
    """Let the database know how its tables look now."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def server_process() -> psutil.Process | None:
    """Return the process that serves the only connection of this portal."""
    if db.engine.dialect.name == "sqlite":
        return None
    return psutil.Process(db.session.scalar(text("SELECT pg_backend_pid()")))


def pages(agent: Person) -> dict[str, str]:
    """Return the pages to measure by their names; the request is one with comments in the agent's own queue."""
    in_queue = Request.department_id == agent.department_id
    closed = select(Request.reference).where(in_queue, Request.state == State.CLOSED, Request.send_key.startswith("scale-"))
    reference = db.session.scalars(closed.order_by(Request.id.desc()).limit(1)).one()
    return {
        "queue": "/requests/queue",
        "queue, filtered": "/requests/queue?state=closed&q=de",
        "search, common word": "/search?q=revision",
        "search, rare word": "/search?q=E250",
        "search, reference": f"/search?q={reference}",
        "one request": f"/requests/{reference}",
        "home": "/",
    }


# --- measuring and judging -------------------------------------------------------------------------------------------


def measure(engine: str, scale: int) -> list[str]:
    """Measure on one database, print the table and return what is broken."""
    with places(engine) as place:
        small, large = (Measured(*place(str(size)), size) for size in (SMALL, scale))
        for each in (small, large):
            each.inspect()
        gc.collect()
        gc.disable()
        for name in small.pages:
            for _round in range(ROUNDS):  # in turns, so that a busy machine disturbs both alike
                small.visit(name)
                large.visit(name)
            gc.collect()
        gc.enable()
        show(engine, scale, small, large)
        conftest.dispose(small.app)
        conftest.dispose(large.app)
    return [f"{engine}, {name}: {fault}" for name in small.pages for fault in faults(name, small.costs[name], large.costs[name])]


@contextmanager
def places(engine: str) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Within it, give addresses of migrated databases and folders for files; all is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"{databases.PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    try:
        opened = conftest.ENGINES[engine](folder, conftest.migrate)
        yield lambda name: (opened.create(name), folder)
        opened.close()
    finally:
        databases.close_run(folder)


def growth(small: Costs, large: Costs) -> float:
    """Return how many times as much a page costs with much data."""
    return large.milliseconds / small.milliseconds


def faults(name: str, small: Costs, large: Costs) -> Iterator[str]:
    """Yield the limits that a page breaks."""
    limit = GROWTH_OF_SEARCH if name.startswith("search") else GROWTH
    if growth(small, large) > limit:
        yield f"costs {growth(small, large):.2f} times as much with much data, at most {limit}"
    if max(small.statements, large.statements) > STATEMENTS:
        yield f"{max(small.statements, large.statements)} statements, at most {STATEMENTS}"
    for scan in large.scans:
        yield f"reads a whole table: {scan}"


def show(engine: str, scale: int, small: Measured, large: Measured) -> None:
    """Print the table: CPU milliseconds of application and database together, median of 30 visits."""
    say(f"\n{engine}: CPU ms a page with {SMALL:,} and {scale:,} requests, signed in as an agent")
    row = "{:<20} {:>7} {:>7} {:>7} {:>11} {:>7} {:>6}"
    say(row.format(*HEADINGS))
    for name, few in small.costs.items():
        many = large.costs[name]
        numbers = (f"{few.milliseconds:.1f}", f"{many.milliseconds:.1f}", f"{growth(few, many):.2f}")
        say(row.format(name, *numbers, many.statements, many.bytes, len(many.scans)))


def say(line: str) -> None:
    """Speak on the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure on the databases asked for; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=100_000)
    parser.add_argument("--database", choices=(*conftest.ENGINES, "both"), default="both")
    chosen = parser.parse_args()
    engines = tuple(conftest.ENGINES) if chosen.database == "both" else (chosen.database,)
    broken = [fault for engine in engines for fault in measure(engine, chosen.scale)]
    say("\n".join(["", *broken]) if broken else "\nNo limit is broken.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
