"""Requests that may be followed: only if their form says so, and only what is no internal matter (TR-16, TR-18)."""

import pytest
from sqlalchemy import select

from portal.core import clock as core_clock
from portal.core.db import db
from portal.requests import actions as requests
from portal.tracking import actions, codes, queries
from portal.tracking.models import Checkpoint, TrackedItem
from tests.cast.people import sign_in
from tests.factories import requests as factory


@pytest.fixture
def followed(cast, clock):
    return factory.send(factory.service(cast.it, trackable=True), cast.employee)


def item():
    return db.session.scalars(select(TrackedItem)).one_or_none()


def states():
    return db.session.scalars(select(Checkpoint.state).order_by(Checkpoint.id)).all()


@pytest.mark.parametrize("more", [{}, {"trackable": True, "confidential": True}], ids=["not said", "confidential"])
def test_a_request_is_followed_only_if_its_form_says_so_and_is_not_confidential(cast, clock, more):
    factory.send(factory.service(cast.it, **more), cast.employee)
    assert item() is None


def test_the_life_of_a_request_is_its_way(cast, followed, clock):
    now = core_clock.now
    clock.shift(60)
    requests.take(followed, cast.agent, now())
    clock.shift(60)
    requests.solve(followed, cast.agent, "Done.", now())
    assert states() == ["received", "accepted", "in_progress", "completed"]
    clock.shift(60)
    requests.reopen(followed, cast.employee, "It is not.", now())
    assert queries.story_of(item(), now()).course.state == "in_progress"


def test_a_part_is_followed_by_itself_if_its_form_says_so(cast, followed, clock):
    silent = factory.service(cast.it, slug="silent")
    parts = [requests.Part("A keyboard", followed.service), requests.Part("A cable", silent)]
    part, other = requests.split(followed, parts, "k", cast.agent, core_clock.now())
    found = queries.by_reference("request", part.reference)
    assert found is not None
    told = select(Checkpoint.state).where(Checkpoint.item_id == found.id).order_by(Checkpoint.id)
    assert db.session.scalars(told).all() == ["received", "accepted"]
    assert queries.by_reference("request", other.reference) is None


def test_TR16_notes_and_moves_between_queues_change_nothing_for_who_follows(app, cast, followed, client):
    path = f"/track/es/{codes.shown(actions.issue_code(item(), None, core_clock.now()))}"
    seen = client.get(path).text.partition('data-seen="')[2][:20]
    requests.comment(followed, cast.agent, "NOTEWORD", internal=True, now=core_clock.now())
    requests.move_to_department(followed, cast.operations, "They do it.", cast.agent, core_clock.now())
    assert client.get(f"{path}?seen={seen}").status_code == 204
    assert item().department_id == cast.operations.id
    assert states() == ["received", "accepted"]


def test_who_asked_finds_its_item_in_the_portal(app, cast, followed):
    client = sign_in(app.test_client(), cast.employee)
    assert followed.reference in client.get("/tracked-items").text
    assert sign_in(app.test_client(), cast.colleague).get(f"/tracked-items/{item().public_id}").status_code == 404
