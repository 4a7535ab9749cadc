#!/usr/bin/env python3
"""Run the portal or its tests from a fresh checkout; needs nothing but Python 3.11 or newer.

python3 run.py              start the portal with its job worker and the demo organisation
python3 run.py test [...]   run every check and test; further arguments go to pytest
python3 run.py lock         choose the versions in requirements.lock anew (needs uv)
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
CLIENTS = ROOT / "tests" / "clients" / "requirements.txt"  # packages that only read what we publish, for the tests
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
INSTANCE = ROOT / "instance"
DATABASE = INSTANCE / "portal.db"
DEMO_PENDING = INSTANCE / "demo-pending"  # the demo organisation is not complete yet

OLDEST_PYTHON = (3, 11)

HOST = "127.0.0.1"
TRACKING_CODES, POSTCODE = ("7Q4M-KA2X-D9T", "K3N8-V5T2-RWE"), "50001"  # of the demo, as portal/demo/shipments.py says
PASSWORD = "ventanilla-demo"  # noqa: S105 - public, and only good where PORTAL_ENV=demo
SIGN_INS = {
    "employee": "employee of Customer Care",
    "employee2": "employee of another department",
    "head": "head of the employee's department",
    "head2": "head of IT Support",
    "delegate": "stands in for head while away",
    "agent": "agent of IT Support",
    "trainer": "trainer",
    "editor": "communications editor",
    "improver": "member of an improvement team",
    "admin": "administrator",
    "auditor": "auditor, reads and never writes",
    "partner": "person of a partner company",
}

CHECKS: dict[str, Sequence[str]] = {
    "ruff": ("ruff", "check", "--quiet", "."),
    "mypy": ("mypy", "--no-error-summary"),
    "import contracts": ("lint-imports",),
    "djlint": ("djlint", "templates", "--lint", "--quiet"),
}

SECONDS_TO_START = 60
SECONDS_TO_STOP = 15
SECONDS_OF_A_CRASH = 5  # a process that ends sooner than this is not started again


class Missing(Exception):
    """Something this machine lacks, in one sentence."""


def call(*command: str | Path, env: Mapping[str, str] | None = None) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False).returncode


def need(*command: str | Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command that has to succeed."""
    if code := call(*command, env=env):
        raise Missing(f"'{' '.join(Path(part).name for part in command)}' failed (exit code {code}).")


# --- the environment -------------------------------------------------------------------------------------------------


def prepare() -> None:
    """Make `.venv` with exactly what the lock names; again only when the lock or the Python changes."""
    fingerprint = hashlib.sha256(LOCK.read_bytes() + CLIENTS.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / "stamp"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    print("Installing the locked dependencies into .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    install_with_uv(uv) if (uv := shutil.which("uv")) else install_with_pip()
    stamp.write_text(fingerprint)


def install_with_uv(uv: str) -> None:
    """Fill `.venv` with uv."""
    need(uv, "venv", "--quiet", "--python", sys.executable, VENV)
    need(
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--no-deps",
        "--require-hashes",
        "--requirements",
        LOCK,
        "--requirements",
        CLIENTS,
    )


def install_with_pip() -> None:
    """Fill `.venv` with the pip that comes with Python."""
    if importlib.util.find_spec("ensurepip") is None:
        raise Missing("Python's venv module is missing; on Debian and Ubuntu: 'apt install python3-venv'.")
    need(sys.executable, "-m", "venv", VENV)
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action", "ignore")
    need(PYTHON, "-m", "pip", "install", *quiet, "--no-deps", "--require-hashes", "--requirement", LOCK, "--requirement", CLIENTS)


def lock() -> int:
    """Choose the versions anew: for every system, with hashes and without addresses."""
    uv = shutil.which("uv")
    if uv is None:
        raise Missing("Locking needs uv ('pip install uv').")
    options = ("--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--quiet")
    label = ("--custom-compile-command", "python3 run.py lock")
    return call(uv, "pip", "compile", "pyproject.toml", "--group", "dev", *options, *label, "--output-file", LOCK.name)


# --- the portal ------------------------------------------------------------------------------------------------------


def serve() -> int:
    """Start the portal and its job worker on the embedded database; what is there is kept."""
    port = int(os.environ.get("PORT", "8000"))
    if answers(port):
        raise Missing(f"Port {port} is in use; 'PORT=9000 python3 run.py' takes another.")
    prepare()
    env = settings(port)
    prepare_database(env)
    web = ("-m", "waitress", f"--listen={HOST}:{port}", "--threads=8", "wsgi:app")
    worker = ("-m", "flask", "--app", "wsgi", "jobs", "run")
    return Supervisor({"portal": web, "job worker": worker}, env).run(port)


def answers(port: int) -> bool:
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def settings(port: int) -> dict[str, str]:
    """Return the environment of the demo: what the caller has set stands, but it is always the demo."""
    defaults = {"PORTAL_BASE_URL": f"http://{HOST}:{port}", "PORTAL_SECRET_KEY": secret_key()}
    return defaults | os.environ | {"PORTAL_ENV": "demo", "PYTHONUNBUFFERED": "1"}


def secret_key() -> str:
    """Return this checkout's own secret, drawn once and readable by its owner only."""
    INSTANCE.mkdir(exist_ok=True)
    path = INSTANCE / "secret-key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def prepare_database(env: Mapping[str, str]) -> None:
    """Migrate; fill a new embedded database with the demo organisation, from the start if that was interrupted."""
    if DEMO_PENDING.exists():
        for leftover in INSTANCE.glob(f"{DATABASE.name}*"):
            leftover.unlink()
    if not DATABASE.exists():
        DEMO_PENDING.touch()
    flask = (PYTHON, "-m", "flask", "--app", "wsgi")
    need(*flask, "upgrade", env=env)
    if DEMO_PENDING.exists() and DATABASE.exists():
        print("Loading the demo organisation …", flush=True)
        need(*flask, "demo", "load", env=env)
    DEMO_PENDING.unlink(missing_ok=True)


def announce(port: int) -> None:
    """Print where the portal is and who can sign in."""
    width = max(map(len, SIGN_INS)) + len("@demo.example")
    print(f"\nVentanilla: http://{HOST}:{port}   password of all: {PASSWORD}\n")
    for name, who in SIGN_INS.items():
        print(f"  {name + '@demo.example':{width}}  {who}")
    print(f"\n  Without signing in: http://{HOST}:{port}/track/ with the code {' or '.join(TRACKING_CODES)}")
    print(f"  (the postal code {POSTCODE} shows the details)\n\nCtrl-C stops it.", flush=True)


class Supervisor:
    """The children of `serve`: starts them, starts again what dies, stops all."""

    def __init__(self, commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> None:
        self.commands = commands
        self.env = env
        self.children: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self.stopping = False

    def run(self, port: int) -> int:
        """Keep the children running until Ctrl-C or SIGTERM; return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.ask_to_stop)
        try:
            for name in self.commands:
                self.start(name)
            self.wait_until_ready(port)
            while not self.stopping:
                self.revive()
                time.sleep(0.2)
        finally:
            self.stop()
        return 0

    def ask_to_stop(self, *_: object) -> None:
        """Note that it is time to stop."""
        self.stopping = True

    def start(self, name: str) -> None:
        """Start one child, in a session of its own so that Ctrl-C reaches only this process."""
        command = [str(PYTHON), *self.commands[name]]
        child = subprocess.Popen(command, cwd=ROOT, env=dict(self.env), start_new_session=True)
        self.children[name] = child, time.monotonic()

    def wait_until_ready(self, port: int) -> None:
        """Announce the portal as soon as it answers."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.stopping and not answers(port):
            self.revive()
            if time.monotonic() > deadline:
                raise Missing(f"The portal did not answer within {SECONDS_TO_START} seconds.")
            time.sleep(0.1)
        if not self.stopping:
            announce(port)

    def revive(self) -> None:
        """Start again what died, unless it died right after its start."""
        for name, (child, started) in list(self.children.items()):
            if child.poll() is None:
                continue
            if time.monotonic() - started < SECONDS_OF_A_CRASH:
                raise Missing(f"The {name} ended at once (exit code {child.returncode}).")
            print(f"The {name} ended (exit code {child.returncode}); starting it again.", flush=True)
            self.start(name)

    def stop(self) -> None:
        """Ask every child to finish what it does; after a while insist."""
        for child, _ in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        deadline = time.monotonic() + SECONDS_TO_STOP
        for child, _ in self.children.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


# --- the tests -------------------------------------------------------------------------------------------------------


def test(arguments: Sequence[str]) -> int:
    """Run the static checks and all tests; pytest's summary comes last, after it only what failed before it."""
    prepare()
    browser = call(PYTHON, "-m", "tests.chromium")
    if browser and os.environ.get("CI") == "true":
        raise Missing("In CI the browser tests must run, so Chromium must be there.")
    call(PYTHON, "-m", "tests.nginx")
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    tests = call(PYTHON, "-m", "pytest", "-n2", "--dist=worksteal", *arguments)
    if failed:
        print(f"Failed before the tests: {', '.join(failed)}.", flush=True)
    return 1 if failed else tests


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one static check and say how it went."""
    started = time.monotonic()
    program, *arguments = command
    passed = call(BIN / program, *arguments) == 0
    print(f"{name}: {'passed' if passed else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True)
    return passed


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    if sys.version_info < OLDEST_PYTHON:
        raise Missing(f"Ventanilla needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer, this is {sys.version}.")
    if not arguments:
        return serve()
    if arguments[0] == "test":
        return test(arguments[1:])
    if list(arguments) == ["lock"]:
        return lock()
    print(__doc__)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Missing as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
