"""The account page: sessions, a new password, showing again who one is."""

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Session
from portal.core.db import db
from tests.accounts.helpers import code, cookie, enrol, type_password
from tests.cast.people import PASSWORD, Cast, sign_in, token_of

NEW = "correct horse battery staple"


def change(client: FlaskClient, current: str = PASSWORD, password: str = NEW) -> int:
    data = token_of(client) | {"current": current, "password": password}
    return client.post("/account/password", data=data).status_code


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/account").status_code == 303


def test_SE_T12_the_list_shows_own_sessions_by_handle_only(client: FlaskClient, cast: Cast) -> None:
    other = sign_in(client.application.test_client(), cast.stranger)
    sign_in(client.application.test_client(), cast.employee)
    sign_in(client, cast.employee)
    page = client.get("/account").text
    mine = db.session.scalars(select(Session).where(Session.person_id == cast.employee.id)).all()
    theirs = db.session.scalars(select(Session).where(Session.person_id == cast.stranger.id)).one()
    assert len(mine) == 2
    assert page.count("/ending") == 2, "the other device, and everywhere"
    assert theirs.public_id not in page
    for session in mine:
        assert session.secret_digest not in page
    assert (cookie(client) or "") not in page
    assert (cookie(other) or "") not in page


def test_a_session_of_ones_own_can_be_ended(client: FlaskClient, cast: Cast) -> None:
    phone = sign_in(client.application.test_client(), cast.employee)
    handle = db.session.scalars(select(Session.public_id)).one()
    sign_in(client, cast.employee)
    assert client.post(f"/account/sessions/{handle}/ending", data=token_of(client)).status_code == 303
    assert phone.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_a_session_of_somebody_else_is_not_there(client: FlaskClient, cast: Cast) -> None:
    stranger = sign_in(client.application.test_client(), cast.stranger)
    handle = db.session.scalars(select(Session.public_id)).one()
    sign_in(client, cast.employee)
    assert client.post(f"/account/sessions/{handle}/ending", data=token_of(client)).status_code == 404
    assert client.post("/account/sessions/unknown/ending", data=token_of(client)).status_code == 404
    assert stranger.get("/").status_code == 200


def test_signing_out_everywhere_ends_this_session_too(client: FlaskClient, cast: Cast) -> None:
    phone = sign_in(client.application.test_client(), cast.employee)
    sign_in(client, cast.employee)
    assert client.post("/account/sessions/ending", data=token_of(client)).location == "/sign-in"
    assert phone.get("/").status_code == client.get("/").status_code == 303


def test_a_new_password_keeps_this_session_under_a_new_id(client: FlaskClient, cast: Cast) -> None:
    phone = sign_in(client.application.test_client(), cast.employee)
    sign_in(client, cast.employee)
    before = cookie(client)
    assert change(client) == 303
    assert cookie(client) != before
    assert client.get("/").status_code == 200
    assert phone.get("/").status_code == 303
    assert type_password(phone, cast.employee.email, NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "password"), [("wrong", NEW), ("", NEW), (PASSWORD, ""), (PASSWORD, "short"), (PASSWORD, "Lucia-Ferrer1")]
)
def test_a_wrong_or_weak_password_changes_nothing(client: FlaskClient, cast: Cast, current: str, password: str) -> None:
    sign_in(client, cast.employee)
    assert change(client, current, password) == 422
    assert client.get("/").status_code == 200
    assert type_password(client.application.test_client(), cast.employee.email).status_code == 303


def test_guessing_the_password_of_an_open_session_is_limited(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    sign_in(client, cast.employee)
    assert [change(client, "wrong") for _ in range(11)] == [422] * 10 + [429]


# Who are you, again (SE-7)


def confirm(client: FlaskClient, **typed: str) -> int:
    return client.post("/account/confirmation", data=token_of(client) | typed).status_code


def test_a_confirmation_counts_for_ten_minutes(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    sign_in(client, cast.employee)
    before = cookie(client)
    assert confirm(client, password=PASSWORD) == 303
    assert cookie(client) != before
    clock.shift(590)
    assert client.post("/account/factor", data=token_of(client)).location == "/sign-in/enrolment"
    clock.shift(20)
    assert "/account/confirmation" in client.post("/account/factor", data=token_of(client)).location


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_is_confirmed(client: FlaskClient, cast: Cast, password: str) -> None:
    sign_in(client, cast.employee)
    assert confirm(client, password=password) == 422
    assert "/account/confirmation" in client.post("/account/factor", data=token_of(client)).location


def test_who_has_a_second_factor_confirms_with_it(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    enrol(cast.employee)
    sign_in(client, cast.employee)
    assert confirm(client, password=PASSWORD) == 422
    assert confirm(client, password=PASSWORD, code="000000") == 422
    assert confirm(client, password=PASSWORD, code=code()) == 303


@pytest.mark.parametrize(
    "url",
    [
        "/sign-out",
        "/account/password",
        "/account/confirmation",
        "/account/sessions/ending",
        "/account/factor",
        "/account/factor/removal",
        "/account/codes",
    ],
)
def test_SE_T14_a_form_needs_the_token_of_this_session(client: FlaskClient, cast: Cast, url: str) -> None:
    old = token_of(sign_in(client, cast.employee, confirmed=True))
    others = token_of(sign_in(client.application.test_client(), cast.stranger))
    sign_in(client, cast.employee, confirmed=True)
    for token in ({}, old, others, {"csrf_token": ""}, {"csrf_token": "zz"}):
        assert client.post(url, data=token | {"current": PASSWORD, "password": NEW}).status_code == 400
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("url", ["/account/sessions/ending", "/account/password", "/account/factor"])
def test_a_change_is_never_a_link(client: FlaskClient, cast: Cast, url: str) -> None:
    sign_in(client, cast.employee)
    assert client.get(url).status_code == 405
