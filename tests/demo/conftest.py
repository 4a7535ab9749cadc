"""The demo organisation, loaded once for each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Person
from tests import conftest, databases
from tests.cast.people import sign_in
from tests.postgres import Unavailable

LOADED, READ, LARGER = "demo", f"{conftest.WORKER}-demo", f"{conftest.WORKER}-larger-demo"
MANY = 60


@pytest.fixture(scope="session")
def loaded(engine: str, open_databases: Callable[[str], databases.Databases], run_folder: Path) -> Iterator[Flask]:
    """The portal with the demo organisation, which one process of the run loads for all; tests only read it."""
    try:
        opened = open_databases(engine)
    except Unavailable as reason:
        pytest.skip(f"{engine}: {reason}")
    files = run_folder / f"{engine}-demo-files"

    def load_once() -> None:
        first = conftest.build(opened.create(LOADED), files, PORTAL_ENV="demo")  # where nobody needs a second factor
        load(first)
        conftest.dispose(first)

    databases.once(run_folder / f"{engine}-demo.done", load_once)
    made = conftest.build(opened.copy(LOADED, READ), files)
    yield made
    conftest.dispose(made)
    opened.drop(READ)


@pytest.fixture
def larger(loaded: Flask, engine_databases: databases.Databases) -> Iterator[Flask]:
    """The portal with the demo organisation and many more requests."""
    made = conftest.build(engine_databases.copy(LOADED, LARGER), Path(loaded.config["PORTAL_FILES"]))
    load(made, "--scale", str(MANY))
    with made.app_context():
        yield made
    conftest.dispose(made)
    engine_databases.drop(LARGER)


def load(app: Flask, *options: str) -> None:
    """Call the operator's command."""
    result = app.test_cli_runner().invoke(args=["demo", "load", *options])
    assert result.exit_code == 0, result.output


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The portal with the demo organisation, inside a context."""
    with loaded.app_context():
        yield loaded
        db.session.rollback()


@pytest.fixture
def enter(loaded: Flask) -> Callable[[str], FlaskClient]:
    """Return a function that signs somebody of the demo in: `enter("employee")`."""

    def signed_in(key: str) -> FlaskClient:
        with loaded.app_context():
            person = db.session.scalars(select(Person).where(Person.email == f"{key}@demo.example")).one()
            return sign_in(loaded.test_client(), person)

    return signed_in
