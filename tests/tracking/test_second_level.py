"""The second level: what the factor opens, for whom, and how long (TR-4, TR-12 to TR-14)."""

import threading
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock as core_clock
from portal.core.db import db, transaction
from portal.tracking import actions, codes, factors, queries
from portal.tracking.models import TrackedItem, TrackingCode, TrackingGrant
from tests.cast.people import build
from tests.racing import ROUNDS, patiently, race
from tests.tracking.conftest import from_, make_parcel

SECRETS = ("2026-00412", "SECRETCONTENTS", "SECRETCONTACT", "SECRETPROOF", "SECRETNOTE")


def ask(client, parcel, factor):
    return client.post(f"{parcel.path}/second-level", data={"factor": factor})


@pytest.mark.parametrize("factor", ["28001", " 28-001 ", "secret@client.EXAMPLE "])
def test_code_and_factor_show_the_details_for_half_an_hour_in_one_browser(app, client, parcel, clock, factor):
    answer = ask(client, parcel, factor)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("track=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1800"))
    client.get(parcel.path)
    page = client.get(parcel.path).text
    assert [word for word in SECRETS if word not in page] == []
    assert "1 vez" in page
    assert "SECRET" not in from_(app).get(parcel.path).text
    clock.shift(timedelta(minutes=30))
    assert "SECRET" not in client.get(parcel.path).text


def test_under_tls_the_cookie_bears_the_prefix_that_browsers_enforce(make_app, clock):
    app = make_app(PORTAL_BASE_URL="https://portal.example")
    with app.app_context():
        parcel = make_parcel(build())
        path, _code = parcel.path, db.session.commit()
    cookie = app.test_client().post(f"{path}/second-level", data={"factor": "28001"}).headers["Set-Cookie"]
    assert cookie.startswith("__Host-track=")
    assert "Secure" in cookie


def test_TR7_five_wrong_factors_lock_the_second_level_for_an_hour_for_everybody(app, parcel, clock):
    held = from_(app)
    ask(held, parcel, "28001")
    wrong = [ask(from_(app, f"192.0.2.{number}"), parcel, "28002") for number in range(5)]
    refused = ask(from_(app, "192.0.2.9"), parcel, "28001")
    assert {answer.status_code for answer in [*wrong, refused]} == {422}
    assert "demasiados intentos" in refused.text
    assert refused.data == wrong[-1].data, "a correct factor during the lock reads like a wrong one"
    assert from_(app).get(parcel.path).status_code == 200, "the first level stays"
    assert "SECRETCONTENTS" in held.get(parcel.path).text, "what was granted stays"
    clock.shift(timedelta(minutes=59))
    assert ask(from_(app), parcel, "28001").status_code == 422
    clock.shift(timedelta(minutes=2))
    assert ask(from_(app), parcel, "28001").status_code == 303


def test_wrong_factors_of_more_than_an_hour_ago_do_not_count(app, client, parcel, clock):
    for _ in range(4):
        ask(client, parcel, "x")
    clock.shift(timedelta(minutes=61))
    ask(client, parcel, "x")
    assert ask(client, parcel, "28001").status_code == 303


def test_an_empty_factor_never_fits_an_item_without_one(client, parcel):
    actions.change_factor(parcel.item, "28001", "", None, core_clock.now())
    assert ask(client, parcel, "").status_code == 422
    assert ask(client, parcel, "@").status_code == 422


@pytest.mark.parametrize("ended_by", ["revocation", "another factor", "closing"])
def test_TR8_a_right_ends_with_the_code_the_factor_or_by_closing_it(client, parcel, clock, ended_by):
    ask(client, parcel, "28001")
    assert "SECRET" in client.get(parcel.path).text
    if ended_by == "revocation":
        actions.revoke_code(db.session.scalars(select(TrackingCode)).one(), None, core_clock.now())
        db.session.commit()
        answer = client.get(f"{parcel.path}?seen=x", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (404, parcel.path)
        assert client.get(parcel.path).status_code == 404
    elif ended_by == "another factor":
        actions.change_factor(parcel.item, "08001", "", None, core_clock.now())
        assert "SECRET" not in client.get(parcel.path).text
    else:
        assert client.post(f"{parcel.path}/second-level/end").status_code == 303
        assert "SECRET" not in client.get(parcel.path).text
    assert db.session.scalar(select(func.count()).select_from(TrackingGrant)) == 0


def test_TR9_a_share_code_stays_at_the_first_level(app, client, parcel):
    shared = parcel.share()
    assert "Código postal o correo" not in client.get(shared).text
    answer = client.post(f"{shared}/second-level", data={"factor": "28001"})
    assert answer.status_code == 422
    ask(client, parcel, "28001")
    assert "SECRET" not in client.get(shared).text, "the right of the original code is not that of the share code"


def test_the_customer_stops_sharing_from_the_second_level_only(app, client, parcel):
    shared = parcel.share()
    assert from_(app).post(f"{parcel.path}/sharing/end").status_code == 404
    ask(client, parcel, "28001")
    assert "Dejar de compartir" in client.get(parcel.path).text
    assert client.post(f"{parcel.path}/sharing/end").status_code == 303
    assert from_(app).get(shared).status_code == 404
    assert from_(app).get(parcel.path).status_code == 200


def test_a_right_opens_one_item_only(client, parcel, cast):
    ask(client, parcel, "28001")
    other = make_parcel(cast, "2026-00413")
    assert "SECRET" not in client.get(other.path).text


@race
def test_TR7_of_many_wrong_factors_at_once_no_more_than_five_are_looked_at(real_app, monkeypatch):
    with real_app.app_context():
        parcel = make_parcel(build())
        item_id, code_hash = parcel.item.id, codes.stored(parcel.code)
        db.session.commit()
    looked_at = []
    fits = factors.fits
    monkeypatch.setattr(factors, "fits", lambda item, typed: looked_at.append(typed) or fits(item, typed))

    def try_once(number):
        with real_app.app_context():

            def work():
                with transaction():
                    code = queries.open_code(code_hash, core_clock.now())
                    factors.grant(code, f"wrong {number}", core_clock.now())

            patiently(work)

    for _ in range(ROUNDS):
        with real_app.app_context(), transaction():
            db.session.get_one(TrackedItem, item_id).factor_locked_until = None
        looked_at.clear()
        threads = [threading.Thread(target=Context().run, args=(try_once, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(looked_at) == 5
