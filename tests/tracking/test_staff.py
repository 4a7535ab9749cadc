"""Pages of staff: who finds an item, who reports, corrects and hands out codes; what visitors then see (TR-18, TR-25)."""

import re

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.tracking import queries
from portal.tracking.models import Checkpoint, TrackedItem, TrackingCode
from tests.cast.people import sign_in, token_of
from tests.performance.meter import statements
from tests.tracking.conftest import at, from_

FORM = {"state": "in_progress", "day": "2026-03-02", "hour": "08:30", "place": "Getafe", "note": "", "reopening": ""}


def get(app, person, address):
    return sign_in(app.test_client(), person).get(address)


def post(app, person, address, **values):
    client = sign_in(app.test_client(), person)
    return client.post(address, data=token_of(client) | values)


def page_of(parcel):
    return f"/tracked-items/{parcel.item.public_id}"


@pytest.mark.parametrize(
    ("who", "seen", "may_write"),
    [("agent", 200, 303), ("head2", 200, 303), ("auditor", 200, 403), ("employee", 404, 404), ("admin", 404, 404)],
)
def test_items_are_found_by_who_looks_after_them_and_auditors(app, cast, parcel, who, seen, may_write):
    person = getattr(cast, who)
    assert get(app, person, page_of(parcel)).status_code == seen
    assert (page_of(parcel) in get(app, person, "/tracked-items?q=2026-004").text) is (seen == 200)
    assert post(app, person, f"{page_of(parcel)}/checkpoints", **FORM).status_code == may_write


def test_who_asked_for_it_hands_out_codes_and_writes_nothing_else(app, cast, parcel):
    parcel.item.requester_id = cast.employee.id
    assert get(app, cast.employee, page_of(parcel)).status_code == 200
    assert post(app, cast.employee, f"{page_of(parcel)}/codes", shared="1").status_code == 303
    assert post(app, cast.employee, f"{page_of(parcel)}/promise", first="2026-03-09", reason="x").status_code == 403


def test_a_registered_item_gets_a_code_that_is_shown_once(app, cast):
    client = sign_in(app.test_client(), cast.agent)
    new = {"kind": "order", "reference": "A-1", "department": "it", "postcode": "28001", "language": "es"}
    answer = client.post("/tracked-items", data=token_of(client) | new)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}", page)[0]
    assert from_(app).get(f"/track/es/{code}").status_code == 200
    assert code not in client.get(answer.location).text
    again = client.post("/tracked-items", data=token_of(client) | new)
    assert (again.status_code, "Ya hay uno" in again.text) == (422, True)


def test_a_correction_keeps_both_lines_and_visitors_read_the_new_one(app, cast, parcel, client):
    wrong = db.session.scalars(select(Checkpoint)).one()
    path = f"{page_of(parcel)}/checkpoints/{wrong.public_id}/correction"
    assert get(app, cast.agent, path).status_code == 200
    assert post(app, cast.agent, path, **FORM | {"state": "on_hold", "place": "Toledo"}).status_code == 303
    staff = get(app, cast.agent, page_of(parcel)).text
    assert all(word in staff for word in ("Getafe", "Toledo", "sustituida", "corregido"))
    public = client.get(parcel.path).text
    assert "Getafe" not in public
    assert all(word in public for word in ('<h1 aria-live="polite">Retenido</h1>', "Toledo", "corregido"))
    assert post(app, cast.agent, path, **FORM).status_code == 409


def test_TR13_staff_are_told_what_lies_in_the_future_and_visitors_do_not_see_it(app, cast, parcel, client):
    parcel.told("shipped", "03-02 11:00")
    assert "Hay líneas en el futuro" in get(app, cast.agent, page_of(parcel)).text
    assert "En camino" not in client.get(parcel.path).text


def test_a_new_promise_needs_a_reason_and_is_explained(app, cast, parcel, client):
    parcel.promised("2026-03-09")
    assert post(app, cast.agent, f"{page_of(parcel)}/promise", first="2026-03-11", reason="").status_code == 422
    assert (
        post(app, cast.agent, f"{page_of(parcel)}/promise", first="2026-03-11", last="2026-03-10", reason="x").status_code == 422
    )
    assert post(app, cast.agent, f"{page_of(parcel)}/promise", first="2026-03-11", reason="aduana").status_code == 303
    assert "pasa del 9 al 11 de marzo: aduana" in client.get(parcel.path).text
    assert "moved from 9 to 11 March: aduana" in client.get(parcel.path.replace("/es/", "/en/")).text


def test_staff_revoke_a_code_of_this_item_only(app, cast, parcel, client):
    code = db.session.scalars(select(TrackingCode)).one()
    other = TrackedItem(
        kind="order", reference="B", department=cast.it, zone="UTC",
        registered_at=at("03-02 08:00"), state_since=at("03-02 08:00"), closes_at=at("03-02 08:00"),
    )  # fmt: skip
    db.session.add(other)
    db.session.flush()
    assert post(app, cast.agent, f"/tracked-items/{other.public_id}/codes/{code.public_id}/revocation").status_code == 404
    assert client.get(parcel.path).status_code == 200
    assert post(app, cast.agent, f"{page_of(parcel)}/codes/{code.public_id}/revocation").status_code == 303
    assert client.get(parcel.path).status_code == 404


def test_a_closed_item_opens_again_with_a_reason(app, cast, parcel):
    parcel.told("completed", "03-02 07:30")
    post(app, cast.agent, f"{page_of(parcel)}/checkpoints", **FORM | {"hour": "08:40"})
    assert queries.story_of(parcel.item, at("03-02 08:00")).course.state == "completed"
    post(app, cast.agent, f"{page_of(parcel)}/checkpoints", **FORM | {"hour": "08:45", "reopening": "a box is missing"})
    assert queries.story_of(parcel.item, at("03-02 08:00")).course.state == "in_progress"


def test_pages_of_staff_keep_to_their_budget_of_statements(app, cast, parcel):
    for number in range(12):
        parcel.told("in_progress", f"03-02 07:{10 + number}", code=str(number))
    client = sign_in(app.test_client(), cast.agent)
    for path in ("/tracked-items", page_of(parcel)):
        client.get(path)
        with statements(db.engine) as asked:
            client.get(path)
        assert len(asked) <= 12, [one.text[:80] for one in asked]
