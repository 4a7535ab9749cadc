"""A disk without room stops writing and nothing else; when there is room again, nothing needs to be restarted (R5, R6)."""

import gc
import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from structlog.testing import capture_logs
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from portal.attachments.models import StoredFile
from portal.conversations.models import Comment
from portal.conversations.queries import new_send_key
from portal.core import files
from portal.core.db import db
from portal.requests.models import Request
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory

WORDS = "The monitor flickers since Monday. " * 500
ROOM = 4_000_000
TRIGGER = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON comment FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def open_request(cast: Cast) -> Request:
    made = factory.send(factory.service(cast.it), cast.employee)
    db.session.commit()
    return made


@pytest.fixture
def employee(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.employee)


@contextmanager
def limited(words: str) -> Iterator[None]:
    """Open all connections anew, each under a limit that the real database keeps."""

    def limit(connection, record) -> None:
        connection.execute(words)
        connection.commit()

    db.session.rollback()
    db.engine.dispose()
    event.listen(db.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.rollback()
        db.engine.dispose()


@contextmanager
def sqlite_full() -> Iterator[None]:
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.driver_connection
        driver.execute("VACUUM")
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
    with limited(f"PRAGMA max_page_count = {pages + 1}"):
        yield


@contextmanager
def postgresql_full() -> Iterator[None]:
    db.session.execute(text(TRIGGER))
    db.session.commit()
    try:
        yield
    finally:
        db.session.rollback()
        db.session.execute(text("DROP FUNCTION no_room() CASCADE"))
        db.session.commit()


FAULTS = {
    ("sqlite", "full"): sqlite_full,
    ("postgresql", "full"): postgresql_full,
    ("sqlite", "read-only"): lambda: limited("PRAGMA query_only = ON"),
    ("postgresql", "read-only"): lambda: limited("SET default_transaction_read_only = on"),
}


def say(client: FlaskClient, request: Request, words: str, person, file: tuple | None = None):
    fields = {"audience": "public", "text": words, "last": "0", "send_key": new_send_key("request", request.id, person)}
    path, data = f"/requests/{request.reference}/comments", token_of(client) | fields
    body, kind = multipart(data | ({"file": FileStorage(*file)} if file else {}))
    return lambda: client.post(path, data=body, content_type=kind)


def multipart(fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return what a browser sends, held in memory."""
    stream, length, boundary = stream_encode_multipart(fields, use_tempfile=False)
    return stream.read(length), f"multipart/form-data; boundary={boundary}"


def comments() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_R5_database_without_room_refuses_clearly_keeps_the_text_and_recovers(
    app: Flask, cast: Cast, employee, open_request, engine: str, fault: str
) -> None:
    send = say(employee, open_request, WORDS, cast.employee)
    page = f"/requests/{open_request.reference}"
    with FAULTS[engine, fault](), capture_logs() as log:
        refused = [send(), send()]
        assert employee.get(page).status_code == 200
        assert app.test_client().get("/sign-in").status_code == 200
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in refused} == {(503, "60")}
    assert WORDS.strip() in refused[0].text
    assert "csrf" not in refused[0].text.partition("<main")[2]
    assert [entry["event"] for entry in log if entry["log_level"] == "error"] == ["disk_full"]
    assert send().status_code == 303
    assert comments() == 1


def test_R5_what_proves_who_one_is_never_comes_back(app: Flask, cast: Cast, client, engine: str) -> None:
    names = {"name": "employee@demo.example", "password": "correct horse battery staple"}
    with FAULTS[engine, "read-only"]():
        answer = client.post("/sign-in", data=names)
    assert answer.status_code == 503
    assert names["password"] not in answer.text


@contextmanager
def no_room_for_files() -> Iterator[None]:
    """Let no file of this process grow beyond some megabytes; the kernel refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def full_folder(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Fill the volume of the files and no other."""

    def copy(*args):
        with no_room_for_files():
            return whole(*args)

    whole = files._copy
    with monkeypatch.context() as patch:
        patch.setattr(files, "_copy", copy)
        yield


@contextmanager
def no_folder(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Lose the folder of files, as when its volume is not mounted."""
    place = tmp_path / "not-a-folder"
    place.touch()
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "PORTAL_FILES", str(place / "files"))
        yield


def plan() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.7" + bytes(ROOM)), "plan.pdf"


def stored_files() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredFile)) or 0


@pytest.mark.parametrize("fault", [full_folder, no_folder], ids=["full", "not there"])
def test_R6_upload_is_refused_before_its_row_and_requests_go_on(
    app: Flask, cast: Cast, employee, open_request, fault, monkeypatch, tmp_path
) -> None:
    with fault(app, monkeypatch, tmp_path):
        refused = say(employee, open_request, "See the plan.", cast.employee, plan())()
        plain = say(employee, open_request, "I send the plan later.", cast.employee)()
    assert refused.status_code == 409
    assert "no se pueden guardar archivos" in refused.text
    assert "See the plan." in refused.text
    assert plain.status_code == 303
    assert stored_files() == 0
    assert say(employee, open_request, "The plan.", cast.employee, plan())().status_code == 303
    assert len(list(Path(app.config["PORTAL_FILES"]).iterdir())) == stored_files() == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # werkzeug drops the half that had arrived
def test_R6_upload_that_finds_no_room_on_its_way_is_told_to_come_back(cast: Cast, employee, open_request) -> None:
    send = say(employee, open_request, "See the plan.", cast.employee, plan())
    with no_room_for_files():
        answer = send()
    gc.collect()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert stored_files() == 0


LOGGING = """
import structlog
from portal.core import log
log.install()
structlog.get_logger().error("disk_full", exc_info=ValueError("x"))
structlog.get_logger().info("next")
open({done!r}, "w").write("went on")
"""


@pytest.mark.parametrize("stream", [1, 2], ids=["stdout", "stderr"])
def test_R6_log_that_cannot_be_written_stops_nothing(tmp_path: Path, stream: int) -> None:
    done = tmp_path / "done"
    with Path("/dev/full").open("w") as full:
        streams = {"stdout": full} if stream == 1 else {"stderr": full}
        subprocess.run([sys.executable, "-c", LOGGING.format(done=str(done))], cwd=Path.cwd(), check=False, **streams)
    assert done.read_text() == "went on"
