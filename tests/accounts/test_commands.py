"""`flask people create`: the way to the first administrator."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Department, Person, Role
from portal.people.queries import has_role
from tests.accounts.helpers import type_password
from tests.cast.people import Cast

WORDS = "correct horse battery"


def create(app: Flask, *more: str, email: str = "First@demo.example", department: str = "it", password: str = WORDS) -> Any:
    args = ["people", "create", "--email", email, "--name", "First Person", "--department", department, *more]
    return app.test_cli_runner().invoke(args=args, input=f"{password}\n{password}\n")


def test_the_first_administrator_of_an_empty_portal(app: Flask) -> None:
    found = create(app, "--administrator", department="Dirección General")
    assert found.exit_code == 0, found.output
    person = db.session.scalars(select(Person)).one()
    assert has_role(person, Role.ADMINISTRATOR)
    assert db.session.scalars(select(Department.slug)).all() == ["direccion-general"]
    assert type_password(app.test_client(), "first@demo.example", WORDS).location == "/sign-in/factor"


def test_the_password_is_asked_for_and_not_shown(app: Flask, cast: Cast) -> None:
    found = create(app)
    assert found.exit_code == 0, found.output
    assert WORDS not in found.output
    assert type_password(app.test_client(), "first@demo.example", WORDS).location == "/"


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short"}, {"email": "nobody"}, {"email": "employee@demo.example"}, {"department": "unknown"}],
    ids=str,
)
def test_what_cannot_be_ends_with_a_sentence(app: Flask, cast: Cast, wrong: dict[str, str]) -> None:
    found = create(app, **wrong)
    assert found.exit_code == 1
    assert "Error: " in found.output
    db.session.rollback()
    assert db.session.scalar(select(Person.id).where(Person.name == "First Person")) is None
