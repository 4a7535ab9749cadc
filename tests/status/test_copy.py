"""The static copy: whole, atomic, with its age, equal to what the portal says, and served when everything else is away."""

import subprocess
import threading
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.core.db import db
from portal.status import copying, passing, queries, stamps
from tests import nginx
from tests.conftest import commit
from tests.factories import status as make
from tests.notifications.post_office import free_port
from tests.status.conftest import MONDAY
from tests.status.seed_api import HIDDEN

NGINX = nginx.find()
CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"


@pytest.fixture
def copies(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "PORTAL_STATUS_COPY", str(tmp_path / "copies"))
    return tmp_path / "copies"


def copy():
    """Write the copy as the worker does, outside the test's own transaction."""
    commit()
    return copying.work()


def test_SP54_copy_is_written_when_the_public_state_changes_and_the_last_three_stay(app, client, cast, there, copies, at_nine):
    assert copy() == 1
    assert copy() == 0, "nothing new"
    first = (copies / "current").resolve()
    for number in range(3):
        make.incident(cast.editor, name=f"Incident {number}")
        assert copy() == 1
    assert (copies / "current").resolve() != first
    assert len([path for path in copies.iterdir() if path.is_dir() and not path.is_symlink()]) == 3
    at_nine.move_to(MONDAY + timedelta(minutes=5))
    assert copy() == 1, "its age tells that we live"


def test_API13_copy_holds_the_bytes_of_the_portal_and_no_internal_word(client, there, copies):
    copy()
    current = copies / "current"
    for path, file in (
        ("/api/v2/summary.json", "api/v2/summary.json"),
        ("/api/v2/summary.json?lang=es", "lang/es/api/v2/summary.json"),
        ("/api/v2/scheduled-maintenances/active.json", "api/v2/scheduled-maintenances/active.json"),
        ("/badge/status.svg", "badge/status.svg"),
        ("/history.atom", "history.atom"),
        ("/status/en/updates.atom", "status/en/updates.atom"),
        ("/maintenance.ics", "maintenance.ics"),
    ):
        assert (current / file).read_bytes() == client.get(path).data, path
    for file in current.rglob("*"):
        if file.is_file() and file.suffix in {".html", ".json", ".atom", ".rss", ".ics", ".txt", ".svg"}:
            text = file.read_text()
            assert not [word for word in HIDDEN if word in text], file


def test_SP56_copy_says_when_it_was_made_and_until_when_it_may_be_trusted(there, copies):
    copy()
    page = (copies / "current" / "status/en/index.html").read_text()
    assert "This is a copy of 2 March 2026, 10:00. It can be trusted until 10:10; after that, nothing is confirmed." in page
    assert 'href="/status/es/"' in page
    assert (copies / "current" / "status.txt").read_text() == (
        f"{queries.public_view(clock.now()).verdict.indicator}\nInterrupción menor del servicio\n2026-03-02T09:00:00.000Z\n"
    ).replace("Interrupción menor del servicio", queries.public_view(clock.now()).description.text("es"))


def test_SP55_portal_answers_from_the_copy_while_only_the_database_is_away(client, there, copies, monkeypatch):
    copy()

    def away(now):
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(stamps, "read", away)
    answer = client.get("/status/en/")
    assert (answer.status_code, "This is a copy of" in answer.text) == (200, True)
    assert client.get("/api/v2/status.json").json["page"]["id"]
    assert client.get(f"/status/en/incidents/{'z' * 12}").status_code == 503


def test_SP24_case_passed_transition_is_recorded_once_whoever_comes(app, cast, there, at_nine):
    at_nine.move_to(MONDAY + timedelta(days=1, hours=1))
    before = stamps.read(clock.now()).number
    commit()
    db.session.remove()
    counts = []
    workers = [threading.Thread(target=lambda: counts.append(in_context(app))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len([count for count in counts if count]) == 1
    assert stamps.read(clock.now()).number == before + 1


def in_context(app):
    with app.app_context():
        return passing.work()


@pytest.mark.sqlite_only
@pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")
def test_SP35_case_nginx_serves_the_copy_with_the_portal_killed(there, copies, tmp_path):
    copy()
    port = free_port()
    text = CONFIGURATION.read_text().replace("/srv/ventanilla/instance/status-copy", str(copies))
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{free_port()}")
    (tmp_path / "nginx.conf").write_text(f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; user root;\n{text}")
    with subprocess.Popen([NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.PIPE) as server:
        try:
            found = {path: ask(f"http://127.0.0.1:{port}{path}") for path in PATHS}
        finally:
            server.terminate()
    for path, (status, _headers, _body) in found.items():
        assert status == PATHS[path], path
    assert b"This is a copy of" in found["/status/en/"][2]
    assert found["/api/v2/summary.json"][1]["Access-Control-Allow-Origin"] == "*"
    assert found["/api/v2/summary.json"][1]["Content-Type"].startswith("application/json")
    assert "Tracking is slow" in found["/api/v2/status.json?lang=es"][2].decode()


PATHS = {
    "/status/": 200,
    "/status/es/": 200,
    "/status/en/": 200,
    "/status/en/history": 200,
    "/api/v2/summary.json": 200,
    "/api/v2/status.json?lang=es": 200,
    "/history.atom": 200,
    "/maintenance.ics": 200,
    "/requests": 503,
    "/status/en/incidents/zzzzzzzzzzzz": 503,
}


def ask(url):
    for _attempt in range(40):
        try:
            with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - our own server
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")
