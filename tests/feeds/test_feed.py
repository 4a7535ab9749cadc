"""The personal feed and the pages of one's calendar (calendars.md 17 to 22)."""

from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from portal.core import clock as time
from portal.core.db import db
from portal.core.events import publish
from portal.feeds import actions, queries
from portal.people.events import PersonDeactivated
from portal.training import actions as training
from portal.training.models import TrainingSession
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import training as make
from tests.performance.meter import statements


def events(answer):
    return Calendar.from_ical(answer.data).walk("VEVENT")


def address(person) -> str:
    secret = actions.make_feed(person, time.now())
    db.session.commit()
    return f"/calendar/feed/{secret}.ics"


def test_CA11_the_same_bytes_twice_then_304(app, cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    training.enrol(session, cast.employee, time.now())
    where, client = address(cast.employee), app.test_client()
    first = client.get(where)
    with time_machine.travel(time.now() + timedelta(hours=5), tick=False):
        second = client.get(where)
        third = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
        assert client.head(where).status_code == 200
    assert first.data == second.data
    assert first.headers["ETag"].startswith('"')
    assert (third.status_code, third.data) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    assert first.content_type == "text/calendar; charset=utf-8"
    db.session.rollback()
    assert queries.feed_of(cast.employee).last_used_at == time.now() + timedelta(hours=5)


def test_CA12_left_rotated_ended_and_mistyped_are_the_same_404(app, cast: Cast, clock):
    rotated, ended, left = address(cast.employee), address(cast.colleague), address(cast.agent)
    address(cast.employee)
    actions.end_feed(cast.colleague, time.now())
    cast.agent.active = False
    publish(PersonDeactivated(cast.agent.id, None))
    db.session.commit()
    client = app.test_client()
    answers = [client.get(where) for where in (rotated, ended, left, rotated[:-6] + ".ics", "/calendar/feed/x")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert client.post(rotated).status_code == 405


def test_TR12_the_queue_is_not_in_it_the_trainer_sees_what_they_teach_and_cancelled_stays_30_days(app, cast: Cast, clock):
    session = make.session(cast.trainer, 1, "2026-04-20 09:00")
    enrolment = training.enrol(session, cast.employee, time.now())
    training.enrol(session, cast.colleague, time.now(), waits=True)
    mine, waits, teaches = address(cast.employee), address(cast.colleague), address(cast.trainer)
    client = app.test_client()
    assert [len(events(client.get(where))) for where in (mine, waits, teaches)] == [1, 0, 1]
    training.leave(enrolment, time.now())
    db.session.commit()
    (event,) = events(client.get(mine))
    assert (event["status"], event["sequence"], event["transp"]) == ("CANCELLED", 1, "TRANSPARENT")
    with time_machine.travel(time.now() + timedelta(days=31), tick=False):
        assert not events(client.get(mine))


def test_what_its_owner_may_not_see_any_more_vanishes_without_a_trace(app, cast: Cast, clock, monkeypatch):
    session = make.session(cast.trainer, 1)
    training.enrol(session, cast.employee, time.now())
    where, client = address(cast.employee), app.test_client()
    assert events(client.get(where))
    monkeypatch.setattr(
        "portal.training.queries.visible_to", lambda person, now: select(TrainingSession).where(TrainingSession.id == 0)
    )
    assert not events(client.get(where))


def test_address_is_shown_once_renewed_and_ended(app, cast: Cast, clock):
    client = sign_in(app.test_client(), cast.employee)
    token = token_of(client)
    client.post("/account/calendar", data=token)
    page = client.get("/account/calendar").text
    shown = page.split('id="feed_address">')[1].split("<")[0]
    assert shown.startswith("http://localhost/calendar/feed/")
    assert 'id="feed_address"' not in client.get("/account/calendar").text
    path = shown.removeprefix("http://localhost")
    assert app.test_client().get(path).status_code == 200
    client.post("/account/calendar/ending", data=token)
    assert app.test_client().get(path).status_code == 404
    assert client.post("/account/calendar/ending", data=token).status_code == 409


@pytest.mark.parametrize("view", ["", "/week", "/list"])
def test_pages_show_the_seat_and_htmx_gets_the_calendar_alone(app, cast: Cast, clock, view):
    session = make.session(cast.trainer, 1, "2026-03-12 09:00")
    training.enrol(session, cast.employee, time.now())
    db.session.commit()
    client = sign_in(app.test_client(), cast.employee)
    where = f"/calendar{view}?on=2026-03-12"
    with statements(db.engine) as asked:
        page = client.get(where)
    assert len(asked) <= 12
    assert "09:00–11:00" in page.text
    assert f"/training/{session.public_id}" in page.text
    part = client.get(where, headers={"HX-Request": "true", "HX-Target": "div#calendar", "HX-Request-Type": "partial"}).text
    assert part.strip().startswith('<div id="calendar"')
    assert client.get(f"/calendar{view}?on=2026-99-99").status_code == 200


def test_one_date_can_be_added_by_hand_by_its_owner_alone(app, cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    enrolment = training.enrol(session, cast.employee, time.now())
    (entry,) = queries.entries_of("enrolment", enrolment.id)
    where = f"/calendar/entries/{entry.public_id}"
    db.session.commit()
    (event,) = events(sign_in(app.test_client(), cast.employee).get(where))
    assert event["uid"] == entry.uid
    assert sign_in(app.test_client(), cast.colleague).get(where).status_code == 404
