"""Imports: what a file may hold, what the dry run says, what the confirmation does, that it goes on (TR-29 to TR-34)."""

import io

import pytest
from sqlalchemy import func, select

from portal.core import clock as core_clock
from portal.core import jobs
from portal.core.db import db
from portal.tracking import importing, imports, retention
from portal.tracking import jobs as jobs_of_tracking
from portal.tracking.importing import BadFile, BadRow, meaning_of, rows_of
from portal.tracking.models import Checkpoint, TrackedItem, TrackingGrant, TrackingImport, TrackingImportRow, TrackingPromise
from tests.cast.people import sign_in, token_of
from tests.tracking.conftest import at

HEADER = ",".join(importing.COLUMNS)
ROWS = (
    "A-1,shipment,accepted,2026-03-02T08:00,,Getafe,X1,,2026-03-09,,28001,",
    "A-1,shipment,shipped,2026-03-02T08:30+01:00,,Toledo,X2,,2026-03-11,,28001,",
    'A-2,order,received,2026-03-02T08:00,Atlantic/Canary,"Las Palmas,\nGran Canaria",,=1+1,,,35001,a@client.example',
)
FILE = "\n".join((HEADER, *ROWS)).encode()
CELLS = {"reference": "A", "kind": "order", "state": "accepted", "event_time": "2026-03-02T08:00"}


@pytest.mark.parametrize(
    "content",
    [FILE, b"\xef\xbb\xbf" + FILE, FILE.replace(b",", b";").replace(b"Palmas;", b"Palmas,")],
    ids=["plain", "BOM", "semicolons"],
)
def test_files_are_read_with_their_quoted_newlines(content):
    rows = list(rows_of(content))
    assert [row.line for row in rows] == [2, 3, 5]
    assert rows[2].cells["place"] == "Las Palmas,\nGran Canaria"
    assert rows[2].cells["note"] == "=1+1", "formula text is stored as text"


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (f"{HEADER},colour\n".encode(), "unknown", "colour"),
        (b"reference,kind\n", "missing", "state, event_time"),
        (b"", "missing", "reference, kind, state, event_time"),
        (HEADER.encode() + "\nñ".encode("latin-1"), "encoding", ""),
        (b"x" * (importing.LARGEST + 1), "size", ""),
        (f"{HEADER},note\n".encode(), "twice", ""),
        (f"{HEADER}\n".encode() + b"A\n" * (importing.MOST_ROWS + 1), "rows", ""),
    ],
    ids=["unknown column", "missing columns", "empty", "encoding", "size", "twice", "rows"],
)
def test_a_file_with_a_wrong_header_or_encoding_is_refused_as_a_whole(content, reason, detail):
    with pytest.raises(BadFile) as caught:
        list(rows_of(content))
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"event_time": "14:02"}, "event_time", "time"),
        ({"event_time": "2026-02-31T10:00"}, "event_time", "time"),
        ({"event_time": "0001-01-01T00:00"}, "event_time", "time"),
        ({"state": "lost"}, "state", "state"),
        ({"kind": "request"}, "kind", "kind"),
        ({"reference": ""}, "reference", "empty"),
        ({"zone": "Madrid"}, "zone", "zone"),
        ({"note": "x" * 501}, "note", "long"),
        ({"promise_from": "2026-03-10", "promise_to": "2026-03-09"}, "promise_from", "time"),
        ({"second_factor_postcode": "1"}, "second_factor_postcode", "weak"),
        ({"": "more"}, "", "cells"),
    ],
)
def test_a_bad_row_is_refused_with_its_column_and_reason(cells, column, reason):
    with pytest.raises(BadRow) as caught:
        meaning_of(CELLS | cells, "Europe/Madrid")
    assert (caught.value.column, caught.value.reason) == (column, reason)


@pytest.mark.parametrize(
    ("time", "zone", "utc"),
    [
        ("2026-03-02T08:00", "", "03-02 07:00"),
        ("2026-03-02T08:00", "Atlantic/Canary", "03-02 08:00"),
        ("2026-03-02T08:00", "-05:00", "03-02 13:00"),
        ("2026-03-02T08:00+02:00", "-05:00", "03-02 06:00"),
    ],
)
def test_a_time_is_that_of_its_offset_its_zone_or_its_source(time, zone, utc):
    assert meaning_of(CELLS | {"event_time": time, "zone": zone}, "Europe/Madrid").at == at(utc)


def checked(cast, content=FILE):
    made = imports.check("file.csv", content, cast.it, cast.agent, core_clock.now())
    db.session.flush()
    return made


def applied(cast, content=FILE):
    made = checked(cast, content)
    imports.confirm(made, made.digest, cast.agent, core_clock.now())
    db.session.commit()
    jobs.run_jobs()
    db.session.expire_all()
    return imports.counts_of(made, done=True)


def test_TR18_the_same_file_twice_changes_nothing_the_second_time(app, cast, clock):
    assert imports.counts_of(checked(cast)) == {"new": 3}
    assert applied(cast) == {"new": 3}
    revisions = db.session.execute(select(TrackedItem.reference, TrackedItem.revision)).all()
    assert imports.counts_of(checked(cast)) == {"unchanged": 3}
    assert applied(cast) == {"unchanged": 3}
    assert db.session.execute(select(TrackedItem.reference, TrackedItem.revision)).all() == revisions
    item = db.session.scalars(select(TrackedItem).where(TrackedItem.reference == "A-1")).one()
    assert (item.state, item.postcode) == ("shipped", "28001")


def test_a_changed_place_is_changed_and_refused_rows_do_not_stop_the_others(app, cast, clock):
    applied(cast)
    content = FILE.replace(b"Toledo", b"Aranjuez") + b"\nA-3,shipment,lost,2026-03-02T08:00,,,,,,,,"
    assert imports.counts_of(checked(cast, content)) == {"changed": 1, "unchanged": 2, "refused": 1}
    assert applied(cast, content) == {"changed": 1, "unchanged": 2, "refused": 1}
    refused = imports.refused_of(db.session.scalars(select(TrackingImport).order_by(TrackingImport.id.desc()).limit(1)).one())
    assert [(row.line, row.column, row.reason) for row in refused] == [(6, "state", "state")]


def test_a_note_of_an_import_is_no_reason_that_everybody_with_the_code_reads(app, client, cast, parcel, clock):
    rows = "\n".join(f"2026-00412,shipment,in_progress,2026-03-02T08:0{day},,,,SECRETNOTE,2026-03-1{day},,," for day in (1, 2))
    assert applied(cast, f"{HEADER}\n{rows}".encode()) == {"new": 2}
    assert set(db.session.scalars(select(TrackingPromise.reason))) == {""}
    page = client.get(parcel.path).text
    assert "12 de marzo" in page
    assert "SECRETNOTE" not in page


def test_an_interrupted_import_goes_on_where_it_stopped(app, cast, clock, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 1)
    made = checked(cast)
    imports.confirm(made, made.digest, cast.agent, core_clock.now())
    db.session.commit()
    assert imports._apply_batch(made.id)
    db.session.expire_all()
    assert imports.counts_of(made, done=True) == {"new": 1}
    assert made.done_at is None
    db.session.commit()
    jobs.run_jobs()
    db.session.expire_all()
    assert imports.counts_of(made, done=True) == {"new": 3}
    assert made.done_at is not None
    assert db.session.scalar(select(func.count()).select_from(Checkpoint)) == 3


def test_another_factor_by_import_ends_rights_and_a_weaker_one_is_refused(app, cast, parcel, clock):
    now = core_clock.now()
    code = db.session.scalar(select(importing_code()))
    db.session.add(TrackingGrant(token_hash="x", item_id=parcel.item.id, code_id=code, expires_at=now.replace(hour=23)))
    row = "2026-00412,shipment,shipped,2026-03-02T08:10,,,{},,,,{},"
    weaker = "\n".join((HEADER, row.format("a", "2800"))).encode()
    assert imports.counts_of(checked(cast, weaker)) == {"refused": 1}
    other = "\n".join((HEADER, row.format("a", "08001"))).encode()
    assert applied(cast, other) == {"new": 1}
    assert parcel.item.postcode == "08001"
    assert db.session.scalar(select(func.count()).select_from(TrackingGrant)) == 0


def importing_code():
    from portal.tracking.models import TrackingCode

    return TrackingCode.id


def test_a_person_chooses_a_file_reads_what_it_would_do_and_applies_exactly_that(app, cast, clock):
    client = sign_in(app.test_client(), cast.agent)
    assert client.get("/tracked-items/imports/new").status_code == 200
    upload = {"department": "it", "file": (io.BytesIO(FILE), "way.csv")}
    answer = client.post("/tracked-items/imports", data=token_of(client) | upload)
    assert answer.status_code == 303
    assert "Aplicar este archivo" in client.get(answer.location).text
    confirm = f"{answer.location}/confirmation"
    made = db.session.scalars(select(TrackingImport)).one()
    assert client.post(confirm, data=token_of(client) | {"digest": "another file"}).status_code == 409
    assert sign_in(app.test_client(), cast.agent2).get(answer.location).status_code == 404
    assert client.post(confirm, data=token_of(client) | {"digest": made.digest}).status_code == 303
    jobs.run_jobs()
    assert "La importación ha terminado" in client.get(answer.location).text


def cells():
    db.session.expire_all()
    return set(map(str, db.session.scalars(select(TrackingImportRow.cells))))


def test_what_stood_in_an_applied_file_is_forgotten_and_its_results_stay(app, cast, clock):
    assert applied(cast, FILE + b"\nA-3,shipment,lost,2026-03-02T08:00,,,,,,,,") == {"new": 3, "refused": 1}
    assert "{}" not in cells()
    clock.shift(30 * 60 + 1)
    assert retention.empty_imports(core_clock.now()) == 1
    assert retention.empty_imports(core_clock.now()) == 0
    assert cells() == {"{}"}
    made = db.session.scalars(select(TrackingImport)).one()
    assert imports.counts_of(made, done=True) == {"new": 3, "refused": 1}
    page = sign_in(app.test_client(), cast.agent).get(f"/tracked-items/imports/{made.public_id}")
    assert (page.status_code, "La importación ha terminado" in page.text) == (200, True)


def test_what_stood_in_a_file_that_nobody_confirmed_is_forgotten_after_half_an_hour(app, cast, clock):
    checked(cast)
    clock.shift(30 * 60)
    jobs_of_tracking.sweep({})
    assert "{}" not in cells()
    clock.shift(1)
    jobs_of_tracking.sweep({})
    assert cells() == {"{}"}


def test_a_confirmed_file_keeps_its_rows_until_it_is_applied(app, cast, clock):
    made = checked(cast)
    imports.confirm(made, made.digest, cast.agent, core_clock.now())
    clock.shift(31 * 60)
    assert retention.empty_imports(core_clock.now()) == 0
    assert "{}" not in cells()


def test_a_check_of_more_than_half_an_hour_ago_is_made_again(app, cast, clock):
    client = sign_in(app.test_client(), cast.agent)
    made = checked(cast)
    clock.shift(31 * 60)
    path = f"/tracked-items/imports/{made.public_id}"
    assert "Elige el archivo otra vez" in client.get(path).text
    assert client.post(f"{path}/confirmation", data=token_of(client) | {"digest": made.digest}).status_code == 409


@pytest.mark.parametrize("file", [b"reference;colour\n", "ñ".encode("latin-1"), None])
def test_a_file_that_cannot_be_read_answers_422(app, cast, file):
    client = sign_in(app.test_client(), cast.agent)
    upload = {"file": (io.BytesIO(file), "way.csv")} if file is not None else {}
    assert client.post("/tracked-items/imports", data=token_of(client) | {"department": "it"} | upload).status_code == 422
