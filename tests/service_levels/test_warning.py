"""Warnings: each once, in open hours, only the most serious. The identifiers are edge cases of the rule book."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from sqlalchemy import func, select, update

from portal.core import jobs as core_jobs
from portal.core.db import db
from portal.notifications.models import Notification
from portal.people.models import Department
from portal.service_levels import actions, jobs, owners, queries
from portal.service_levels.actions.warning import warn
from portal.service_levels.models import Clock, ClockBreach, ClockInterval, EscalationSent, EscalationStep, ServiceLevel
from portal.service_levels.queries import About, Facts, Owner
from tests.cast.people import Cast
from tests.things import KIND

from .test_timing import at

P3 = Facts(None, priority="P3")  # 8 h; steps at 75 % and 100 %


@pytest.fixture
def about(thing: Department, cast: Cast) -> Iterator[About]:
    people = {"assigned": cast.agent.id, "department_head": cast.head2.id, "team_lead": cast.head2.id}
    owners.register_owner(Owner(KIND, lambda id_, kind, rules, now: [people[rule] for rule in rules], lambda id_: P3))
    yield About(KIND, thing.id)
    owners._owners.pop(KIND)


def start(about: About, when: str) -> int:
    actions.start(about, ("fulfilment",), P3, at(when), at(when))
    return db.session.scalars(select(Clock.id)).one()


def told() -> list[tuple[int, datetime]]:
    found = select(Notification.recipient_id, Notification.created_at).order_by(
        Notification.created_at, Notification.recipient_id
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def test_SL26_a_warning_leaves_at_its_share_and_the_due_stays(about: About, cast: Cast) -> None:
    clock_id = start(about, "mon 14:00")
    assert warn([clock_id], at("tue 10:59")) == 0
    assert warn([clock_id], at("tue 11:00")) == 1
    assert warn([clock_id], at("tue 11:00")) == 0
    assert told() == [(cast.agent.id, at("tue 11:00"))]
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("tue 11:00")).due == at("tue 13:00")


def test_SL27_a_late_warning_leaves_once_at_the_next_opening(about: About, cast: Cast) -> None:
    clock_id = start(about, "mon 11:00")
    assert warn([clock_id], at("tue 02:00")) == 0, "nobody is woken"
    assert warn([clock_id], at("tue 09:00")) == 1
    assert warn([clock_id], at("tue 09:01")) == 0
    assert told() == [(cast.agent.id, at("tue 09:00"))]


def test_of_several_late_steps_only_the_most_serious_leaves_and_nobody_is_told_twice(about: About, cast: Cast) -> None:
    """Rules 28 and 29."""
    clock_id = start(about, "mon 09:00")
    assert warn([clock_id], at("wed 10:00")) == 1
    assert warn([clock_id], at("wed 10:05")) == 0
    assert sorted(told()) == sorted([(cast.agent.id, at("wed 10:00")), (cast.head2.id, at("wed 10:00"))])
    assert sorted(db.session.scalars(select(EscalationSent.told))) == [False, True]


def test_a_step_after_the_due_counts_working_time(about: About) -> None:
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.position == 3)).one()
    clock_id = start(about, "mon 09:00")
    warn([clock_id], at("mon 17:00"))
    db.session.add(EscalationStep(level_id=level.id, seconds_after=2 * 3600, recipients=["department_head"]))
    db.session.flush()
    assert warn([clock_id], at("tue 09:59")) == 0
    assert warn([clock_id], at("tue 10:00")) == 1


def test_SL35_a_paused_clock_warns_nobody(about: About, cast: Cast) -> None:
    clock_id = start(about, "mon 09:00")
    actions.pause(about, "waiting_for_requester", at("mon 10:00"), at("mon 10:00"), cast.agent)
    assert warn([clock_id], at("wed 10:00")) == 0


def test_a_level_that_was_put_away_escalates_nothing(about: About) -> None:
    clock_id = start(about, "mon 09:00")
    db.session.execute(update(ServiceLevel).values(active=False))
    assert warn([clock_id], at("wed 10:00")) == 0


def test_the_sweep_writes_what_readers_see_already_and_has_warnings_sent(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    actions.pause(about, "planned", at("mon 10:00"), at("mon 10:00"), cast.agent, resumes_at=at("tue 09:00"))
    with time_machine.travel(at("tue 17:00"), tick=False):
        jobs.sweep({})
        assert db.session.scalar(select(func.count()).select_from(ClockInterval)) == 2
        assert [one.at for one in db.session.scalars(select(ClockBreach))] == [at("tue 16:00")]
        (job,) = db.session.scalars(select(core_jobs.Job).where(core_jobs.Job.kind == jobs.WARN))
        jobs.warn_some(job.payload)
        jobs.sweep({})
    assert {person for person, _at in told()} == {cast.agent.id, cast.head2.id}
    assert db.session.scalar(select(func.count()).select_from(ClockBreach)) == 1
