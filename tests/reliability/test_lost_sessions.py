"""R20: the session table is lost while people work; everybody signs in again, and nobody reads what is not theirs."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.accounts.models import Session
from portal.core.db import db
from portal.core.policy import declaration
from tests.cast.people import Cast, sign_in

pytestmark = pytest.mark.sqlite_only


def lose_sessions() -> None:
    db.session.execute(delete(Session))
    db.session.commit()


def test_R20_without_sessions_every_page_asks_to_sign_in_and_shows_nothing(app: Flask, cast: Cast, client) -> None:
    sign_in(client, cast.employee)
    assert cast.employee.name in client.get("/").text
    lose_sessions()
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and declaration(app.view_functions.get(rule.endpoint, undeclared)) == "signed_in":
            answer = client.get(adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "zzzzzzzzzzzz")))
            assert (answer.status_code, answer.location.startswith("/sign-in")) == (303, True), rule.rule
            assert cast.employee.name not in answer.text
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0


def undeclared() -> None:
    """Stand in for a view without declaration."""
