"""Signing in and out: ids, names, and answers that tell nobody whether an account exists."""

import re
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal.accounts import sessions
from portal.accounts.models import Credential, Session
from portal.core import clock as portal_clock
from portal.core import names
from portal.core.db import db
from tests.accounts.helpers import cookie, type_password
from tests.cast.people import Cast, sign_in, token_of


def test_a_person_signs_in_and_out(client: FlaskClient, cast: Cast) -> None:
    assert type_password(client, cast.employee.email).location == "/"
    assert client.get("/").status_code == 200
    answer = client.post("/sign-out", data=token_of(client))
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert client.get("/").status_code == 303


def test_after_signing_in_the_page_asked_for_comes_back(client: FlaskClient, cast: Cast) -> None:
    asked = client.get("/account")
    page = client.get(asked.location)
    target = page.text.split('name="next" type="hidden" value="')[1].split('"')[0]
    assert type_password(client, cast.employee.email, next=target).location == "/account"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/account", "x"])
def test_a_return_target_that_we_have_not_signed_leads_home(client: FlaskClient, cast: Cast, target: str) -> None:
    assert type_password(client, cast.employee.email, next=target).location == "/"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(" Employee@DEMO.example ", id="case and space"),
        pytest.param("ｅｍｐｌｏｙｅｅ@demo.example", id="full width"),
        pytest.param("e-100234", id="employee number"),
    ],
)
def test_a_name_is_compared_in_one_normal_form(client: FlaskClient, cast: Cast, name: str) -> None:
    cast.employee.employee_number = "e-100234"
    assert type_password(client, name).status_code == 303


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("emp\u200bloyee@demo.example", id="zero width"),
        pytest.param("\u202eemployee@demo.example", id="bidi"),
        pytest.param("еmployee@demo.example", id="Cyrillic letter"),
    ],
)
def test_a_disguised_name_belongs_to_nobody(client: FlaskClient, cast: Cast, name: str) -> None:
    assert names.normal(name) is None
    assert type_password(client, name).status_code == 422


def test_a_page_for_people_signed_in_is_not_asked_for_a_name_again(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.employee)
    assert client.get("/sign-in").location == "/"


@pytest.mark.parametrize("data", [{}, {"name": ""}, {"name": "a", "password": "x" * 129}, {"name": "a" * 201, "password": "x"}])
def test_an_incomplete_form_comes_back_with_what_was_typed(client: FlaskClient, cast: Cast, data: dict[str, str]) -> None:
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 422
    assert (data.get("name") or "") in answer.text


# SE-T1: a copied cookie


ENDED = {
    "signing out": lambda client, cast: client.post("/sign-out", data=token_of(client)),
    "signing out everywhere": lambda client, cast: client.post("/account/sessions/ending", data=token_of(client)),
    "a new password": lambda client, cast: client.post(
        "/account/password",
        data=token_of(client) | {"current": "ventanilla-demo", "password": "correct horse battery"},
    ),
    "deactivation": lambda client, cast: setattr(cast.employee, "active", False),
}


@pytest.mark.parametrize("how", ENDED)
def test_SE_T1_a_copied_cookie_opens_nothing_after(client: FlaskClient, cast: Cast, how: str) -> None:
    sign_in(client, cast.employee)
    thief = client.application.test_client()
    thief.set_cookie("session", cookie(client) or "")
    assert thief.get("/").status_code == 200
    ENDED[how](client, cast)
    assert thief.get("/").status_code == 303
    assert thief.get("/account", headers={"HX-Request": "true"}).status_code == 401


# SE-T2: planted ids


def test_SE_T2_a_planted_id_is_never_adopted(client: FlaskClient, cast: Cast) -> None:
    client.set_cookie("session", "planted")
    type_password(client, cast.employee.email)
    assert cookie(client) != "planted"
    client.set_cookie("session", "planted")
    assert client.get("/").status_code == 303


def test_SE_T2_signing_in_again_ends_the_session_before(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.stranger)
    before = cookie(client)
    type_password(client, cast.employee.email)
    assert cookie(client) != before
    assert db.session.scalars(select(Session.person_id)).all() == [cast.employee.id]


def test_SE_T2_two_cookies_of_one_name_are_none(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.employee)
    own, plain = cookie(client), client.application.test_client(use_cookies=False)
    assert plain.get("/", headers={"Cookie": f"session={own}"}).status_code == 200
    assert plain.get("/", headers={"Cookie": f"session={own}; session=planted"}).status_code == 303


# SE-T3: hosts


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}, {"X-Forwarded-Proto": "gopher"}]
)
def test_SE_T3_a_forged_host_reaches_no_link(client: FlaskClient, cast: Cast, headers: dict[str, str]) -> None:
    answer = client.get("/sign-in/forgotten", headers=headers)
    assert "evil.example" not in answer.text
    assert "evil.example" not in client.get("/account", headers=headers).location


# SE-T5: known and unknown names


def same_work(client: FlaskClient, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """Return answer, statements and computations of one wrong password."""
    statements: list[str] = []
    computed: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, *args: Any) -> bool:
        computed.append("verify")
        return verify(self, *args)

    def listen(*args: Any) -> None:
        statements.append(args[2].split("VALUES")[0])

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    event.listen(db.engine, "before_cursor_execute", listen)
    answer = type_password(client, name, "not the password")
    event.remove(db.engine, "before_cursor_execute", listen)
    monkeypatch.undo()
    body = re.sub(r'name="csrf_token" value="\w+"', "", answer.text.replace(name, "NAME"))
    return answer.status_code, body, dict(answer.headers) | {"Content-Length": ""}, len(statements), computed


def test_SE_T5_nobody_learns_whether_an_account_exists(client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    known = same_work(client, cast.employee.email, monkeypatch)
    assert known[4] == ["verify"]
    for name in ("nobody@demo.example", cast.deactivated.email):
        assert same_work(client, name, monkeypatch) == known


# Limits of a session (SE-5)


@pytest.mark.parametrize(
    ("who", "own_device", "idle_hours", "lives_hours"),
    [("employee", False, 2, 12), ("employee", True, 7 * 24, 30 * 24), ("admin", True, 0.5, 8), ("auditor", False, 0.5, 8)],
)
def test_a_session_ends_with_rest_and_with_age(
    client: FlaskClient,
    cast: Cast,
    clock: time_machine.Traveller,
    who: str,
    own_device: bool,
    idle_hours: float,
    lives_hours: float,
) -> None:
    person = getattr(cast, who)
    idle, lives = sessions.limits(person, own_device, portal_clock.now())
    assert (idle.total_seconds() / 3600, lives.total_seconds() / 3600) == (idle_hours, lives_hours)
    sign_in(client, person)
    session = db.session.scalars(select(Session)).one()
    session.own_device = own_device
    session.expires_at = portal_clock.now() + lives
    db.session.commit()
    clock.shift(idle - sessions.NOTED_EVERY)
    assert client.get("/").status_code == 200
    clock.shift(idle)
    assert client.get("/").status_code == 303


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(client: FlaskClient, cast: Cast) -> None:
    credential = db.session.get_one(Credential, cast.employee.id)
    credential.password_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("ventanilla-demo")
    assert type_password(client, cast.employee.email).status_code == 303
    db.session.refresh(credential)
    assert credential.password_hash != old
    assert type_password(client, cast.employee.email).status_code == 303


# SE-T21: nothing that was sent comes back unescaped


@pytest.mark.parametrize("url", ["/sign-in", "/sign-in/forgotten", "/sign-in/reset/x"])
def test_SE_T21_a_marker_is_never_unescaped(client: FlaskClient, cast: Cast, url: str) -> None:
    marker = '"><i>marker</i>'
    headers = {"Referer": marker, "User-Agent": marker, "HX-Request": "true", "HX-Target": marker}
    for answer in (
        client.get(url, query_string={"next": marker, "q": marker}, headers=headers),
        client.post(url, data={"name": marker, "password": marker, "next": marker}, headers=headers),
    ):
        assert marker not in answer.text
        assert "marker" not in answer.headers.get("Location", "")


def test_SE_T14_a_form_from_another_site_is_refused(client: FlaskClient, cast: Cast) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        data = {"name": cast.employee.email, "password": "ventanilla-demo"}
        assert client.post("/sign-in", data=data, headers=headers).status_code == 400
    assert db.session.scalars(select(Session)).all() == []
