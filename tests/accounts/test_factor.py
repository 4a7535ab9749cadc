"""The second factor: set up, asked for on every way in, each code once (SE-15 to SE-19)."""

import threading
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.accounts import actions, factors
from portal.accounts.models import RecoveryCode, Session, TotpSecret
from portal.core import clock as portal_clock
from portal.core import events
from portal.core.db import db
from portal.people.events import RoleGranted
from portal.people.models import Role
from tests.accounts.helpers import SECRET, code, cookie, enrol, type_password
from tests.cast.people import Cast, build, grant, sign_in, token_of
from tests.racing import ROUNDS, race

CODE_FORM = "/sign-in/factor"


def send(client: FlaskClient, url: str, **data: str) -> Any:
    return client.post(url, data=token_of(client) | data)


def waiting(client: FlaskClient, cast: Cast) -> None:
    """An employee with an app has typed the password."""
    enrol(cast.employee)
    assert type_password(client, cast.employee.email).location == CODE_FORM


def test_the_password_alone_opens_nothing(client: FlaskClient, cast: Cast) -> None:
    waiting(client, cast)
    assert client.get("/").status_code == 303
    assert client.get("/account").status_code == 303
    assert client.get(CODE_FORM).status_code == 200


def test_SE_T2_after_the_factor_the_id_is_new(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    waiting(client, cast)
    before = cookie(client)
    assert send(client, CODE_FORM, code=code()).location == "/"
    assert cookie(client) != before
    assert client.get("/").status_code == 200
    client.set_cookie("session", before or "")
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_step_before_and_after_is_taken(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller, steps: int
) -> None:
    waiting(client, cast)
    assert send(client, CODE_FORM, code=code(steps=steps)).status_code == 303


@pytest.mark.parametrize("typed", ["", "000000", "12345", "１２３４５６", "x" * 41, "abcdefghijklmnop", "-2", "+2"])
def test_a_wrong_code_is_refused_and_the_form_comes_back(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller, typed: str
) -> None:
    waiting(client, cast)
    typed = code(steps=int(typed)) if typed[:1] in "+-" and typed else typed
    assert send(client, CODE_FORM, code=typed).status_code == 422
    assert client.get("/").status_code == 303


def test_an_accepted_step_and_those_before_it_are_never_accepted_again(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    waiting(client, cast)
    assert send(client, CODE_FORM, code=code()).status_code == 303
    for steps in (0, -1):
        browser = client.application.test_client()
        type_password(browser, cast.employee.email)
        assert send(browser, CODE_FORM, code=code(steps=steps)).status_code == 422


@race
def test_one_code_in_ten_browsers_at_once_lets_one_in(real_app: Flask) -> None:
    with real_app.app_context():
        person_id = build().employee.id
        db.session.add(TotpSecret(person_id=person_id, secret=SECRET, last_step=0, confirmed_at=portal_clock.now()))
        db.session.commit()
        now = portal_clock.now()
        typed = code()
    for _ in range(ROUNDS):
        accepted: list[bool] = []

        def try_once() -> None:
            with real_app.app_context():
                accepted.append(actions.accept_factor(person_id, typed, now))  # noqa: B023
                db.session.commit()

        with real_app.app_context():
            db.session.execute(update(TotpSecret).values(last_step=0))
            db.session.commit()
        threads = [threading.Thread(target=try_once) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(accepted) == [False] * 9 + [True]


def test_the_sixth_code_in_five_minutes_waits(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    waiting(client, cast)
    found = [send(client, CODE_FORM, code="000000").status_code for _ in range(6)]
    assert found == [422] * 5 + [429]
    assert send(client, CODE_FORM, code=code()).status_code == 429


def test_a_recovery_code_works_once(client: FlaskClient, cast: Cast) -> None:
    waiting(client, cast)
    first = factors.new_recovery_codes(cast.employee.id)[0]
    shown = f"{first[:4]} {first[4:8]} {first[8:]}".upper()
    assert send(client, CODE_FORM, code=shown).status_code == 303
    assert factors.recovery_codes_left(cast.employee.id) == 9
    type_password(client, cast.employee.email)
    assert send(client, CODE_FORM, code=first).status_code == 422


def test_SE_T14_the_code_form_needs_the_token_of_its_session(client: FlaskClient, cast: Cast) -> None:
    waiting(client, cast)
    stranger = sign_in(client.application.test_client(), cast.stranger)
    assert client.post(CODE_FORM, data={"code": code()}).status_code == 400
    assert client.post(CODE_FORM, data=token_of(stranger) | {"code": code()}).status_code == 400


def test_without_a_session_there_is_no_code_form(client: FlaskClient, cast: Cast) -> None:
    assert client.get(CODE_FORM).location == "/sign-in"
    assert client.get("/sign-in/enrolment").location == "/sign-in"
    sign_in(client, cast.employee)
    assert client.get(CODE_FORM).location == "/"
    assert client.get("/sign-in/enrolment").status_code == 404


# Who must have one (SE-15)


@pytest.mark.parametrize("who", ["admin", "auditor", "editor"])
def test_people_of_these_roles_set_it_up_before_anything_else(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller, who: str
) -> None:
    person = getattr(cast, who)
    assert type_password(client, person.email).location == CODE_FORM
    assert client.get(CODE_FORM).location == "/sign-in/enrolment"
    assert client.get("/account").status_code == 303
    page = client.get("/sign-in/enrolment")
    secret = db.session.get_one(TotpSecret, person.id).secret
    assert secret in page.text
    answer = send(client, "/sign-in/enrolment", code=code(secret))
    assert answer.location == "/account/codes"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("who", ["employee", "head", "agent", "trainer"])
def test_others_need_none(client: FlaskClient, cast: Cast, who: str) -> None:
    assert type_password(client, getattr(cast, who).email).location == "/"


def test_in_the_demo_nobody_needs_one(make_app: Any) -> None:
    app = make_app(PORTAL_ENV="demo")
    with app.app_context():
        email = build().admin.email
        db.session.commit()
    assert type_password(app.test_client(), email).location == "/"


def test_a_new_administrator_signs_in_anew(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.employee)
    grant(cast.employee, Role.ADMINISTRATOR)
    events.publish(RoleGranted(cast.employee.id, Role.ADMINISTRATOR, None, cast.admin.id))
    assert client.get("/").status_code == 303
    assert type_password(client, cast.employee.email).location == CODE_FORM


# On the account page


def test_setting_it_up_asks_who_one_is_and_ends_other_sessions(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    other = sign_in(client.application.test_client(), cast.employee)
    sign_in(client, cast.employee)
    assert "/account/confirmation" in send(client, "/account/factor").location
    sign_in(client, cast.employee, confirmed=True)
    assert send(client, "/account/factor").location == "/sign-in/enrolment"
    picture = client.get("/sign-in/enrolment.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"<svg" in picture.data
    secret = db.session.get_one(TotpSecret, cast.employee.id).secret
    answer = send(client, "/sign-in/enrolment", code=code(secret))
    codes = client.get(answer.location)
    assert codes.text.count("<code>") == 10
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert client.get("/sign-in/enrolment.svg").status_code == 404, "a confirmed secret is never shown again"


def test_a_wrong_first_code_turns_nothing_on(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    sign_in(client, cast.employee, confirmed=True)
    send(client, "/account/factor")
    assert send(client, "/sign-in/enrolment", code="000000").status_code == 422
    assert send(client, "/sign-in/enrolment").status_code == 422
    assert not factors.has_factor(cast.employee.id)


def test_another_app_can_be_set_up_and_the_old_one_ends(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    enrol(cast.admin)
    sign_in(client, cast.admin, confirmed=True)
    assert send(client, "/account/factor").location == "/sign-in/enrolment"
    db.session.rollback()
    assert db.session.get_one(TotpSecret, cast.admin.id).secret != SECRET


def test_new_recovery_codes_replace_the_old(client: FlaskClient, cast: Cast) -> None:
    enrol(cast.employee)
    old = factors.new_recovery_codes(cast.employee.id)
    sign_in(client, cast.employee, confirmed=True)
    assert send(client, "/account/codes").location == "/account/codes"
    assert not factors.accept_recovery_code(cast.employee.id, old[0], portal_clock.now())
    assert len(db.session.scalars(select(RecoveryCode)).all()) == 10


def test_codes_are_not_shown_later(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.employee, confirmed=True)
    assert client.get("/account/codes").location == "/account"
    assert send(client, "/account/codes").status_code == 404


def test_it_can_be_turned_off_where_no_role_demands_it(client: FlaskClient, cast: Cast) -> None:
    enrol(cast.employee)
    sign_in(client, cast.employee, confirmed=True)
    assert send(client, "/account/factor/removal").location == "/account"
    assert not factors.has_factor(cast.employee.id)
    assert client.get("/account").status_code == 200


def test_an_administrator_cannot_do_without(client: FlaskClient, cast: Cast) -> None:
    enrol(cast.admin)
    sign_in(client, cast.admin, confirmed=True)
    answer = send(client, "/account/factor/removal")
    assert answer.status_code == 403
    assert factors.has_factor(cast.admin.id)


def test_ended_factor_sessions_leave_no_rows(client: FlaskClient, cast: Cast) -> None:
    sign_in(client.application.test_client(), cast.employee)
    enrol(cast.employee)
    sign_in(client, cast.employee, confirmed=True)
    send(client, "/account/factor/removal")
    assert len(db.session.scalars(select(Session)).all()) == 1
