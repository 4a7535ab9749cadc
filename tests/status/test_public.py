"""The public window over HTTP: one truth everywhere, nothing internal anywhere, no cookie, validators that hold."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.core import clock
from portal.core.db import db
from portal.status import answering, keeping, queries
from portal.status.actions import components, incidents, maintenance
from portal.status.models import IncidentUpdate
from tests.cast.people import sign_in
from tests.factories import status as make
from tests.status.conftest import MONDAY
from tests.status.seed_api import HIDDEN

HREF = re.compile(r'(?:href|src)="(/[^"#]*)')
ROOTS = [
    "/status/",
    "/status/es/",
    "/status/en/",
    *(f"/api/v2/{name}.json" for name in ("summary", "status", "components", "incidents", "incidents/unresolved", "uptime")),
    *(f"/api/v2/scheduled-maintenances{name}.json" for name in ("", "/upcoming", "/active")),
    "/badge/status.svg",
    "/badge/status.json",
    "/history.atom",
    "/history.rss",
    "/updates.atom",
    "/maintenance.ics",
    "/status/xx/",
    "/status/en/nowhere/at/all",
    "/api/v2/subscribers.json",
]


def crawl(client):
    known, waiting = set(ROOTS), list(ROOTS)
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        yield address, answer
        if answer.mimetype == "text/html":
            for link in HREF.findall(answer.text):
                if link.startswith(("/status", "/api", "/badge")) and link not in known:
                    known.add(link)
                    waiting.append(link)


def test_SP20_no_internal_or_embargoed_word_stands_anywhere_and_everybody_gets_the_same_bytes(app, client, cast, there):
    administrator, count = sign_in(app.test_client(), cast.admin), 0
    hidden = [there.secret.public_id, there.internal.public_id, there.embargoed.public_id, cast.editor.name]
    for address, answer in crawl(client):
        inside, count = administrator.get(address), count + 1
        assert (answer.data, answer.status_code) == (inside.data, inside.status_code), address
        for one in (answer, inside):
            text = one.text + str(one.headers)
            assert not [word for word in (*HIDDEN, *hidden) if word in text], address
            assert "Set-Cookie" not in one.headers, address
            assert "Cookie" not in one.headers.get("Vary", ""), address
    assert count > 35


@pytest.mark.parametrize("path", ["/status/en/", "/status/es/", "/api/v2/summary.json", "/history.atom", "/maintenance.ics"])
def test_SP29_equal_validator_is_304_without_drawing_anything(client, there, path, monkeypatch):
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
    monkeypatch.setattr(answering.Memory, "get", lambda self, key: None if isinstance(key, str) else self._kept.get(key))
    monkeypatch.setattr("flask.templating._render", lambda *args: pytest.fail("a template was drawn"))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    monkeypatch.undo()
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["Content-Type"]) == (200, b"", first.headers["Content-Type"])
    assert client.get(path, headers={"If-None-Match": "rubbish, W/", "If-Modified-Since": "yesterday"}).status_code == 200
    assert client.get(f"{path}?whatever=1").headers["ETag"] == first.headers["ETag"]


def test_SP37_short_address_leads_to_the_language_of_the_browser(client, app, cast):
    for accepted, lang in (("en", "en"), ("fr", "es"), ("es;q=0.9, en;q=0.8", "es")):
        answer = client.get("/status/", headers={"Accept-Language": accepted})
        assert (answer.status_code, answer.location) == (302, f"/status/{lang}/")
        assert (answer.headers["Vary"], answer.headers["Cache-Control"]) == ("Accept-Language", "no-store")


def test_unknown_internal_and_embargoed_things_are_one_404(client, there):
    ids = ["z" * 12, there.internal.public_id, there.embargoed.public_id]
    for path in ("/status/en/incidents/{}", "/status/en/components/{}", "/badge/components/{}.svg"):
        answers = [client.get(path.format(id_)) for id_ in [*ids, there.secret.public_id]]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
    for month in ("2026-13", "2026-04", "2019-01", "rubbish"):
        assert client.get(f"/status/en/history/{month}").status_code == 404
    wrong = client.get("/status/xx/")
    assert wrong.status_code == 404
    assert "/status/es/" in wrong.text


def test_SP20_case_internal_component_goes_down_and_nothing_outside_changes(client, cast, there):
    before = client.get("/api/v2/summary.json")
    components.confirm(there.secret, "major_outage", clock.now(), cast.editor, clock.now())
    make.incident(cast.editor, {there.secret: "major_outage"}, name="INTERNALINCIDENT again")
    after = client.get("/api/v2/summary.json")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_SP22_case_embargoed_incident_appears_everywhere_at_its_instant(client, there, at_nine):
    before = client.get("/api/v2/status.json")
    at_nine.move_to(MONDAY + timedelta(hours=3))
    assert client.get(f"/status/en/incidents/{there.embargoed.public_id}").status_code == 200
    after = client.get("/api/v2/status.json")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert there.embargoed.public_id in client.get("/history.atom").text
    found = queries.public_view(clock.now()).by_id[there.phone.public_id]
    assert found.status == "major_outage"
    assert found.spans[-1].since == there.embargoed.started_at, "intervals are those since it began (SP-35)"


def test_SP24_case_start_of_a_window_shows_without_any_job(client, there, at_nine):
    before = client.get("/api/v2/scheduled-maintenances/active.json")
    at_nine.move_to(MONDAY + timedelta(days=1))
    after = client.get("/api/v2/scheduled-maintenances/active.json")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert [one["name"] for one in after.json["scheduled_maintenances"]] == ["New servers"]


def test_SP36_component_made_internal_leaves_all_public_paths_at_once(client, cast, there):
    content = components.Content(make.both("Tracking"), make.LONG_AGO, visibility="internal", group=there.group)
    components.change(there.tracking, content, there.tracking.revision, cast.editor, clock.now())
    summary = client.get("/api/v2/summary.json").json
    assert summary["incidents"] == []
    assert there.tracking.public_id not in str(summary)
    assert client.get(f"/status/en/incidents/{there.open.public_id}").status_code == 404


def test_SP31_removed_component_leaves_and_past_incidents_keep_its_name(client, cast, there):
    components.remove(there.web, cast.editor, clock.now())
    assert there.web.public_id not in client.get("/api/v2/components.json").text
    assert client.get(f"/status/en/components/{there.web.public_id}").status_code == 404
    assert "Affects Web." in client.get(f"/status/en/incidents/{there.resolved.public_id}").text


def test_SP36_case_missing_translation_shows_the_original_and_adding_one_tells_nobody(client, cast, at_nine):
    words = incidents.Words({"en": "We look at it."})
    one = incidents.open_incident(incidents.Opening({"en": "Slow"}, "en", MONDAY, words), cast.editor, clock.now())
    page, before = client.get(f"/status/es/incidents/{one.public_id}"), client.get("/history.atom")
    assert 'lang="en">Slow' in page.text
    assert "aún sin traducir" in page.text
    incidents.rename(one, {"en": "Slow", "es": "Lento"}, None, one.revision, cast.editor, clock.now())
    after = client.get("/history.atom")
    assert "Lento" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.text.count(f"Incident/{one.public_id}<") == before.text.count(f"Incident/{one.public_id}<") == 1


def test_SP13_promised_update_that_did_not_come_is_overdue_by_the_clock(client, cast, at_nine):
    make.incident(cast.editor, next_due_at=MONDAY + timedelta(hours=1))
    before = client.get("/status/en/")
    assert "Next update by 2 March 2026, 11:00." in before.text
    at_nine.move_to(MONDAY + timedelta(hours=1, seconds=1))
    after = client.get("/status/en/")
    assert "Update overdue" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_SP25_case_moved_window_keeps_its_uid(client, cast, there):
    before = client.get("/maintenance.ics").text
    times = make.when(there.coming.scheduled_for + timedelta(hours=1))
    maintenance.move(there.coming, times, make.both("Later."), there.coming.revision, cast.editor, clock.now())
    after = client.get("/maintenance.ics").text
    assert f"UID:{there.coming.public_id}@" in before
    assert before.count("BEGIN:VEVENT") == after.count("BEGIN:VEVENT") == 3
    assert "SEQUENCE:1\r\n" in after
    assert "SEQUENCE:1\r\n" not in before


def test_SP28_case_corrected_update_keeps_its_ids_and_adds_no_entry(client, cast, there, at_nine):
    entries = client.get("/updates.atom").text.count("<entry>")
    update = queries.public_incident(clock.now(), there.resolved.public_id).updates[0]
    row = next(one for one in updates_of(there.resolved) if one.public_id == update.id)
    at_nine.move_to(MONDAY + timedelta(minutes=5))
    incidents.correct(row, make.both("Good again, all of it."), cast.editor, clock.now())
    feed = client.get("/updates.atom").text
    assert feed.count("<entry>") == entries
    assert f"IncidentUpdate/{update.id}<" in feed
    assert "Good again, all of it." in feed
    assert "Edited 2 March 2026, 10:05" in client.get(f"/status/en/incidents/{there.resolved.public_id}").text


def test_SP30_day_whose_figure_was_corrected_says_what_it_was(client, cast, there, at_nine):
    at_nine.move_to(MONDAY + timedelta(days=1))
    keeping.keep({})
    keeping.keep({})
    address = f"/status/en/components/{there.phone.public_id}"
    assert "Corrected" not in client.get(address).text
    make.incident(cast.editor, {there.phone: "major_outage"}, ago=timedelta(hours=30), for_the_record=True)
    assert "Corrected; it was " in client.get(address).text


def updates_of(incident):
    return db.session.query(IncidentUpdate).filter_by(incident_id=incident.id).all()


def test_public_view_takes_at_most_twelve_statements(app, there):
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    queries.public_view(clock.now())
    assert len([one for one in seen if one.startswith("SELECT")]) <= 12
