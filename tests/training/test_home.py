"""What the home page and the search tell of sessions (training.md 6)."""

from portal.core.db import db
from portal.training import actions
from tests.cast.people import Cast
from tests.factories import training as make
from tests.training.people import at, enrolled
from tests.training.test_pages import get, htmx

MONDAY = at("2026-03-02 09:00")


def test_TR12_home_says_waiting_second_and_the_next_days(app, cast: Cast, clock):
    full = make.session(cast.trainer, 1, "2026-03-20 09:00", title={"es": "Llena"})
    mine = make.session(cast.trainer, 2, "2026-03-05 09:00", title={"es": "Mía"})
    free = make.session(cast.trainer, 2, "2026-03-19 09:00", title={"es": "Libre"})
    enrolled(full, [cast.colleague, cast.delegate, cast.employee], MONDAY)
    enrolled(mine, [cast.employee], MONDAY)
    db.session.commit()
    week = get(app, cast.employee, "/", **htmx("section#block_week")).text
    assert "Mía" in week
    assert "puesto 2" in week
    soon = get(app, cast.employee, "/", **htmx("section#block_seats_soon")).text
    assert f"/training/{free.public_id}" in soon
    assert "<html" not in soon
    assert "Libre" in get(app, cast.employee, "/search?q=libre").text


def test_home_says_that_a_seat_is_held(app, cast: Cast, clock):
    session = make.session(cast.trainer, 1, title={"es": "Llena"})
    rows = enrolled(session, [cast.colleague, cast.employee], MONDAY)
    actions.leave(rows[0], MONDAY)
    db.session.commit()
    assert "Tienes una plaza guardada: Llena" in get(app, cast.employee, "/").text


def test_the_navigation_counts_the_seats_that_wait_for_an_answer(app, cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, [cast.colleague, cast.employee], MONDAY)
    actions.leave(rows[0], MONDAY)
    db.session.commit()
    assert 'id="count_training_index">1<' in get(app, cast.employee, "/training").text
    assert 'id="count_training_index" hidden' in get(app, cast.colleague, "/training").text
