"""Guessing is limited without locking anybody out (SE-11 to SE-13)."""

import threading

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from portal.accounts import throttle
from portal.accounts.models import AttemptCounter
from portal.core import clock as portal_clock
from portal.core.db import db
from tests.accounts.helpers import cookie, type_password
from tests.cast.people import Cast, build
from tests.conftest import MONDAY_MORNING
from tests.racing import ROUNDS, race

WRONG = "not the password"


def guess(client: FlaskClient, name: str, times: int, password: str = WRONG) -> list[int]:
    return [type_password(client, name, password).status_code for _ in range(times)]


def test_the_eleventh_guess_waits_and_says_how_long(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    assert guess(client, cast.employee.email, 10) == [422] * 10
    answer = type_password(client, cast.employee.email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert cast.employee.email in answer.text
    clock.shift(301)
    assert type_password(client, cast.employee.email).status_code == 303


def test_an_unknown_name_waits_alike(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    assert guess(client, "nobody@demo.example", 11) == [422] * 10 + [429]


def test_another_account_is_not_slowed(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    guess(client, cast.employee.email, 11)
    assert type_password(client, cast.stranger.email).status_code == 303


def test_a_right_password_is_no_guess(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    for _ in range(12):
        browser = client.application.test_client()
        assert type_password(browser, cast.employee.email).status_code == 303


def test_a_network_is_limited_across_accounts(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    found = [type_password(client, f"nobody{number}@demo.example", WRONG).status_code for number in range(51)]
    assert found == [422] * 50 + [429]


def test_SE_T6_the_owners_known_device_signs_in_meanwhile(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    type_password(client, cast.employee.email)
    assert cookie(client, "device")
    thief = client.application.test_client()
    assert guess(thief, cast.employee.email, 11)[-1] == 429
    client.delete_cookie("session")
    assert type_password(client, cast.employee.email).status_code == 303


def test_a_known_device_has_a_counter_of_its_own(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    type_password(client, cast.employee.email)
    client.delete_cookie("session")
    assert guess(client, cast.employee.email, 11) == [422] * 10 + [429]


def test_a_device_known_to_one_person_is_strange_to_another(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    guess(client.application.test_client(), cast.stranger.email, 10)
    type_password(client, cast.employee.email)
    assert type_password(client, cast.stranger.email).status_code == 429


@race
def test_SE_T6_of_fifty_parallel_guesses_ten_are_evaluated(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_app.app_context():
        email = build().employee.email
        db.session.commit()
    evaluated: list[int] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, *args: object) -> bool:
        evaluated.append(1)
        return verify(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    monkeypatch.setattr(portal_clock, "now", lambda: MONDAY_MORNING)  # no window ends meanwhile
    answers: list[int] = []

    def try_once() -> None:
        answers.append(type_password(real_app.test_client(), email, WRONG).status_code)

    for _ in range(ROUNDS):
        answers.clear()
        evaluated.clear()
        threads = [threading.Thread(target=try_once) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 50
        assert len(evaluated) == 10
        assert set(answers) == {422, 429}
        with real_app.app_context():
            db.session.execute(delete(AttemptCounter))
            db.session.commit()


@pytest.mark.usefixtures("app")
def test_counters_of_the_past_are_forgotten(clock: time_machine.Traveller) -> None:
    throttle.reserve([(throttle.ACCOUNT, "a"), (throttle.NETWORK, "b")], portal_clock.now())
    clock.shift(10 * 60)
    throttle.sweep(portal_clock.now())
    assert [key.split(":")[0] for key in db.session.scalars(select(AttemptCounter.key))] == ["network"]
