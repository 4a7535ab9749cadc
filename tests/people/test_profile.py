"""A person's own entry and preferences."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.core.db import db
from portal.people.models import Person
from tests.cast.people import Cast, sign_in, token_of

TYPED = {
    "site": "Sagunto",
    "phone": "600 111 222",
    "languages": "español, valencià",
    "working_hours": "8 a 15",
    "public_fields": ["site", "languages"],
    "language": "en",
    "time_zone": "Atlantic/Canary",
    "theme": "dark",
}


def save(client: FlaskClient, revision: int = 1, **changed: Any) -> Any:
    return client.post("/people/me", data=token_of(client) | TYPED | {"revision": str(revision)} | changed)


@pytest.fixture
def signed_in(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.employee)


def stored(cast: Cast) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, cast.employee.id, populate_existing=True)


def test_a_person_changes_the_own_entry(signed_in: FlaskClient, cast: Cast) -> None:
    assert save(signed_in).location == "/people/me"
    person = stored(cast)
    assert (person.site, person.public_fields, person.language, person.theme) == ("Sagunto", "site,languages", "en", "dark")
    assert person.time_zone == "Atlantic/Canary"
    assert not person.mail_of_progress
    page = signed_in.get("/people/me").text
    assert '<html lang="en" data-theme="dark">' in page
    assert "Your entry is stored." in page


def test_preferences_can_be_given_back(signed_in: FlaskClient, cast: Cast) -> None:
    save(signed_in)
    assert save(signed_in, 2, language="", theme="", time_zone="", public_fields=[]).status_code == 303
    person = stored(cast)
    assert (person.language, person.theme, person.time_zone, person.public_fields) == (None, None, None, "")


def test_what_is_nobodys_to_send_is_ignored(signed_in: FlaskClient, cast: Cast) -> None:
    """permissions.md case 13."""
    extra = {"role": "administrator", "active": "", "email": "x@evil.example", "id": str(cast.head.id), "name": "X"}
    before = (cast.employee.email, cast.employee.name, cast.employee.active, cast.employee.department_id)
    assert save(signed_in, **extra, department_id=str(cast.it.id), session_epoch="9", photo="/x").status_code == 303
    person = stored(cast)
    assert (person.email, person.name, person.active, person.department_id) == before
    assert (person.session_epoch, person.photo) == (1, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"site": "x" * 81},
        {"phone": "1" * 41},
        {"language": "fr"},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"theme": "red"},
        {"public_fields": ["email"]},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_the_text_kept(signed_in: FlaskClient, cast: Cast, wrong: dict[str, Any]) -> None:
    answer = save(signed_in, working_hours="my own words", **wrong)
    assert answer.status_code == 422
    assert "my own words" in answer.text
    assert stored(cast).site == ""


def test_what_was_saved_meanwhile_is_shown_beside_what_was_typed(signed_in: FlaskClient, cast: Cast) -> None:
    """C10: neither text is lost."""
    save(signed_in, phone="600 000 000", language="")
    answer = save(signed_in, phone="700 000 000", language="")
    assert answer.status_code == 409
    assert "600 000 000" in answer.text
    assert "700 000 000" in answer.text
    assert stored(cast).phone == "600 000 000"
    assert 'name="revision" type="hidden" value="2"' in answer.text
    assert save(signed_in, 2, phone="700 000 000").status_code == 303
    assert stored(cast).phone == "700 000 000"


@pytest.mark.parametrize("revision", ["", "x", "-1", "²", "0"])
def test_a_revision_that_never_was_is_old(signed_in: FlaskClient, cast: Cast, revision: str) -> None:
    assert signed_in.post("/people/me", data=token_of(signed_in) | TYPED | {"revision": revision}).status_code == 409


def test_opening_the_entry_changes_nothing(signed_in: FlaskClient, cast: Cast) -> None:
    for url in ("/people/me", "/people/me/absences", f"/people/{cast.employee.public_id}"):
        assert signed_in.get(url).status_code == 200
    assert stored(cast).revision == 1


def test_without_the_token_nothing_is_stored(signed_in: FlaskClient, cast: Cast) -> None:
    assert signed_in.post("/people/me", data=TYPED | {"revision": "1"}).status_code == 400
    assert stored(cast).site == ""
