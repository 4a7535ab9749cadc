"""Two who lock in opposite order, no connection left, nobody at the address: asked again or told when, never a 500."""

import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread, local

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.wrappers import Response

from portal.core.db import db, lock, public_id
from portal.core.policy import public
from portal.people.models import Department
from tests.conftest import MakeApp, build, dispose
from tests.notifications.post_office import free_port
from tests.racing import ROUNDS, race

TOGETHER = 0.1  # seconds; on SQLite the second writer waits before its first lock
mine = local()


def lock_both() -> Response:
    """Lock the two rows of this thread, in its order, and meet the other between the two."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
    lock(Department, mine.ids[0])
    with suppress(BrokenBarrierError):
        mine.barrier.wait(TOGETHER)
    lock(Department, mine.ids[1])
    db.session.add(Department(slug=f"after-{public_id()}", name={}))
    return Response(status=204)


@pytest.fixture
def two_rows(real_app: Flask) -> tuple[int, int]:
    real_app.view_functions["accounts.begin"] = public(lock_both)
    with real_app.app_context():
        rows = [Department(slug=slug, name={}) for slug in ("first", "second")]
        db.session.add_all(rows)
        db.session.commit()
        return rows[0].id, rows[1].id


@race
def test_R9_two_who_lock_in_opposite_order_are_both_served(real_app: Flask, two_rows: tuple[int, int]) -> None:
    answers: list[int] = []

    def ask(ids: tuple[int, int], barrier: Barrier) -> None:
        mine.ids, mine.barrier = ids, barrier
        answers.append(real_app.test_client().post("/sign-in").status_code)

    for _ in range(ROUNDS):
        barrier = Barrier(2)
        threads = [Thread(target=ask, args=(ids, barrier)) for ids in (two_rows, two_rows[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [204] * 2 * ROUNDS
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).where(Department.slug.startswith("after-"))) == 2 * ROUNDS


# --- a database that does not answer ---------------------------------------------------------------------------------


@pytest.fixture
def lonely_app(tmp_path) -> Iterator[Flask]:
    """A portal whose database is not there."""
    app = build(f"postgresql+psycopg://portal@127.0.0.1:{free_port()}/portal", tmp_path)
    yield app
    dispose(app)


@pytest.mark.parametrize("path", ["/sign-in", "/requests", "/health/ready"])
def test_R8_database_that_is_away_answers_503_at_once(lonely_app: Flask, path: str) -> None:
    begun = time.monotonic()
    client = lonely_app.test_client()
    client.set_cookie("session", "anything")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert time.monotonic() - begun < 3
    assert client.get("/health/live").status_code == 200


@pytest.mark.postgresql_only
def test_R8_without_a_free_connection_nobody_queues(make_app: MakeApp) -> None:
    app = make_app(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.2})
    with app.app_context(), db.engine.connect():
        answer = app.test_client().post("/sign-in", data={"name": "x", "password": "y"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert app.test_client().post("/sign-in", data={"name": "x", "password": "y"}).status_code < 500


def test_R8_page_of_an_error_needs_no_database(lonely_app: Flask) -> None:
    client = lonely_app.test_client()
    client.set_cookie("session", "anything")
    assert client.get("/nothing-like-this").status_code == 503
