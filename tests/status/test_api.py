"""The public JSON, badges, feeds and calendar: every key of status-api.md 3, no null where none may be, and its cases."""

import json
import re

import feedparser
import pytest
from icalendar import Calendar

from portal.core import clock
from portal.status import feeds
from portal.status.actions import maintenance
from tests.cast.people import sign_in
from tests.factories import status as make

ID = re.compile(r"[a-z0-9]{12}")
TS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date", "group_id",
    "page_id", "group", "only_show_if_degraded",
}  # fmt: skip
INCIDENT = {
    "id", "name", "page_id", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "started_at", "impact",
    "shortlink", "incident_updates", "components", "reminder_intervals",
}  # fmt: skip
UPDATE = {
    "id", "incident_id", "status", "body", "created_at", "updated_at", "display_at", "affected_components",
    "deliver_notifications", "custom_tweet", "tweet_id",
}  # fmt: skip
NULLS = {"description", "group_id", "monitoring_at", "resolved_at", "reminder_intervals", "custom_tweet", "tweet_id"}
PATHS = {
    "summary": {"page", "components", "incidents", "scheduled_maintenances", "status"},
    "status": {"page", "status"},
    "components": {"page", "components"},
    "incidents": {"page", "incidents"},
    "incidents/unresolved": {"page", "incidents"},
    "scheduled-maintenances": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/active": {"page", "scheduled_maintenances"},
    "uptime": {"page", "window", "components"},
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def walk(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, path)
    else:
        yield path, value


@pytest.mark.parametrize("name", PATHS)
def test_every_endpoint_has_its_keys_ids_and_times_and_null_only_where_it_may_be(client, there, name):
    answer = client.get(f"/api/v2/{name}.json")
    assert set(answer.json) == PATHS[name]
    assert set(answer.json["page"]) == PAGE
    for path, value in walk(answer.json):
        assert value is not None or path[-1] in NULLS or path[-2:] == ("components", "start_date"), path
        if path[-1] in ("id", "page_id", "incident_id", "code"):
            assert ID.fullmatch(value), path
        if path[-1].endswith("_at") and value:
            assert TS.fullmatch(value), path
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.text == json.dumps(answer.json, ensure_ascii=False, separators=(",", ":"))


def test_objects_have_the_keys_of_the_book(client, there):
    summary = client.get("/api/v2/summary.json").json
    for one in summary["components"]:
        assert set(one) == COMPONENT | ({"components"} if one["group"] else set())
    assert [one["name"] for one in summary["components"]] == ["Customers", "Tracking", "Web", "Shops", "Phone"]
    for one in client.get("/api/v2/incidents.json").json["incidents"]:
        assert set(one) == INCIDENT
        assert all(set(update) == UPDATE for update in one["incident_updates"])
    for one in summary["scheduled_maintenances"]:
        assert set(one) == INCIDENT | {"scheduled_for", "scheduled_until"}
    assert [one["status"] for one in summary["scheduled_maintenances"]] == ["in_progress", "scheduled"]


def test_API1_without_anything_lists_are_empty(client, app, cast):
    for name, keys in PATHS.items():
        found = client.get(f"/api/v2/{name}.json").json
        assert all(found[key] == [] for key in keys if isinstance(found[key], list))
    assert client.get("/api/v2/status.json").json["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert client.get("/api/v2/status.json?lang=es").json["status"]["description"] == "Todos los servicios funcionan"


def test_API3_group_shows_its_worst_child_and_API4_one_without_public_children_is_absent(client, cast, at_nine):
    group, empty = make.group("Customers"), make.group("Hidden")
    slow = make.component("Web", group=group)
    make.component("Inner", group=empty, visibility="internal")
    make.incident(cast.editor, {slow: "degraded_performance"})
    first, *rest = client.get("/api/v2/components.json").json["components"]
    assert (first["status"], first["start_date"], first["components"]) == ("degraded_performance", None, [slow.public_id])
    assert len(rest) == 1


def test_API5_mixed_incident_names_the_public_component_alone(client, there):
    found = client.get("/api/v2/incidents/unresolved.json").json["incidents"][0]
    assert [one["id"] for one in found["components"]] == [there.tracking.public_id]
    affected = found["incident_updates"][0]["affected_components"]
    assert affected == [
        {
            "code": there.tracking.public_id,
            "name": "Customers - Tracking",
            "old_status": "operational",
            "new_status": "partial_outage",
        }
    ]
    assert found["impact"] == "major"


def test_API9_cancelled_window_is_in_the_full_list_only(client, cast, there):
    maintenance.cancel(there.coming, make.both("Not today."), cast.editor, clock.now())
    assert client.get("/api/v2/scheduled-maintenances/upcoming.json").json["scheduled_maintenances"] == []
    found = client.get("/api/v2/scheduled-maintenances.json").json["scheduled_maintenances"]
    one = next(each for each in found if each["id"] == there.coming.public_id)
    assert (one["status"], one["incident_updates"][0]["body"]) == ("completed", "Cancelled. Not today.")
    assert "STATUS:CANCELLED" in client.get("/maintenance.ics").text


def test_API10_other_sites_with_a_cookie_get_the_same_bytes(app, client, cast, there):
    staff = sign_in(app.test_client(), cast.admin)
    inside = staff.get("/api/v2/summary.json", headers={"Origin": "https://elsewhere.example", "Accept": "text/html"})
    assert inside.data == client.get("/api/v2/summary.json").data
    assert inside.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in inside.headers


def test_API11_head_options_304_and_errors_carry_the_headers_of_all_sites(client, there):
    first = client.get("/api/v2/summary.json")
    answers = [
        client.head("/api/v2/summary.json"),
        client.options("/api/v2/summary.json"),
        client.get("/api/v2/summary.json", headers={"If-None-Match": first.headers["ETag"]}),
        client.get("/api/v2/summary.json", headers={"If-Modified-Since": first.headers["Last-Modified"]}),
        client.get("/api/v2/nothing.json"),
        client.post("/api/v2/summary.json", headers={"Origin": "https://elsewhere.example"}),
        client.get(f"/api/v2/summary.json?{'x' * 2001}"),
        client.get("/api/v2/summary.json?x=%ff%fe"),
        client.delete("/api/other"),
        client.post("/api/v2/subscribers.json"),
    ]
    assert [answer.status_code for answer in answers] == [200, 204, 304, 304, 404, 405, 400, 400, 404, 404]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in CORS} == CORS
        assert "Set-Cookie" not in answer.headers
    assert [answer.data for answer in answers[:4]] == [b""] * 4
    assert answers[5].headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answers[4].json == {"error": {"code": "not_found", "message": "There is nothing here."}}


def test_API12_odd_letters_come_back_as_they_were(client, cast, at_nine):
    name = 'Ñandú "quoted" </script> 🚚 ]]>'
    make.incident(cast.editor, name=name, body=f"{name} and `code`")
    assert client.get("/api/v2/incidents.json").json["incidents"][0]["name"] == name
    feed = feedparser.parse(client.get("/history.atom").data)
    assert (bool(feed.bozo), feed.entries[0].title) == (False, name), "SP case 30"


def test_API15_page_badge_and_data_agree(client, there):
    status = client.get("/api/v2/status.json").json["status"]
    assert client.get("/badge/status.json").json["message"] == status["description"]
    assert status["description"] in client.get("/status/en/").text
    uptime = {one["id"]: one for one in client.get("/api/v2/uptime.json").json["components"]}
    for id_, one in uptime.items():
        assert f"{one['uptime_percentage']:.2f}\N{NO-BREAK SPACE}%" in client.get(f"/status/en/components/{id_}").text
        assert sum(day["major_outage"] for day in one["days"]) == one["major_outage"]
    badge = client.get(f"/badge/components/{there.tracking.public_id}.svg").text
    assert "style=" not in badge
    assert "Partial outage" in badge


@pytest.mark.parametrize("path", ["/history.atom", "/history.rss", "/updates.atom", "/status/en/history.atom"])
def test_SP50_feeds_are_well_formed_with_permanent_ids_and_the_newest_state_first(client, there, path):
    feed = feedparser.parse(client.get(path).data)
    assert not feed.bozo
    assert all(entry.id.startswith("tag:ventanilla.example,2005:Incident") for entry in feed.entries)
    times = [entry.updated_parsed if "updated_parsed" in entry else entry.published_parsed for entry in feed.entries]
    assert times == sorted(set(times), reverse=True), "unique and falling (SP-51)"
    if path == "/status/en/history.atom":
        assert feed.feed.id == "tag:ventanilla.example,2005:/history"
        resolved = next(entry for entry in feed.entries if there.resolved.public_id in entry.id)
        assert resolved.content[0].value.split("<strong>")[1].startswith("Resolved")


def test_SP52_calendar_reads_as_a_calendar(client, there):
    body = client.get("/maintenance.ics").data
    events = Calendar.from_ical(body).walk("VEVENT")
    assert {str(event["UID"]).partition("@")[0] for event in events} == {
        one.public_id for one in (there.running, there.coming, there.past)
    }
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_entries_that_tie_are_a_second_apart_and_at_most_fifty():
    at = clock.now()
    entries = feeds.distinct([feeds.Entry(f"tag {n}", "", "", at, at, "") for n in range(60)])
    assert len(entries) == 50
    assert len({one.updated for one in entries}) == 50
