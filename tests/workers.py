"""Real worker processes for the tests, forked from one that has everything loaded, so that many can be killed quickly.

`python -m tests.workers` reads lines: `app {settings}` builds a portal on them, `start` makes a child that runs its worker
as `flask jobs run` does, `serve 8123` one that answers browsers on that port. Each line is answered by one, the last two
with the child's process id.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask

ROOT = Path(__file__).parent.parent
COUNTED = "test.counted"
THREADS, PATIENCE = 16, 500
SETTINGS = ("PORTAL_DATABASE_URL", "PORTAL_MAIL_URL", "PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_FILES")


class Workers:
    """Starts and kills workers on the database of a portal."""

    def __init__(self, parent: subprocess.Popen[str], app: Flask, lease: int) -> None:
        self.parent = parent
        self.pids: set[int] = set()
        settings: dict[str, object] = {name: str(app.config[name]) for name in SETTINGS}
        self._ask(
            "app " + json.dumps(settings | {"PORTAL_ENV": "production", "PORTAL_TRUSTED_HOSTS": "localhost", "LEASE": lease})
        )

    def _ask(self, line: str) -> str:
        self.parent.stdin.write(line + "\n")
        self.parent.stdin.flush()
        return self.parent.stdout.readline().strip()

    def start(self) -> int:
        """Start a worker and return its process id."""
        pid = int(self._ask("start"))
        self.pids.add(pid)
        return pid

    def serve(self, port: int) -> int:
        """Start a web server and return its process id."""
        pid = int(self._ask(f"serve {port}"))
        self.pids.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """End a worker as a power cut does."""
        os.kill(pid, signal.SIGKILL)
        self.pids.discard(pid)

    def kill_all(self) -> None:
        """End those that are left."""
        for pid in list(self.pids):
            self.kill(pid)


@pytest.fixture(scope="session")
def worker_parent() -> Iterator[subprocess.Popen[str]]:
    """The process that workers are forked from."""
    command = [sys.executable, "-m", "tests.workers"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as parent:
        yield parent
        parent.stdin.close()


@pytest.fixture
def workers_of(worker_parent: subprocess.Popen[str]) -> Iterator[Callable[..., Workers]]:
    """Return a function that gives the workers of a portal, with a lease in seconds; none outlives the test."""
    made: list[Workers] = []

    def make(app: Flask, lease: int = 3) -> Workers:
        made.append(Workers(worker_parent, app, lease))
        return made[-1]

    yield make
    for workers in made:
        workers.kill_all()


def count(payload: dict[str, int]) -> None:
    """Do work whose effect can be counted afterwards."""
    from portal.audit import actions

    actions.record(None, "counted", "test", payload["number"])


def serve() -> None:
    """Answer the lines; the dead are collected by the system."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = Flask("none yet")
    for line in sys.stdin:
        verb, _, given = line.strip().partition(" ")
        if verb == "app":
            app = build(json.loads(given))
            answer("ready")
        elif verb == "serve":
            answer(str(fork(partial(answer_browsers, app, int(given)))))
        else:
            answer(str(fork(partial(work, app))))


def answer(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def build(settings: dict[str, Any]) -> Flask:
    """Return the portal with the tests' thing and countable work, with the lease that is asked for."""
    from portal.app import create_app
    from portal.core import jobs
    from portal.core.db import db
    from portal.notifications import sending
    from tests import things

    app = create_app(settings)
    things.teach(app)
    jobs.handler(COUNTED, count)
    jobs.LEASE = sending.LEASE = timedelta(seconds=settings["LEASE"])
    jobs.PAUSE_SECONDS = 0.05
    with app.app_context():
        db.engine.dispose()
    return app


def fork(live: Callable[[], int]) -> int:
    """Make a child that lives until it is killed."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.exit(live())
    return pid


def work(app: Flask) -> int:
    """Do timed work and send mail."""
    return app.test_cli_runner().invoke(args=["jobs", "run"]).exit_code


def answer_browsers(app: Flask, port: int) -> int:
    """Serve the portal with threads, as soon as the one killed before has left the port."""
    for _ in range(PATIENCE):
        try:
            server = waitress.create_server(app, host="127.0.0.1", port=port, threads=THREADS)
        except OSError:
            time.sleep(0.02)
        else:
            server.run()
    return 1


if __name__ == "__main__":
    serve()
