"""The portal starts on both databases and lets people in: the shortest proof that a change has broken nothing basic."""

from flask import Flask
from flask.testing import FlaskClient


def test_portal_starts_on_a_migrated_database(app: Flask, engine: str) -> None:
    assert str(app.config["PORTAL_DATABASE_URL"]).startswith(engine)


def test_sign_in_page_answers(client: FlaskClient) -> None:
    assert client.get("/sign-in").status_code == 200
