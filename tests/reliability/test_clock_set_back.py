"""R15: clocks jump, run back and differ; each reminder comes once, what has ended stays ended, no length is negative."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.accounts import sessions
from portal.approvals import actions as approvals
from portal.catalogue import queries as catalogue
from portal.catalogue.actions import drafts
from portal.catalogue.formkit.answers import Typed
from portal.core import clock, jobs
from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Outbox
from portal.requests import actions
from portal.requests.models import State
from portal.service_levels import actions as clocks
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.queries import About, Facts, clock_of
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.service_levels.cases import C9
from tests.things import KIND

HOUR = timedelta(hours=1)
AHEAD = timedelta(seconds=90)
# the day on which the zone changes its time, or 29 February: (zone, wall time)
DAYS = [
    ("Europe/Madrid", "2026-10-25T12:00"),
    ("America/St_Johns", "2026-11-01T12:00"),
    ("Asia/Kathmandu", "2028-02-29T12:00"),
    ("Africa/Casablanca", "2026-02-15T12:00"),
]


@pytest.fixture(params=DAYS, ids=[zone for zone, _ in DAYS])
def now(request: pytest.FixtureRequest) -> datetime:
    """An instant of a bad day."""
    zone, wall = request.param
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def calendar(now: datetime, request: pytest.FixtureRequest) -> BusinessCalendar:
    return BusinessCalendar(request.node.callspec.params["now"][0], {day: {"00:00": "24:00"} for day in C9})


def two_workers(at: datetime) -> list[datetime]:
    """The instants that two workers read whose clocks are 90 s apart, one of which is then set back an hour."""
    return [at, at + AHEAD, at - HOUR, at, at + AHEAD, at + timedelta(minutes=1)]


def test_R15_each_reminder_comes_once(cast: Cast, app: Flask, now: datetime) -> None:
    factory.send(factory.service(cast.it, factory.HEAD_DECIDES), cast.employee, now=now)
    for instant in two_workers(now + timedelta(days=4)):
        approvals.remind_due(instant, lambda department_id, start, end: end - start)
        db.session.flush()
    reminded = select(func.count()).where(Outbox.message == "approvals/reminder", Outbox.recipient_id == cast.head.id)
    assert db.session.scalar(reminded) == 1


def test_R15_recurring_work_is_done_once_a_period(app: Flask, now: datetime) -> None:
    start = now.replace(minute=10)
    for instant in [start, start + AHEAD, start - timedelta(minutes=5), start + timedelta(minutes=1)]:
        with time_machine.travel(instant, tick=False):
            jobs.schedule_periodic()
    found = select(func.count()).where(jobs.Job.kind == "requests.close")
    assert db.session.scalar(found) == 1


def test_R15_what_was_closed_by_time_stays_closed(cast: Cast, app: Flask, now: datetime) -> None:
    request = factory.send(factory.service(cast.it), cast.employee, now=now)
    actions.take(request, cast.agent, now)
    actions.solve(request, cast.agent, "It is there.", now)
    over = request.closes_at
    assert over is not None
    assert request.state_at(over) == State.CLOSED
    assert actions.close_due(over) == 1
    back = over - HOUR
    assert request.state_at(back) == State.CLOSED
    with pytest.raises(Refused):
        actions.reopen(request, cast.employee, "Not quite.", back)


def test_R15_session_that_was_swept_is_not_revived(cast: Cast, client, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        sign_in(client, cast.employee)
        assert client.get("/").status_code == 200
    with time_machine.travel(now + timedelta(hours=8), tick=False):
        sessions.sweep(clock.now())
        db.session.commit()
    with time_machine.travel(now, tick=False):
        assert client.get("/").status_code == 303


def test_R15_draft_that_was_swept_is_not_revived(cast: Cast, app: Flask, now: datetime) -> None:
    service = factory.service(cast.it)
    version = catalogue.published_version(service.id)
    drafts.save_draft(cast.employee, version, "key", Typed("es"), drafts.Seen(0), now)
    db.session.flush()
    drafts.drop_ended_drafts(now + catalogue.DRAFT_LIFE)
    assert db.session.scalars(catalogue.visible_drafts(cast.employee, now)).all() == []


def test_R15_no_length_of_a_promise_is_negative(thing, cast: Cast, calendar: BusinessCalendar, now: datetime) -> None:
    about, facts = About(KIND, thing.id), Facts(None, priority="P3")
    clocks.start(about, ("fulfilment",), facts, now, now)
    clocks.pause(about, "waiting_for_requester", now - HOUR, now - HOUR, cast.agent)
    clocks.resume(about, now - 2 * HOUR, now - 2 * HOUR, cast.agent)
    clocks.pause(about, "waiting_for_requester", now + HOUR, now + HOUR, cast.agent)
    clocks.resume(about, now, now, cast.agent)
    clocks.stop(about, ["fulfilment"], now + 2 * HOUR, now + 2 * HOUR)
    reading = clock_of(about)
    assert reading is not None
    lengths = [run.ends - run.starts for run in reading.runs]
    assert all(length >= timedelta(0) for length in lengths)
    assert sum(lengths, timedelta(0)) <= 2 * HOUR, "no hour is counted twice"
    for instant in two_workers(now):
        found = reading.at(instant, calendar)
        assert found.elapsed >= timedelta(0)
        assert found.left is None or found.left >= timedelta(0)
