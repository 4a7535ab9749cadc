"""A new password by a mailed link (SE-20 to SE-22)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal.accounts import actions
from portal.accounts.events import ResetAsked
from portal.accounts.models import OneTimeToken
from portal.core import clock as portal_clock
from portal.core import events, jobs
from portal.core.db import db
from tests.accounts.helpers import enrol, type_password
from tests.cast.people import PASSWORD, Cast, sign_in

NEW = "correct horse battery staple"


@pytest.fixture
def asked() -> Iterator[list[int]]:
    """For whom a mail with a link is wanted."""
    people: list[int] = []

    def note(fact: ResetAsked) -> None:
        people.append(fact.person_id)

    events.subscribe(ResetAsked, note)
    yield people
    events._subscribers[ResetAsked].remove(note)


def token_for(cast: Cast) -> str:
    token = actions.issue_reset_token(cast.employee.id, portal_clock.now())
    db.session.commit()
    return token


def choose(client: FlaskClient, token: str, password: str = NEW) -> int:
    return client.post(f"/sign-in/reset/{token}", data={"password": password}).status_code


def test_a_forgotten_password_is_made_new(client: FlaskClient, cast: Cast, asked: list[int]) -> None:
    answer = client.post("/sign-in/forgotten", data={"name": cast.employee.email})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    jobs.run_due()
    assert asked == [cast.employee.id]
    token = token_for(cast)
    assert client.get(f"/sign-in/reset/{token}").status_code == 200
    assert choose(client, token) == 303
    assert client.get("/").status_code == 303, "nobody is signed in by a reset"
    assert type_password(client, cast.employee.email, PASSWORD).status_code == 422
    assert type_password(client, cast.employee.email, NEW).status_code == 303


def test_a_link_is_stored_as_a_hash_and_its_address_goes_nowhere(client: FlaskClient, cast: Cast) -> None:
    token = token_for(cast)
    assert len(token) >= 22
    assert token not in str(db.session.execute(select(OneTimeToken.digest)).all())
    assert client.get(f"/sign-in/reset/{token}").headers["Referrer-Policy"] == "no-referrer"


def test_opening_the_link_uses_nothing_up(client: FlaskClient, cast: Cast) -> None:
    token = token_for(cast)
    for _ in range(3):
        assert client.get(f"/sign-in/reset/{token}").status_code == 200
    assert choose(client, token) == 303


def test_SE_T4_a_link_works_once(client: FlaskClient, cast: Cast) -> None:
    token = token_for(cast)
    assert choose(client, token) == 303
    assert choose(client, token) == 404
    assert client.get(f"/sign-in/reset/{token}").status_code == 404


def test_SE_T4_a_link_ends_after_half_an_hour(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    token = token_for(cast)
    clock.shift(timedelta(minutes=29, seconds=59))
    assert client.get(f"/sign-in/reset/{token}").status_code == 200
    clock.shift(timedelta(minutes=1, seconds=1))
    assert choose(client, token) == 404


def test_SE_T4_a_newer_link_ends_an_older_one(client: FlaskClient, cast: Cast) -> None:
    older, newer = token_for(cast), token_for(cast)
    assert choose(client, older) == 404
    assert choose(client, newer) == 303


def test_SE_T4_a_changed_password_ends_the_link(client: FlaskClient, cast: Cast) -> None:
    token = token_for(cast)
    actions.set_password(cast.employee, actions.hash_password("another long password"), portal_clock.now())
    assert choose(client, token) == 404


@pytest.mark.parametrize("token", ["", "x", "x" * 2000, "%00", "None"])
def test_SE_T4_no_other_token_works(client: FlaskClient, cast: Cast, token: str) -> None:
    token_for(cast)
    assert choose(client, token) == 404


def test_SE_T13_the_link_of_a_deactivated_person_does_not_work(client: FlaskClient, cast: Cast) -> None:
    token = token_for(cast)
    cast.employee.active = False
    assert client.get(f"/sign-in/reset/{token}").status_code == 404
    assert choose(client, token) == 404


def test_a_reset_ends_every_session_and_keeps_the_factor(client: FlaskClient, cast: Cast) -> None:
    signed_in = sign_in(client.application.test_client(), cast.employee)
    enrol(cast.employee)
    assert choose(client, token_for(cast)) == 303
    assert signed_in.get("/").status_code == 303
    assert type_password(client, cast.employee.email, NEW).location == "/sign-in/factor"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "12"),
        ("x" * 129, "128"),
        ("123456789987654321", "Mucha gente"),
        ("Lucia-Ferrer1", "un nombre"),
        ("Ventanilla2026!", "un nombre"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(client: FlaskClient, cast: Cast, password: str, reason: str) -> None:
    token = token_for(cast)
    answer = client.post(f"/sign-in/reset/{token}", data={"password": password}, headers={"Accept-Language": "es"})
    assert answer.status_code == 422
    assert reason in answer.text
    assert choose(client, token) == 303


def test_SE8_password_of_an_installed_list_is_refused(client: FlaskClient, cast: Cast, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(client.application, "instance_path", str(tmp_path))
    token = token_for(cast)
    (tmp_path / "refused-passwords.txt").write_text("short\nUna frase muy conocida\n")
    assert choose(client, token, "una frase muy Conocida") == 422
    (tmp_path / "refused-passwords.txt").write_text("otra frase muy conocida\n\n")
    assert choose(client, token, "una frase muy Conocida") == 303


@pytest.mark.parametrize("password", ["contraseña de mi abuela", "🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈", " spaces at the ends "])
def test_any_characters_may_be_used(client: FlaskClient, cast: Cast, password: str) -> None:
    assert choose(client, token_for(cast), password) == 303
    assert type_password(client, cast.employee.email, password).status_code == 303


def test_SE_T5_asking_for_a_link_tells_nobody_whether_the_account_exists(
    client: FlaskClient, cast: Cast, asked: list[int]
) -> None:
    answers = []
    for name in (cast.employee.email, "nobody@demo.example", cast.deactivated.email):
        statements: list[str] = []

        def listen(*args: object, seen: list[str] = statements) -> None:
            seen.append(str(args[2]))

        event.listen(db.engine, "before_cursor_execute", listen)
        answer = client.application.test_client().post("/sign-in/forgotten", data={"name": name})
        event.remove(db.engine, "before_cursor_execute", listen)
        answers.append((answer.status_code, answer.location, answer.text, statements))
    assert answers[0] == answers[1] == answers[2]
    jobs.run_due()
    assert asked == [cast.employee.id]


def test_too_many_wishes_wait(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> None:
    found = [client.post("/sign-in/forgotten", data={"name": cast.employee.email}).status_code for _ in range(4)]
    assert found == [303, 303, 303, 429]


def test_an_empty_wish_comes_back(client: FlaskClient) -> None:
    assert client.post("/sign-in/forgotten", data={"name": ""}).status_code == 422
