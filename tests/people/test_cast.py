"""The cast signs in as real people do, and its shortcut opens the same doors."""

from flask.testing import FlaskClient

from portal.accounts.models import Session
from portal.core.db import db
from tests.cast.people import PASSWORD, Cast, sign_in, token_of


def test_everybody_of_the_cast_has_the_password(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/sign-in", data={"name": cast.employee.email, "password": PASSWORD})
    assert answer.status_code == 303


def test_the_shortcut_signs_in_and_its_token_is_taken(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.employee)
    assert client.get("/").status_code == 200
    assert client.post("/sign-out", data=token_of(client)).status_code == 303
    assert db.session.query(Session).count() == 0
