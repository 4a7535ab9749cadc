"""Clocks in the database: what people do to them, and what stays. The identifiers are edge cases of the rule book."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DatabaseError

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import _subscribers, subscribe
from portal.people.models import Department
from portal.service_levels import actions, queries
from portal.service_levels.events import ClockBreached, ClocksMoved
from portal.service_levels.models import (
    BreachAnnulment,
    Calendar,
    CalendarVersion,
    Clock,
    ClockBreach,
    ClockEvent,
    ClockInterval,
    ClockTarget,
    ExpectedDate,
    ServiceLevel,
)
from portal.service_levels.queries import About, Facts
from tests.cast.people import Cast
from tests.things import KIND

from .test_timing import at

hour = timedelta(hours=1)
P2, P3, P4 = (Facts(None, priority=priority) for priority in ("P2", "P3", "P4"))  # 4 h, 8 h, 5 working days


@pytest.fixture
def about(thing: Department) -> About:
    return About(KIND, thing.id)


@pytest.fixture
def heard() -> Iterator[list[object]]:
    news: list[object] = []
    before = {name: list(_subscribers[name]) for name in (ClocksMoved, ClockBreached)}
    for name in before:
        subscribe(name, news.append)
    yield news
    _subscribers.update(before)


def start(about: About, when: str, facts: Facts = P3, kinds: tuple[str, ...] = ("fulfilment",)) -> None:
    actions.start(about, kinds, facts, at(when), at(when))


def fulfilment(about: About, now: str) -> Any:
    reading = queries.clock_of(about)
    assert reading is not None
    return reading.at(at(now))


def breaches() -> list[ClockBreach]:
    return list(db.session.scalars(select(ClockBreach)))


def test_a_clock_starts_stops_and_has_kept_its_promise(about: About, heard: list[object]) -> None:
    start(about, "mon 10:00")
    found = fulfilment(about, "mon 11:00")
    assert (found.state, found.due, found.left) == ("running", at("mon 18:00"), 7 * hour)
    actions.stop(about, ["fulfilment"], at("mon 17:00"), at("mon 17:00"))
    assert fulfilment(about, "wed 10:00").state == "met"
    assert not breaches()
    assert [news.standing for news in heard if isinstance(news, ClocksMoved)] == ["running", "stopped"]


def test_SL32_a_pause_is_not_counted(about: About, cast: Cast) -> None:
    start(about, "mon 10:00")
    actions.pause(about, "waiting_for_requester", at("mon 16:00"), at("mon 16:00"), cast.agent)
    assert fulfilment(about, "tue 10:00").left == 2 * hour
    actions.resume(about, at("tue 11:00"), at("tue 11:00"), cast.agent)
    assert fulfilment(about, "tue 11:00").due == at("tue 13:00")


def test_SL35_a_paused_clock_is_never_newly_late(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    actions.pause(about, "waiting_for_requester", at("mon 15:00"), at("mon 15:00"), cast.agent)
    actions.settle(about, at("fri2 12:00"))
    found = fulfilment(about, "fri2 12:00")
    assert (found.state, found.left, found.due) == ("paused", 2 * hour, None)
    actions.stop(about, ["fulfilment"], at("fri2 12:00"), at("fri2 12:00"))
    assert fulfilment(about, "fri2 13:00").state == "met"
    assert not breaches()


def test_SL37_pauses_of_seconds_are_counted_exactly(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    for first, last in (("mon 10:00:10", "mon 10:00:30"), ("mon 10:00:40", "mon 10:01:00")):
        actions.pause(about, "waiting_for_requester", at(first), at(first), cast.agent)
        actions.resume(about, at(last), at(last), cast.agent)
    assert fulfilment(about, "mon 12:00").due == at("mon 17:00:40")


def test_SL39_a_breach_stays_when_the_priority_is_lowered(about: About, cast: Cast, heard: list[object]) -> None:
    start(about, "mon 09:00", P2)
    actions.retarget(about, P4, at("mon 14:00"), cast.agent, "Can wait")
    found = fulfilment(about, "mon 14:00")
    assert (found.state, found.due) == ("running", at("2026-03-16 18:00"))
    (broken,) = queries.breaches_of(about)
    assert (broken.breach.at, broken.annulment) == (at("mon 13:00"), None)
    old, new = queries.targets_of_clock(broken.breach.clock_id)
    assert (old.amount, old.until_at, new.unit, new.reason) == (4 * 3600, at("mon 14:00"), "working_days", "Can wait")
    assert [news.due for news in heard if isinstance(news, ClockBreached)] == [at("mon 13:00")]


def test_a_breach_is_written_once_by_whatever_comes_next(about: About, cast: Cast) -> None:
    """Rule 26."""
    start(about, "mon 09:00")
    for now in ("mon 17:00", "mon 17:01", "tue 10:00"):
        actions.settle(about, at(now))
        assert len(breaches()) == (now != "mon 17:00"), "exactly at the due it is still kept"
    actions.pause(about, "supplier", at("tue 12:00"), at("tue 12:00"), cast.agent, resumes_at=at("wed 09:00"))
    assert [(one.at, one.recorded_at) for one in breaches()] == [(at("mon 17:00"), at("mon 17:01"))]


def test_a_late_stop_writes_its_breach(about: About) -> None:
    start(about, "mon 09:00")
    actions.stop(about, ["fulfilment"], at("tue 10:00"), at("tue 10:00"))
    assert [one.at for one in breaches()] == [at("mon 17:00")]


def test_an_answer_that_was_received_in_time_is_no_breach(about: About, cast: Cast) -> None:
    """SL47: what counts is when our server received it."""
    actions.start(about, ["first_response"], P3, at("fri 17:55"), at("mon 09:05"))
    reading = queries.clock_of(about, "first_response")
    assert reading is not None
    assert reading.at(at("mon 09:05")).due == at("mon 12:55")
    actions.answered(about, at("mon 12:50"), at("mon 14:00"), cast.agent)
    assert not breaches()


def test_SL47_a_time_of_receipt_in_the_future_becomes_now(about: About) -> None:
    actions.start(about, ["fulfilment"], P3, at("wed 09:00"), at("mon 09:00"))
    assert fulfilment(about, "mon 09:00").due == at("mon 17:00")


def test_SL44_only_an_answer_stops_the_first_response_and_it_is_asked_once(about: About, cast: Cast) -> None:
    start(about, "mon 09:00", kinds=("first_response", "fulfilment"))
    actions.pause(about, "waiting_for_requester", at("mon 10:00"), at("mon 10:00"), cast.agent)
    actions.retarget(about, P2, at("mon 10:30"), cast.agent, "")
    first = queries.clock_of(about, "first_response")
    assert first is not None
    assert first.at(at("mon 10:30")).running, "it is never paused"
    actions.answered(about, at("mon 11:00"), at("mon 11:00"), cast.agent)
    start(about, "tue 09:00", kinds=("first_response",))
    (again,) = [one for one in queries.clocks(about) if one.clock.kind == "first_response"]
    assert again.at(at("tue 12:00")).state == "met"
    with pytest.raises(ValueError, match="never paused"):
        actions.pause(about, "supplier", at("tue 09:00"), at("tue 09:00"), resumes_at=at("wed 09:00"), kind="first_response")


def test_SL45_the_first_unanswered_message_counts(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    for now in ("mon 10:00", "mon 11:30"):
        actions.requester_wrote(about, P3, at(now), at(now), cast.employee)
    (waiting,) = [one for one in queries.clocks(about) if one.clock.kind == "next_response"]
    assert waiting.at(at("mon 12:00")).due == at("mon 18:00"), "8 h from the first message"
    actions.answered(about, at("mon 12:00"), at("mon 12:00"), cast.agent)
    actions.requester_wrote(about, P3, at("tue 09:00"), at("tue 09:00"), cast.employee)
    parts = [(one.clock.part, one.stopped) for one in queries.clocks(about) if one.clock.kind == "next_response"]
    assert parts == [("1", True), ("2", False)]


def test_a_message_of_the_requester_ends_the_wait_for_it_and_no_other(about: About, cast: Cast) -> None:
    """Rule 20."""
    start(about, "mon 09:00")
    actions.pause(about, "supplier", at("mon 10:00"), at("mon 10:00"), cast.agent, resumes_at=at("fri2 09:00"))
    actions.requester_wrote(about, P3, at("mon 11:00"), at("mon 11:00"), cast.employee)
    assert fulfilment(about, "mon 12:00").state == "paused"
    actions.resume(about, at("mon 12:00"), at("mon 12:00"), cast.agent)
    actions.pause(about, "waiting_for_requester", at("mon 13:00"), at("mon 13:00"), cast.agent)
    actions.requester_wrote(about, P3, at("mon 14:00"), at("mon 15:00"), cast.employee)
    assert fulfilment(about, "mon 15:00").due == at("tue 11:00"), "3 h of waiting are not counted"


def test_a_reason_that_needs_a_date_is_not_taken_without(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    for until in (None, at("mon 10:00")):
        with pytest.raises(Refused):
            actions.pause(about, "supplier", at("mon 10:00"), at("mon 10:00"), cast.agent, resumes_at=until)


def test_SL53_the_next_write_keeps_what_readers_saw_of_a_resume_date(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    actions.pause(about, "planned", at("mon 10:00"), at("mon 10:00"), cast.agent, resumes_at=at("tue 09:00"))
    assert fulfilment(about, "tue 10:00").due == at("tue 16:00")
    actions.pause(about, "waiting_for_requester", at("tue 10:00"), at("tue 10:00"), cast.agent)
    actions.resume(about, at("tue 11:00"), at("tue 11:00"), cast.agent)
    assert fulfilment(about, "tue 11:00").due == at("tue 17:00")
    causes = db.session.scalars(select(ClockInterval.start_cause).order_by(ClockInterval.id)).all()
    assert causes == ["sent", "resume_date", "resumed"]


def test_SL46_a_merged_clock_is_never_late_afterwards(about: About, cast: Cast) -> None:
    start(about, "mon 09:00", kinds=("first_response", "fulfilment"))
    other = About(KIND, cast.finance.id)
    start(other, "mon 09:00")
    actions.end_all(about, at("mon 10:00"), at("mon 10:00"), cast.agent)
    actions.settle(about, at("fri2 10:00"))
    assert not breaches()
    assert {one.end_cause for one in queries.clocks(about)} == {"merged"}
    assert fulfilment(other, "mon 10:00").due == at("mon 17:00")


def test_SL43_a_reopened_clock_goes_on_and_can_still_be_late(about: About) -> None:
    start(about, "mon 09:00")
    actions.stop(about, ["fulfilment"], at("mon 13:00"), at("mon 13:00"))
    actions.reopen(about, at("thu 09:00"), at("thu 09:00"))
    assert fulfilment(about, "thu 09:00").due == at("thu 13:00")
    actions.stop(about, ["fulfilment"], at("thu 14:00"), at("thu 14:00"))
    assert fulfilment(about, "thu 15:00").state == "breached"
    assert [one.at for one in breaches()] == [at("thu 13:00")]


def test_SL55_an_expected_date_stands_beside_the_promise(about: About, cast: Cast) -> None:
    start(about, "mon 10:00")
    actions.expect(about, at("wed 18:00"), "Part missing", cast.agent, at("mon 12:00"))
    actions.stop(about, ["fulfilment"], at("wed 10:00"), at("wed 10:00"))
    found, expected = fulfilment(about, "wed 12:00"), queries.expected_date(about)
    assert expected is not None
    assert (found.state, found.due) == ("breached", at("mon 18:00"))
    assert (expected.expected_at, expected.reason, expected.by_id) == (at("wed 18:00"), "Part missing", cast.agent.id)
    assert [one.at for one in breaches()] == [at("mon 18:00")]


def test_a_breach_is_annulled_once_with_a_reason_and_stays(about: About, cast: Cast) -> None:
    """Rule 27."""
    start(about, "mon 09:00")
    actions.settle(about, at("tue 10:00"))
    (broken,) = breaches()
    with pytest.raises(Refused):
        actions.annul_breach(broken, " ", cast.head2, at("tue 11:00"))
    actions.annul_breach(broken, "Power cut", cast.head2, at("tue 11:00"))
    with pytest.raises(Refused):
        actions.annul_breach(broken, "Again", cast.head2, at("tue 12:00"))
    ((breach, annulment),) = queries.breaches_of(about)
    assert annulment is not None
    assert (breach.id, annulment.reason) == (broken.id, "Power cut")


def test_SL31_without_a_level_there_is_no_target_and_administrators_see_it(about: About) -> None:
    db.session.execute(update(ServiceLevel).values(active=False))
    start(about, "mon 09:00")
    assert fulfilment(about, "fri2 09:00").state == "none"
    assert [clock.subject_id for clock in queries.without_promise()] == [about.id]


def test_SL25_a_calendar_without_open_time_saves_and_is_listed(about: About, cast: Cast) -> None:
    now = at("mon 09:00")
    closed = {"from": "2026-01-01", "until": "2029-12-31", "yearly": False, "hours": {}, "label": {}}
    calendar = Calendar(
        name="Closed",
        zone="Europe/Madrid",
        hours={"mon": {"09:00": "10:00"}},
        exceptions=[closed],
        created_at=now,
        updated_at=now,
    )
    db.session.add(calendar)
    db.session.flush()
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.position == 3)).one()
    level.calendar_id = calendar.id
    start(about, "mon 09:00")
    assert fulfilment(about, "tue 09:00").state == "no_date"
    assert [clock.subject_id for clock in queries.without_promise()] == [about.id]


def test_a_stopped_clock_keeps_the_calendar_by_which_it_was_measured(about: About) -> None:
    """Rule 35: closed requests keep result and calendar version."""
    now, hours = at("mon 09:00"), {"mon": {"09:00": "18:00"}}
    calendar = Calendar(name="Own", zone="Europe/Madrid", hours=hours, created_at=now, updated_at=now)
    db.session.add(calendar)
    db.session.flush()
    content = {"name": "Own", "zone": "Europe/Madrid", "hours": hours, "exceptions": []}
    db.session.add(CalendarVersion(calendar_id=calendar.id, version=1, content=content, at=now))
    db.session.scalars(select(ServiceLevel).where(ServiceLevel.position == 3)).one().calendar_id = calendar.id
    start(about, "mon 09:00")
    actions.stop(about, ["fulfilment"], at("mon 17:00"), at("mon 17:00"))
    calendar.hours, calendar.version = {"mon": {"06:00": "24:00"}, "tue": {"06:00": "24:00"}}, 2
    db.session.flush()
    found = fulfilment(about, "tue 12:00")
    assert (found.state, found.due) == ("met", at("mon 17:00"))


def test_many_clocks_are_read_in_two_statements(about: About, cast: Cast) -> None:
    ids = [each.id for each in (cast.it, cast.finance, cast.operations, cast.management, cast.customer_care)]
    for id_ in ids:
        start(About(KIND, id_), "mon 09:00", kinds=("fulfilment", "first_response"))
    db.session.flush()
    statements: list[str] = []

    def listen(*args: Any) -> None:
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    found = queries.clocks_of(KIND, ids, ["fulfilment"])
    dues = {one.at(at("mon 12:00")).due for (one,) in found.values()}
    event.remove(db.engine, "before_cursor_execute", listen)
    assert (len(found), dues, len(statements)) == (5, {at("mon 17:00")}, 1), "office hours need no second statement"


def test_the_database_lets_one_interval_run(about: About) -> None:
    start(about, "mon 09:00")
    (clock,) = db.session.scalars(select(Clock))
    db.session.add(ClockInterval(clock_id=clock.id, started_at=at("mon 10:00"), start_cause="resumed"))
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()


def broken(about: About, cast: Cast) -> None:
    start(about, "mon 09:00")
    actions.expect(about, at("wed 18:00"), "Part missing", cast.agent, at("mon 12:00"))
    actions.settle(about, at("tue 09:00"))
    actions.annul_breach(breaches()[0], "Power cut", cast.head2, at("tue 11:00"))
    db.session.commit()


@pytest.mark.parametrize(
    "verb", [delete, lambda table: update(table).values(at=datetime(2020, 1, 1, tzinfo=at("mon 09:00").tzinfo))]
)
@pytest.mark.parametrize("table", [ClockBreach, BreachAnnulment, ClockEvent, ExpectedDate])
def test_facts_are_only_ever_added_to(about: About, cast: Cast, table: type[Any], verb: Callable[[Any], Any]) -> None:
    broken(about, cast)
    with pytest.raises(DatabaseError):
        db.session.execute(verb(table))
    db.session.rollback()
    assert db.session.scalars(select(table)).first() is not None


def test_a_shorter_target_row_needs_an_amount(about: About) -> None:
    start(about, "mon 09:00")
    (clock,) = db.session.scalars(select(Clock))
    db.session.execute(update(ClockTarget).values(until_at=at("mon 10:00")))
    db.session.add(ClockTarget(clock_id=clock.id, amount=0, unit="seconds", from_at=at("mon 10:00")))
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()
