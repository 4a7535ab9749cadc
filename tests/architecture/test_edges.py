"""What holds for every route whatever it does: who is let in, which token a write needs, which headers an answer bears."""

import pytest
from flask import Flask

from portal.core.policy import declaration
from tests.cast.people import sign_in

pytestmark = pytest.mark.sqlite_only
UNKNOWN = "zzzzzzzzzzzz"


def addresses(app: Flask, method: str, who: str) -> list[str]:
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, UNKNOWN) | dict(rule.defaults or {}), method=method)
        for rule in app.url_map.iter_rules()
        if method in rule.methods and rule.endpoint != "static" and declaration(app.view_functions[rule.endpoint]) == who
    ]


def test_page_without_a_session_leads_to_sign_in(app, client):
    for address in addresses(app, "GET", "signed_in"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.startswith("/sign-in")) == (303, True), address


def test_fragment_without_a_session_is_told_to_sign_in(app, client):
    for address in addresses(app, "GET", "signed_in"):
        answer = client.get(address, headers={"HX-Request": "true", "HX-Target": "div#any"})
        assert (answer.status_code, "HX-Redirect" in answer.headers, answer.data) == (401, True, b""), address


def test_write_from_another_site_is_refused(app, client):
    for who in ("signed_in", "public"):
        for address in addresses(app, "POST", who):
            answer = client.post(address, headers={"Origin": "https://evil.example"})
            assert answer.status_code == 400, address
            answer = client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 400, address


def test_SE_T14_write_without_the_token_is_refused(app, client, cast):
    sign_in(client, cast.admin)
    for address in addresses(app, "POST", "signed_in"):
        assert client.post(address).status_code == 400, address
        assert client.post(address, data={"csrf_token": "00" * 32}).status_code == 400, address


def test_unknown_things_do_not_exist(app, client, cast):
    sign_in(client, cast.employee)
    plain = client.get("/requests/nothing-like-this/at-all")
    for address in addresses(app, "GET", "signed_in"):
        if UNKNOWN in address:
            answer = client.get(address)
            assert answer.status_code in {403, 404}, address
            if answer.status_code == 404:
                assert answer.data == plain.data, f"{address}: the same page as for anything unknown (PE-27)"


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-like-this", "/health/live"])
def test_every_answer_bears_the_headers(client, path):
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"]


def test_personal_answers_are_not_kept(client, cast):
    sign_in(client, cast.employee)
    answer = client.get("/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Vary"] == "Cookie, HX-Request, HX-Request-Type, HX-Target"
    assert "ETag" not in answer.headers


def test_health_tells_nothing_but_ok(client):
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, "ok")
        assert "Cookie" not in answer.headers.get("Vary", "")
