"""One request is one transaction: committed below 400, rolled back else, tried again when the database was busy."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from portal.core import db as database
from portal.core.db import db
from portal.core.policy import public
from portal.people.models import Department


def serve(app: Flask, view, method="POST"):
    """Answer the next request with a view of the test, through the real edge."""
    app.view_functions["accounts.begin" if method == "POST" else "accounts.sign_in"] = public(view)


@pytest.fixture
def restored(app: Flask):
    kept = dict(app.view_functions)
    yield app
    app.view_functions.update(kept)


def write(slug: str):
    db.session.add(Department(slug=slug, name={"en": slug}))


def slugs():
    db.session.rollback()
    return list(db.session.scalars(select(Department.slug)))


def test_answer_below_400_commits(restored, client):
    def view():
        write("kept")
        return Response(status=204)

    serve(restored, view)
    client.post("/sign-in")
    assert slugs() == ["kept"]


def test_refusal_rolls_back_but_for_what_was_kept(restored, client):
    def view():
        write("draft")
        database.keep()
        write("lost")
        raise Conflict

    serve(restored, view)
    assert client.post("/sign-in").status_code == 409
    assert slugs() == ["draft"]


def test_busy_database_is_asked_again_three_times_in_all(restored, client):
    calls = []

    def view():
        calls.append(1)
        write(f"try-{len(calls)}")
        if len(calls) < 3:
            raise OperationalError("COMMIT", {}, Exception("database is locked"))
        return Response(status=204)

    serve(restored, view)
    assert client.post("/sign-in").status_code == 204
    assert slugs() == ["try-3"]


def test_database_that_stays_busy_answers_503(restored, client):
    def view():
        raise OperationalError("COMMIT", {}, Exception("database is locked"))

    serve(restored, view)
    answer = client.post("/sign-in")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_GET_that_writes_fails_in_tests(restored, client):
    def view():
        write("by-get")
        return Response(status=204)

    serve(restored, view, "GET")
    with pytest.raises(AssertionError, match="dirty"):
        client.get("/sign-in")
    assert slugs() == []


def test_GET_may_record_an_observation(restored, client):
    def view():
        database.observe(lambda: write("seen"))
        return Response(status=204)

    serve(restored, view, "GET")
    assert client.get("/sign-in").status_code == 204
    assert slugs() == ["seen"]


def test_refused_GET_may_record_an_observation(restored, client):
    def view():
        database.observe(lambda: write("refused"))
        raise Conflict

    serve(restored, view, "GET")
    assert client.get("/sign-in").status_code == 409
    assert slugs() == ["refused"]


def test_view_that_decided_nothing_fails_in_tests(restored, client, monkeypatch):
    view = public(lambda: Response(status=204))
    monkeypatch.setattr("portal.core.policy.decided", lambda: None)
    restored.view_functions["accounts.sign_in"] = view
    with pytest.raises(AssertionError, match="decided"):
        client.get("/sign-in")
