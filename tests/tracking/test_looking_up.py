"""From a typed code to the page, and what guesses get (TR-6 to TR-11, TR-15, TR-17, "Bad input")."""

import threading
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import security
from portal.core.db import db
from portal.tracking import actions, codes, limits, queries
from portal.tracking.models import TrackingMiss, TrackingOpening
from tests.cast.people import sign_in
from tests.performance.meter import statements
from tests.racing import ROUNDS, patiently, race
from tests.tracking.conftest import HIDDEN, at, from_

HEADERS = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")


def unknown(number=0):
    body = f"ZZZZZZZ{number:03}"
    return body + codes.check_symbol(body)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_typed_code_leads_to_its_page_in_the_language_of_the_form(client, parcel, lang):
    answer = client.post(f"/track/{lang}/", data={"code": parcel.code.lower()})
    assert (answer.status_code, answer.location) == (303, f"/track/{lang}/{codes.shown(parcel.code)}")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert f"<title>{'Aceptado' if lang == 'es' else 'Accepted'} ·" in page.text
    assert "Getafe" in page.text
    assert "Set-Cookie" not in page.headers
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store, private", "no-referrer")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Cookie" not in page.headers.get("Vary", "")
    assert not [word for word in HIDDEN if word in page.text]


def test_the_form_speaks_the_language_of_the_browser(client):
    assert "Follow your shipment" in client.get("/track/", headers={"Accept-Language": "en"}).text
    assert "Sigue tu envío" in client.get("/track/", headers={"Accept-Language": "fr"}).text
    assert client.post("/track/", data={"code": unknown()}, headers={"Accept-Language": "en"}).location.startswith("/track/en/")


def test_TR1_a_code_is_found_however_it_is_typed(client, parcel):
    code = codes.shown(parcel.code)
    for typed in (code.lower().replace("-", " "), code.replace("-", "–"), f"VE-{code}"):
        assert client.post("/track/es/", data={"code": typed}).location == parcel.path
        assert client.get(f"/track/es/{typed}").status_code == 200


@pytest.mark.parametrize("typed", ["7Q4M-KA2X-D8T", "", "2026-00412"], ids=["TR2", "empty", "TR4"])
def test_TR2_what_is_no_code_gets_a_hint_without_asking_for_it(client, app, parcel, typed):
    with statements(db.engine) as asked:
        answer = client.post("/track/es/", data={"code": typed})
    assert answer.status_code == 422
    assert "Revisa el código" in answer.text
    assert f'value="{typed}"' in answer.text
    assert not [one for one in asked if "tracking_code" in str(one)]
    assert not db.session.scalar(select(TrackingMiss.count).where(TrackingMiss.kind == "miss"))


@pytest.mark.parametrize("typed", ["<b>" + "x" * 70, "7Q4M\x00KA2XD9T"])
def test_what_is_too_long_or_controlling_is_not_echoed(client, typed):
    answer = client.post("/track/es/", data={"code": typed})
    assert answer.status_code == 422
    assert 'value=""' in answer.text


def test_thirty_malformed_codes_a_minute_are_enough(app, clock):
    visitor = from_(app)
    answers = [visitor.post("/track/es/", data={"code": "x"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]
    assert from_(app, "192.0.2.2").post("/track/es/", data={"code": "x"}).status_code == 422


@pytest.mark.parametrize("why", ["ended", "revoked"], ids=["TR5", "revoked"])
def test_TR5_what_ended_answers_like_what_never_was(app, client, parcel, clock, why):
    found = queries.open_code(codes.stored(parcel.code), at("03-02 08:00"))
    if why == "revoked":
        actions.revoke_code(found, None, at("03-02 08:00"))
    else:
        parcel.told("completed", "03-02 07:30")
        clock.move_to(at("05-02 07:30"))
    db.session.commit()
    answers, asked = [], []
    for number, path in enumerate((parcel.path, f"/track/es/{codes.shown(unknown())}")):
        with statements(db.engine) as counted:
            answers.append(from_(app, f"192.0.2.{number + 1}").get(path))
        asked.append(len(counted))
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].data == answers[1].data
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert asked[0] == asked[1]
    assert all(answers[0].headers.get(name) for name in HEADERS)


def test_a_code_works_until_sixty_days_after_the_end_and_a_new_one_again(client, parcel, clock):
    parcel.told("completed", "03-02 07:30")
    clock.move_to(at("05-01 07:29"))
    assert client.get(parcel.path).status_code == 200
    clock.move_to(at("05-01 07:31"))
    assert client.get(parcel.path).status_code == 404
    code = actions.issue_code(parcel.item, None, at("05-01 07:31"))
    assert client.get(f"/track/es/{codes.shown(code)}").status_code == 200


def test_TR6_the_61st_miss_of_an_hour_waits_and_nobody_else_does(app, client, parcel, clock):
    visitor = from_(app)
    for number in range(60):
        if number % 10 == 0:
            clock.shift(60)
        assert visitor.get(f"/track/es/{codes.shown(unknown(number))}").status_code == 404
    clock.shift(60)
    answer = visitor.get(f"/track/es/{codes.shown(unknown(60))}")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert from_(app, "192.0.2.2").get(f"/track/es/{codes.shown(unknown(61))}").status_code == 404
    assert visitor.get(parcel.path).status_code == 200, "a hit is never blocked"


def test_eleven_misses_a_minute_are_too_many_and_ipv6_counts_by_network(app, clock):
    answers = [from_(app, f"2001:db8::{number}").get(f"/track/es/{codes.shown(unknown(number))}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 60
    assert from_(app, "2001:db8:0:1::1").get(f"/track/es/{codes.shown(unknown())}").status_code == 404


def test_a_thousand_misses_of_all_lower_the_limit_to_three(app, clock):
    minute = int(at("03-02 08:00").timestamp()) // 60
    db.session.add(TrackingMiss(kind=limits.MISS, network="of many", minute=minute - 5, count=1001))
    visitor = from_(app)
    assert [visitor.get(f"/track/es/{codes.shown(unknown(n))}").status_code for n in range(4)] == [404, 404, 404, 429]


def test_head_answers_like_get_and_other_methods_405(client, parcel):
    answer = client.head(parcel.path)
    assert (answer.status_code, answer.data) == (200, b"")
    assert client.put(parcel.path).status_code == 405
    assert client.delete(parcel.path).status_code == 405


def test_openings_are_counted_by_code_and_day_alone(client, parcel):
    for _ in range(3):
        client.get(parcel.path)
    row = db.session.scalars(select(TrackingOpening)).one()
    assert (row.day.isoformat(), row.count) == ("2026-03-02", 3)


def test_the_page_is_the_same_for_an_administrator(app, client, parcel, cast):
    signed_in = sign_in(app.test_client(), cast.admin)
    assert signed_in.get(parcel.path).data == client.get(parcel.path).data


def test_an_unknown_language_is_an_unknown_page(client, parcel):
    assert client.get(parcel.path.replace("/es/", "/fr/")).status_code == 404


def test_the_code_is_also_a_picture(client, parcel):
    answer = client.get(f"{parcel.path}/qr")
    assert (answer.mimetype, answer.status_code) == ("image/svg+xml", 200)
    assert client.get(f"/track/es/{codes.shown(unknown())}/qr").status_code == 404


def test_log_lines_hold_no_code(app, parcel):
    with app.test_request_context(parcel.path):
        told = security.loggable_path()
    assert told == f"/track/<lang>/{codes.stored(parcel.code)[:8]}"
    assert parcel.code[:4] not in told


@race
def test_TR6_misses_at_once_are_all_counted_on_every_worker(real_app):
    waits = []
    now = at("03-02 08:00")

    def miss():
        with real_app.app_context():
            waits.append(patiently(lambda: limits.wait_after_miss("192.0.2.1", now)))

    for round_ in range(ROUNDS):
        waits.clear()
        now = at("03-02 08:00") + timedelta(hours=2 * round_)
        threads = [threading.Thread(target=Context().run, args=(miss,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(wait > 0 for wait in waits) == [False] * 10 + [True] * 2
