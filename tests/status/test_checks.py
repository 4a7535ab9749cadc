"""Checks: believed after enough equal results, back-dated, silent after a gap, and never asking what is inside."""

import contextlib
import http.server
import ipaddress
import socket
import threading
import time
from datetime import timedelta

import pytest

from portal.core import clock, outbound
from portal.core.db import db
from portal.status import checking, queries
from portal.status.actions import checks
from portal.status.judging import Change, Rule, Run, after_gap, judge
from portal.status.models import ComponentCheck
from portal.status.vocabulary import MAJOR, OPERATIONAL, UNKNOWN
from tests.cast.people import sign_in, token_of
from tests.conftest import commit
from tests.factories import status as make
from tests.status.conftest import MONDAY

MINUTE = timedelta(minutes=1)


def play(results, start=OPERATIONAL):
    run, changes, rule = Run(start), [], Rule()
    for number, ok in enumerate(results):
        run, change = judge(run, ok, MONDAY + number * MINUTE, rule)
        changes += [change] if change else []
    return changes


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param([False, False], [], id="SP5 unconfirmed failures never appear"),
        pytest.param([False, False, True, False, False], [], id="SP5 a success between begins anew"),
        pytest.param([True, False, False, False], [Change(MAJOR, MONDAY + MINUTE)], id="SP5 back-dated to the first"),
        pytest.param(
            [False, False, False, True, True],
            [Change(MAJOR, MONDAY), Change(OPERATIONAL, MONDAY + 3 * MINUTE)],
            id="SP5 recovery likewise",
        ),
    ],
)
def test_results_are_believed_after_enough_equal_ones(results, expected):
    assert play(results) == expected


def test_first_success_is_something_to_go_by():
    assert play([True], start=UNKNOWN) == [Change(OPERATIONAL, MONDAY)]
    assert play([False, False], start=UNKNOWN) == []


def test_SP6_gap_of_more_than_three_intervals_makes_it_unknown_since_the_last_check():
    run = Run(OPERATIONAL, True, 5, MONDAY - MINUTE, MONDAY)
    assert after_gap(run, MONDAY + 3 * MINUTE, MINUTE)[1] is None
    assert after_gap(run, MONDAY + 3.1 * MINUTE, MINUTE)[1] == Change(UNKNOWN, MONDAY)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("224.0.0.1", False),
    ],
)
def test_SE51_only_public_addresses_are_asked(address, allowed):
    assert outbound.is_allowed(ipaddress.ip_address(address)) is allowed


def test_SE51_listed_networks_are_asked_loopback_and_metadata_never():
    assert outbound.is_allowed(ipaddress.ip_address("10.1.2.3"), ["10.0.0.0/8"])
    assert not outbound.is_allowed(ipaddress.ip_address("127.0.0.1"), ["127.0.0.0/8"])
    assert not outbound.is_allowed(ipaddress.ip_address("169.254.169.254"), ["169.254.0.0/16"])


@pytest.mark.parametrize(
    "url", ["file:///etc/hosts", "ftp://example.org/", "http://u:p@example.org/", "http://example.org:22/", "x"]
)
def test_SE40_only_web_addresses_at_web_ports_are_asked(url):
    with pytest.raises(outbound.Forbidden):
        outbound.parts_of(url)


@pytest.fixture
def editor(app, cast, at_nine):
    client = sign_in(app.test_client(), cast.editor)
    client.send = lambda path, **data: client.post(path, data=token_of(client) | data)
    return client


NUMBERS = {"interval_seconds": "60", "failure_threshold": "3", "success_threshold": "2", "failing_status": "major_outage"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "http://localhost:8080/", "http://10.0.0.1/", "file:///etc/hosts", "http://[::1]/"]
)
def test_SE39_check_of_an_inner_address_is_422_with_one_answer(editor, target):
    component = make.component("Web")
    answer = editor.send(f"/service-status/components/{component.public_id}/checks", kind="http", target=target, **NUMBERS)
    assert answer.status_code == 422
    assert 'id="target_error"' in answer.text
    assert db.session.query(ComponentCheck).count() == 0


@pytest.mark.sqlite_only
def test_heartbeat_reports_by_its_secret_address_and_its_silence_counts(editor, client, at_nine):
    component = make.component("Jobs")
    answer = editor.send(f"/service-status/components/{component.public_id}/checks", kind="heartbeat", target="", **NUMBERS)
    page = editor.get(answer.location).text
    address = page.split("http://localhost/heartbeat/")[1].split(";")[0].split("<")[0]
    assert client.post(f"/heartbeat/{address}").status_code == 204
    assert client.get(f"/heartbeat/{address}").status_code in (404, 405)
    assert client.post("/heartbeat/unknown").status_code == 404
    assert client.get("/api/v2/components.json").json["components"][0]["status"] == "operational"
    for number in range(1, 4):
        at_nine.move_to(MONDAY + number * MINUTE)
        commit()
        assert checking.work() == 1
    db.session.expire_all()
    found = queries.public_view(clock.now()).components[0]
    assert (found.status, found.spans[-1].since) == (MAJOR, MONDAY + MINUTE), "back-dated to the first silence"


@pytest.mark.sqlite_only
def test_SP7_silent_monitor_is_shown_as_last_known_and_not_confirmed(client, cast, at_nine):
    component = make.component("Web", observation="monitored")
    check, _secret = checks.add(component, checks.Content("heartbeat"), cast.editor, clock.now())
    assert "No data yet." in client.get("/status/en/").text
    checks.take(check, True, clock.now())
    before = client.get("/status/en/").headers["ETag"]
    at_nine.move_to(MONDAY + 4 * MINUTE)
    answer = client.get("/status/en/")
    assert "Not confirmed since 2 March 2026, 10:00" in answer.text
    assert answer.headers["ETag"] != before
    assert client.get("/api/v2/components.json").json["components"][0]["status"] == "operational"


@pytest.mark.sqlite_only
def test_API2_monitored_component_without_data_is_operational_and_has_no_figure(client, cast, at_nine):
    checks.add(make.component("Web", observation="monitored"), checks.Content("heartbeat"), cast.editor, clock.now())
    assert client.get("/api/v2/components.json").json["components"][0]["status"] == "operational"
    assert client.get("/api/v2/uptime.json").json["components"] == []


@pytest.mark.sqlite_only
def test_SP24_manual_component_keeps_its_past_when_a_check_is_added(app, cast, at_nine):
    component = make.component("Web")
    before = queries.public_view(clock.now())
    checks.add(component, checks.Content("heartbeat"), cast.editor, clock.now())
    after = queries.public_view(clock.now())
    assert queries.figures_of(after.components[0], after) == queries.figures_of(before.components[0], before)
    assert not after.components[0].never_confirmed


@pytest.mark.sqlite_only
def test_SP6_removed_check_takes_what_it_said_with_it(app, cast, at_nine):
    component = make.component("Web", observation="monitored")
    bad, good = (checks.add(component, checks.Content("heartbeat"), cast.editor, clock.now())[0] for _ in range(2))
    for number in range(3):
        at_nine.move_to(MONDAY + number * MINUTE)
        checks.take(bad, False, clock.now())
        checks.take(good, True, clock.now())
    assert queries.public_view(clock.now()).components[0].status == MAJOR
    checks.remove(bad, cast.editor, clock.now())
    assert queries.public_view(clock.now()).components[0].status == OPERATIONAL
    checks.take(good, True, clock.now())
    checks.remove(good, cast.editor, clock.now())
    at_nine.move_to(MONDAY + timedelta(hours=3))
    found = queries.public_view(clock.now()).components[0]
    assert (component.observation, found.status, found.unconfirmed_since) == ("manual", OPERATIONAL, None)
    assert found.spans[0].status == UNKNOWN, "what nobody knew then stays unknown"


@pytest.mark.sqlite_only
def test_web_check_asks_the_judged_address_and_reads_only_the_status(app, monkeypatch):
    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(503 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        monkeypatch.setattr(outbound, "PORTS", {site.server_port})
        url = f"http://127.0.0.1:{site.server_port}"
        assert checking.reach("http", url) is False, "loopback is never asked"
        monkeypatch.setattr(outbound, "is_allowed", lambda address, networks=(): True)
        assert checking.reach("http", url) is True
        assert checking.reach("http", f"{url}/broken") is False
        assert checking.reach("tcp", f"127.0.0.1:{site.server_port}") is True
        assert checking.reach("dns", "localhost") is True
        site.shutdown()


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://example.org/año?q=ñ", "example.org", "/a%C3%B1o?q=%C3%B1"),
        ("https://example.org/a%20b?x=[1]&y=~", "example.org", "/a%20b?x=[1]&y=~"),
        ("https://españa.example/", "xn--espaa-rta.example", "/"),
    ],
)
def test_address_with_letters_of_its_language_is_asked_encoded(url, host, path):
    assert outbound.parts_of(url) == ("https", host, 443, path)


def test_SE50_server_that_drips_is_left_after_the_time_in_all(monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    monkeypatch.setattr(outbound, "resolve", lambda host, port: ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(outbound, "PORTS", {server.getsockname()[1]})
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        begun = time.monotonic()
        assert not outbound.ask(f"http://drip.example:{server.getsockname()[1]}/").ok
        assert time.monotonic() - begun < 4


def drip(server):
    channel, _peer = server.accept()
    with channel, contextlib.suppress(OSError):
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
            channel.sendall(bytes([letter]))
            time.sleep(0.1)


@pytest.mark.sqlite_only
def test_check_that_breaks_leaves_the_others_their_turn(app, cast, at_nine, monkeypatch):
    component = make.component("Web")
    for target in ("broken.example", "fine.example"):
        checks.add(component, checks.Content("dns", target), cast.editor, clock.now())
    monkeypatch.setattr(outbound, "resolve", lambda host, port: {"fine.example": ["192.0.2.1"]}[host])
    commit()
    assert checking.work() == 2
    db.session.expire_all()
    assert [one.last_at for one in db.session.query(ComponentCheck).order_by(ComponentCheck.id)] == [None, MONDAY]
