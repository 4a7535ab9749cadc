"""Publishing from inside: forms, refusals, races of editors, and what employees see that nobody outside does."""

from datetime import timedelta

import pytest
import time_machine

from portal.core import clock
from portal.core.db import db
from portal.status import inner, queries
from portal.status.models import Incident, IncidentUpdate, Maintenance
from tests.cast.people import sign_in, token_of
from tests.factories import status as make
from tests.status.conftest import MONDAY

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def editor(app, cast, at_nine):
    client = sign_in(app.test_client(), cast.editor)
    client.send = lambda path, **data: client.post(path, data=token_of(client) | data)
    return client


def test_editor_opens_an_incident_tells_ends_and_reopens_it(editor, client, cast):
    component = make.component("Tracking")
    opened = editor.send(
        "/service-status/incidents",
        name_en="Slow",
        body_en="We **look** at it.",
        state="investigating",
        next_due="60",
        started_wall="2026-03-02T09:30",
        notify="y",
        **{f"impact_{component.public_id}": "partial_outage"},
    )
    assert opened.status_code == 303, opened.text.split("error_summary")[-1][:900]
    incident = db.session.query(Incident).one()
    summary = client.get("/api/v2/summary.json").json
    assert (summary["status"]["indicator"], summary["incidents"][0]["impact"]) == ("major", "major")
    assert summary["incidents"][0]["started_at"] == "2026-03-02T08:30:00.000Z"
    address = f"/service-status/incidents/{incident.public_id}"
    assert "We <strong>look</strong>" in editor.get(address).text
    stale = editor.send(f"{address}/updates", body_en="Mine.", state="resolved", seen="0", next_due="")
    assert (stale.status_code, "Mine." in stale.text) == (409, True)
    for state, seen in (("resolved", 1), ("monitoring", 2)):
        answer = editor.send(f"{address}/updates", body_en="News.", state=state, seen=str(seen), next_due="")
        assert answer.status_code == 303
    found = client.get("/api/v2/incidents/unresolved.json").json["incidents"][0]
    assert (found["status"], found["resolved_at"]) == ("monitoring", None), "API case 7"
    assert [one["status"] for one in found["incident_updates"]] == ["monitoring", "resolved", "investigating"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"started_wall": "2026-03-02T23:00"}, "started_wall", id="start in the future"),
        pytest.param({"state": "resolved"}, "state", id="state not reachable"),
        pytest.param({"body_en": ""}, "body_es", id="no text"),
        pytest.param({"name_en": ""}, "name_es", id="no name"),
        pytest.param({"started_wall": "2025-03-30T02:30"}, "started_wall", id="C2 time that does not exist"),
        pytest.param({"started_wall": "2025-10-26T02:30"}, "started_wall", id="C2 time that exists twice"),
    ],
)
def test_bad_input_is_422_with_the_field_named_and_nothing_stored(editor, changed, field):
    data = {"name_en": "Slow", "body_en": "We look.", "state": "investigating", "next_due": "", "declared_impact": ""}
    answer = editor.send("/service-status/incidents", **data | changed)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert db.session.query(Incident).count() == 0


def test_SP13_next_update_is_promised_from_the_publication_on(editor):
    data = {"name_en": "Slow", "body_en": "We look.", "state": "investigating", "next_due": "60", "declared_impact": ""}
    assert editor.send("/service-status/incidents", **data, publish_wall="2026-03-02T12:00").status_code == 303
    assert db.session.query(IncidentUpdate).one().next_due_at == MONDAY + timedelta(hours=3)


def test_time_that_exists_twice_is_taken_as_chosen(editor):
    data = {"name_en": "Slow", "body_en": "We look.", "state": "investigating", "next_due": "", "declared_impact": ""}
    assert editor.send("/service-status/incidents", **data, started_wall="2025-10-26T02:30", fold="1").status_code == 303
    assert db.session.query(Incident).one().started_at.isoformat() == "2025-10-26T01:30:00+00:00"


def test_employee_sees_notes_and_internal_components_but_publishes_nothing(app, editor, cast):
    make.component("INNER", visibility="internal")
    incident = make.incident(cast.editor)
    address = f"/service-status/incidents/{incident.public_id}"
    assert editor.send(f"{address}/notes", note="Ask the provider.").status_code == 303
    employee, partner = sign_in(app.test_client(), cast.employee), sign_in(app.test_client(), cast.partner)
    assert "INNER" in employee.get("/service-status").text
    assert "Ask the provider." in employee.get(address).text
    assert "INNER" not in partner.get("/service-status").text
    assert "Ask the provider." not in partner.get(address).text
    assert employee.post(f"{address}/updates", data=token_of(employee)).status_code == 403
    assert employee.get("/service-status/incidents/new").status_code == 403


def test_window_is_announced_moved_begun_and_ended(editor, client):
    component = make.component("Tracking")
    data = {
        "name_es": "Servidores",
        "body_es": "Puede ir lento.",
        "start_wall": "2026-03-02T22:00",
        "end_wall": "2026-03-02T23:00",
    }
    wrong = editor.send("/service-status/maintenance", **data | {"end_wall": "2026-03-02T21:00"})
    assert (wrong.status_code, 'id="end_wall_error"' in wrong.text) == (422, True)
    answer = editor.send("/service-status/maintenance", **data, **{f"impact_{component.public_id}": "under_maintenance"})
    window = db.session.query(Maintenance).one()
    address = f"/service-status/maintenance/{window.public_id}"
    assert answer.location == address
    times = {"start_wall": "2026-03-02T10:30", "end_wall": "2026-03-02T12:00"}
    assert editor.send(f"{address}/times", body_es="Antes.", seen="1", **times).status_code == 303
    assert editor.send(f"{address}/steps", body_es="Ya.", step="start").status_code == 303
    assert client.get("/api/v2/status.json").json["status"]["indicator"] == "maintenance"
    assert editor.send(f"{address}/steps", body_es="Hecho.", step="end").status_code == 303
    assert client.get("/api/v2/status.json").json["status"]["indicator"] == "none"
    assert editor.send(f"{address}/steps", body_es="No.", step="cancellation").status_code == 409


def test_components_are_kept_and_two_never_bear_one_name(editor, client):
    data = {"name_en": "Web", "start_on": "2026-01-01", "visibility": "public", "observation": "manual", "group": ""}
    assert editor.send("/service-status/components", **data).status_code == 303
    again = editor.send("/service-status/components", **data | {"name_en": "WEB"})
    assert (again.status_code, 'id="name_es_error"' in again.text) == (422, True)
    web = queries.public_view(clock.now()).components[0]
    page = editor.get(f"/service-status/components/{web.id}")
    assert page.status_code == 200
    changed = editor.send(f"/service-status/components/{web.id}", **data | {"name_en": "Website", "seen": "1"})
    assert changed.status_code == 303
    assert client.get("/api/v2/components.json").json["components"][0]["name"] == "Website"
    assert editor.send(f"/service-status/components/{web.id}", **data, seen="1").status_code == 409
    assert editor.send(f"/service-status/components/{web.id}/removal").status_code == 303
    assert client.get("/api/v2/components.json").json["components"] == []


def test_prepared_words_fill_the_form(editor):
    editor.send("/service-status/templates", name_en="Lines down", body_en="Our lines are down.")
    listed = editor.get("/service-status/incidents/new").text
    address = listed.split("?template=")[1][:12]
    assert "Our lines are down." in editor.get(f"/service-status/incidents/new?template={address}").text


def test_correction_keeps_the_old_text_for_colleagues_only(editor, client, cast):
    incident = make.incident(cast.editor, body="Frist words")
    update = queries.public_incident(clock.now(), incident.public_id).updates[0]
    address = f"/service-status/incidents/{incident.public_id}"
    assert editor.get(f"{address}/updates/{update.id}").status_code == 200
    with time_machine.travel(MONDAY + timedelta(minutes=3), tick=False):
        editor.send(f"{address}/updates/{update.id}", body_es="First words", body_en="First words")
        assert "Frist words" in editor.get(address).text
        page = client.get(f"/status/en/incidents/{incident.public_id}").text
    assert "Frist words" not in page
    assert "Edited" in page


def test_wrong_publication_is_withdrawn_by_saying_so(editor, client, cast):
    component = make.component("Tracking")
    incident = make.incident(cast.editor, {component: "major_outage"})
    assert editor.send(f"/service-status/incidents/{incident.public_id}/retraction").status_code == 303
    assert client.get("/api/v2/summary.json").json["components"][0]["status"] == "operational"
    assert "retracted" in client.get(f"/status/en/incidents/{incident.public_id}").text
    found = queries.public_view(clock.now())
    assert queries.figures_of(found.components[0], found).down == 0


def test_SP35_employee_learns_nothing_of_an_embargoed_update(app, editor, cast):
    tracking = make.component("Tracking")
    incident = make.incident(cast.editor, {tracking: "partial_outage"})
    make.say(incident, cast.editor, "identified", impacts={tracking: "major_outage"}, published_at=MONDAY + timedelta(hours=1))
    shown = {who: inner.incident(incident, who, clock.now()) for who in (cast.employee, cast.editor)}
    assert [(one.state, one.statuses[0][1]) for one in shown.values()] == [
        ("investigating", "partial_outage"),
        ("identified", "major_outage"),
    ]
    states = [inner.overview(who, clock.now()).incidents[0].state for who in (cast.employee, cast.editor)]
    assert states == ["investigating", "identified"]


def test_SP33_partner_sees_only_what_touches_something_public(app, editor, cast):
    public, secret = make.component("Tracking"), make.component("Secret", visibility="internal")
    grouped = make.component("Grouped", group=make.group("Inner circle", visibility="internal"))
    for one in (public, secret, grouped):
        make.incident(cast.editor, {one: "partial_outage"}, name=f"Incident of {one.name['en']}")
        make.window(cast.editor, {one: "under_maintenance"}, name=f"Window of {one.name['en']}")
    page = sign_in(app.test_client(), cast.partner).get("/service-status").text
    assert "Incident of Tracking" in page
    assert "Window of Tracking" in page
    assert "Secret" not in page
    assert "Grouped" not in page
    inside = sign_in(app.test_client(), cast.employee).get("/service-status").text
    assert "Incident of Secret" in inside
    assert "Window of Grouped" in inside


def test_first_month_is_that_of_the_first_public_record(app, cast, at_nine):
    make.incident(cast.editor, internal=True, ago=timedelta(days=400))
    secret = make.component("Secret", visibility="internal")
    make.window(cast.editor, {secret: "under_maintenance"}, start=MONDAY - timedelta(days=200))
    make.window(cast.editor, start=MONDAY + timedelta(days=1))
    make.window(cast.editor, start=MONDAY - timedelta(days=40))
    assert queries.first_month(clock.now()).isoformat() == "2026-01-01"
