"""Files: whole on disk, read through what they hang on, and sent so that no browser runs them."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.attachments import actions, queries
from portal.attachments import jobs as timed
from portal.attachments.models import StoredFile
from portal.audit.models import AuditEntry
from portal.conversations import actions as conversations
from portal.core import clock as time
from portal.core import files, jobs
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.files import TooLarge, WrongType
from tests import things
from tests.cast.people import Cast, sign_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def upload(by, name: str = "factura.txt", content: bytes = b"total: 12", limit: int = 1000) -> StoredFile:
    return actions.store(FileStorage(io.BytesIO(content), filename=name), by, limit, time.now())


def hang(thing, by, name: str = "factura.txt", content: bytes = b"total: 12", **more) -> StoredFile:
    file = upload(by, name, content)
    actions.link(file, things.KIND, thing.id, by, time.now(), **more)
    return file


def verify() -> None:
    db.session.commit()
    timed.verify({})
    db.session.commit()


def get(client, person, file: StoredFile):
    return sign_in(client, person).get(f"/files/{file.public_id}", buffered=True)


def test_PE_1_file_is_read_through_its_thing(thing, cast: Cast, client) -> None:
    file = hang(thing, cast.agent)
    answer = get(client, cast.head2, file)
    assert (answer.status_code, answer.data) == (200, b"total: 12")
    assert get(client, cast.stranger, file).status_code == 404


def test_PE_2_names_of_files_share_nothing_and_open_nothing_by_themselves(thing, cast: Cast, client) -> None:
    found = [upload(cast.agent).public_id for _ in range(50)]
    assert len({name[:5] for name in found}) == 50
    assert min(map(len, found)) == 25  # of 36 letters: more than 128 bits
    assert client.get(f"/files/{found[0]}").location.startswith("/sign-in")


def test_PE_3_file_of_an_internal_note_is_not_for_the_others_who_see_the_thing(thing, cast: Cast, client) -> None:
    file = hang(thing, cast.agent, internal=True)
    assert get(client, cast.admin, file).status_code == 404
    assert get(client, cast.agent2, file).status_code == 200


def test_PE_4_watcher_who_left_does_not_keep_an_own_upload(thing, cast: Cast, client) -> None:
    conversations.watch(things.KIND, thing.id, cast.colleague, cast.agent, time.now())
    file = hang(thing, cast.colleague)
    assert get(client, cast.colleague, file).status_code == 200
    conversations.unwatch(things.KIND, thing.id, cast.colleague, cast.agent, time.now())
    assert get(client, cast.colleague, file).status_code == 404


def test_upload_that_hangs_on_nothing_yet_is_for_its_owner(thing, cast: Cast, client) -> None:
    file = upload(cast.agent)
    assert get(client, cast.agent, file).status_code == 200
    assert get(client, cast.agent2, file).status_code == 404
    made = actions.link(file, things.KIND, thing.id, cast.agent, time.now())
    actions.unlink(made, time.now())
    assert get(client, cast.agent, file).status_code == 404


def test_confidential_field_asks_its_own_rule(thing, cast: Cast, client) -> None:
    open_to_agents, closed = hang(thing, cast.agent, field_key="quote"), hang(thing, cast.agent, field_key="salary")
    assert get(client, cast.agent2, open_to_agents).status_code == 200
    assert get(client, cast.admin, open_to_agents).status_code == 404
    assert get(client, cast.agent2, closed).status_code == 404


def test_list_of_a_thing_leaves_out_what_the_reader_may_not_read(thing, cast: Cast) -> None:
    plain, inner = hang(thing, cast.agent, "a.txt"), hang(thing, cast.agent, "b.txt", internal=True)
    field = hang(thing, cast.agent, "c.txt", field_key="quote")
    names = lambda **more: [link.file for link in queries.files_of(things.KIND, thing.id, **more)]  # noqa: E731
    assert names(internal=False) == [plain]
    assert names(internal=True) == [plain, inner]
    assert names(internal=False, fields=["quote"]) == [plain, field]


@pytest.mark.parametrize(
    ("name", "content", "kind", "how"),
    [
        ("foto.png", PNG, "image/png", "inline"),
        ("nota.txt", b"hola", "text/plain; charset=utf-8", "attachment"),
        ("informe.pdf", b"%PDF-1.7 ...", "application/pdf", "attachment"),
        ("dibujo.svg", b"<svg onload='x'/>", "application/octet-stream", "attachment"),
        ("pagina.html", b"<script>x</script>", "application/octet-stream", "attachment"),
        ("foto.jpg.exe2", b"\xff\xd8\xff\xe0", "application/octet-stream", "attachment"),
    ],
)
def test_only_images_are_shown_and_nothing_runs(thing, cast: Cast, client, name, content, kind, how) -> None:
    answer = get(client, cast.agent, upload(cast.agent, name, content))
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith(how)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert ("img-src 'self'" in answer.headers["Content-Security-Policy"]) == (how == "inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Vary"] == "Cookie"
    assert "ETag" not in answer.headers


def test_name_is_sent_as_RFC_6266_says(thing, cast: Cast, client) -> None:
    file = upload(cast.agent, "../../Añadir «ñu»\u202egnp.txt")
    assert file.name == "Añadir «ñu»gnp.txt"
    sent = get(client, cast.agent, file).headers["Content-Disposition"]
    assert "filename*=UTF-8''A%C3%B1adir" in sent


def test_FO17_program_with_the_name_of_a_document_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(WrongType):
        upload(cast.agent, "informe.pdf", b"MZ\x90\0")
    with pytest.raises(TooLarge):
        upload(cast.agent, "grande.txt", b"x" * 1001)
    assert list(Path(app.config["PORTAL_FILES"]).glob("*")) == []


def test_quota_of_files_and_bytes(app: Flask, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(actions, "QUOTA_FILES", 2)
    upload(cast.agent)
    upload(cast.agent)
    with pytest.raises(Refused):
        upload(cast.agent)
    upload(cast.agent2)
    monkeypatch.setattr(actions, "QUOTA_FILES", 200)
    monkeypatch.setattr(actions, "QUOTA_BYTES", 18)
    with pytest.raises(Refused):
        upload(cast.agent)


@pytest.mark.parametrize("damage", ["cut", "gone", "changed"])
def test_R16_damaged_file_is_never_sent(thing, cast: Cast, client, damage: str) -> None:
    file = hang(thing, cast.agent)
    place = files.location(file.path)
    if damage == "gone":
        place.unlink()
    elif damage == "cut":
        place.write_bytes(b"tot")
    else:
        place.write_bytes(b"total: 99")
        verify()
    answer = get(client, cast.agent, file)
    assert answer.status_code == 500
    assert "dañado" in answer.text


def test_hash_check_finds_damage_and_forgives_what_is_whole_again(thing, cast: Cast) -> None:
    first, second = hang(thing, cast.agent), hang(thing, cast.agent)
    files.location(second.path).write_bytes(b"total: 13")
    verify()
    assert (first.damaged_at, second.damaged_at is None) == (None, False)
    files.location(second.path).write_bytes(b"total: 12")
    verify()
    assert second.damaged_at is None


def test_hash_check_goes_on_in_another_job(app: Flask, thing, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(timed, "AT_ONCE", 2)
    for _ in range(3):
        hang(thing, cast.agent)
    verify()
    (job,) = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == timed.VERIFY))
    assert job.payload["after"] > 0
    timed.verify(job.payload)


def test_RE12_sweep_removes_bytes_without_rows_and_uploads_that_hang_on_nothing(app: Flask, thing, cast: Cast) -> None:
    used, unused, fresh = hang(thing, cast.agent), upload(cast.agent), upload(cast.agent)
    folder = Path(app.config["PORTAL_FILES"])
    for name in ("orphan", ".half.part"):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (0, 0))
    (folder / "just-written").write_bytes(b"x")
    for file in (used, unused):
        file.uploaded_at = time.now() - timedelta(hours=25)
        os.utime(folder / file.path, (0, 0))
    db.session.commit()
    for _ in range(2):
        timed.sweep({})
    assert {place.name for place in folder.iterdir()} == {used.path, fresh.path, "just-written"}
    assert unused.deleted_at is not None


def test_sweep_and_check_are_timed_work(app: Flask, thing, cast: Cast) -> None:
    app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    done = set(db.session.scalars(select(jobs.Job.kind).where(jobs.Job.done_at.is_not(None))))
    assert {"attachments.sweep", "attachments.verify"} <= done


def test_PE27_refused_download_is_written_to_the_audit_trail(thing, cast: Cast, client) -> None:
    file = hang(thing, cast.agent)
    get(client, cast.stranger, file)
    client.get("/files/unknown")
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "access.refused"))
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (cast.stranger.id, "stored_file", file.id)
