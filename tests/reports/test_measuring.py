"""What counts as a promise kept or broken, in which month, and when there are too few to say."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.reports.measuring import Scope, measure
from portal.reports.periods import months
from portal.reports.shares import Result, wilson
from portal.requests import actions
from portal.service_levels import actions as levels
from portal.service_levels.models import BreachAnnulment, Clock, ClockBreach
from portal.service_levels.queries import About, calendar_of
from tests.cast.people import Cast
from tests.factories import requests as factory
from tests.service_levels.test_timing import at


def counted(cast: Cast, now: str, length: int = 1, **more) -> Result:
    return all_of(cast, now, length, **more).get((None, None), Result())


def all_of(cast: Cast, now: str, length: int = 1, **more):
    moment = at(now)
    return measure(Scope(cast.it.id, months(moment, calendar_of(cast.it.id).zone, length), moment, **more))


def test_one_done_in_time_is_kept_and_one_done_late_is_broken(cast, ask):
    ask("mon 09:00", 3)
    ask("mon 09:00", 26)
    found = counted(cast, "fri2 12:00")
    assert (found.kept, found.broken, found.done) == (1, 1, 2)
    assert (found.usual, found.most) == (3 * 3600, 11 * 3600)


def test_a_promise_counts_from_the_moment_in_which_it_falls_due(cast, ask):
    ask("mon 09:00", 1)
    assert counted(cast, "mon 16:59").cases == 0
    assert counted(cast, "mon 17:01").kept == 1


def test_a_running_clock_past_its_due_counts_as_broken_with_and_without_its_row(cast, ask):
    request = ask("mon 09:00")
    assert not db.session.scalars(select(ClockBreach)).all()
    assert counted(cast, "tue 09:00").broken == 1
    levels.settle(About("request", request.id), at("tue 09:00"))
    assert db.session.scalars(select(ClockBreach)).all()
    assert counted(cast, "tue 09:00").broken == 1


def test_SL53_a_pause_that_ended_by_its_date_counts_as_running_before_any_job(cast, ask):
    request = ask("mon 09:00")
    levels.pause(About("request", request.id), "supplier", at("mon 10:00"), at("mon 10:00"), resumes_at=at("tue 09:00"))
    assert counted(cast, "tue 15:59").broken == 0
    assert counted(cast, "tue 16:01").broken == 1
    assert all_of(cast, "tue 16:01")[request.service_id, 0].broken == 1


def test_what_waits_is_not_broken_however_long(cast, ask, clock):
    request = ask("mon 09:00")
    actions.ask_requester(request, cast.agent, "Which one?", at("mon 10:00"))
    assert counted(cast, "fri2 12:00").cases == 0


def test_what_was_withdrawn_in_time_is_no_promise_kept(cast, ask):
    request = ask("mon 09:00")
    actions.withdraw(request, cast.employee, "", at("mon 10:00"))
    assert counted(cast, "fri2 12:00").cases == 0


def test_an_annulled_breach_counts_neither_way(cast, ask):
    ask("mon 09:00", 26)
    breach = db.session.scalars(
        select(ClockBreach).join(Clock, Clock.id == ClockBreach.clock_id).where(Clock.kind == "fulfilment")
    ).one()
    levels.annul_breach(breach, "The power was cut.", cast.head2, at("wed 09:00"))
    found = counted(cast, "fri2 12:00")
    assert (found.cases, found.annulled) == (0, 1)
    assert db.session.scalars(select(BreachAnnulment)).one()


def test_one_reopened_after_its_promise_was_kept_may_break_it_and_counts_once(cast, ask, clock):
    request = ask("mon 09:00", 7)
    actions.reopen(request, cast.employee, "Again.", at("tue 09:00"))
    found = counted(cast, "fri2 12:00")
    assert (found.kept, found.broken) == (0, 1)


def test_months_begin_at_midnight_of_the_departments_zone(cast, ask, clock):
    hours = {day: {"00:00": "24:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    content = {"name": "Far", "zone": "Asia/Tokyo", "hours": hours, "exceptions": []}
    levels.assign(levels.create_calendar(content, cast.admin, at("mon 08:00")), [cast.it.id], [cast.it.id], cast.admin)
    ask("2026-03-31 06:00", 1)  # due 14:00 in Madrid, 21:00 in Tokyo: March in both
    ask("2026-03-31 12:00", 1)  # due 20:00 in Madrid, 3:00 of April in Tokyo
    found = all_of(cast, "2026-04-10 12:00", 2)
    assert (found[None, 0].kept, found[None, 1].kept) == (1, 1)


def test_services_months_and_all_add_up(cast, ask):
    other = factory.service(cast.it, slug="other")
    ask("mon 09:00", 3)
    ask("mon 09:00", 3, service=other)
    ask("2026-02-10 09:00", 26)
    found = all_of(cast, "2026-04-10 12:00", 3)
    assert found[None, None].cases == 3
    assert sum(result.cases for (service, month), result in found.items() if service is None and month is not None) == 3
    assert sum(result.cases for (service, month), result in found.items() if service is not None and month is None) == 3
    assert (found[None, 0].broken, found[None, 1].kept) == (1, 2)


def test_a_first_answer_is_measured_by_its_own_clock(cast, ask):
    request = ask("mon 09:00")
    actions.comment(request, cast.agent, "We look into it.", internal=False, now=at("mon 11:00"))
    found = counted(cast, "mon 16:00", clock="first_response")
    assert (found.kept, found.usual) == (1, 2 * 3600)
    assert counted(cast, "mon 16:00").cases == 0


@pytest.mark.parametrize(("cases", "enough"), [(4, False), (5, True)], ids=["KH8", "five"])
def test_KH8_under_five_cases_there_is_no_share(cases, enough):
    assert Result(kept=cases).enough is enough


@pytest.mark.parametrize(
    ("kept", "cases", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (87, 100, 0.7902, 0.9224), (1, 2, 0.0945, 0.9055)],
)
def test_the_margin_is_that_of_wilson(kept, cases, low, high):
    assert wilson(kept, cases) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(("number", "usual", "most"), [(1, 1, 1), (2, 1, 2), (10, 5, 9), (11, 6, 10)])
def test_the_usual_time_is_that_of_the_middle_one_and_of_nine_in_ten(cast, ask, number, usual, most):
    for minutes in range(number, 0, -1):
        ask("mon 09:00", minutes / 60)
    found = counted(cast, "fri2 12:00")
    assert (found.usual, found.most) == (usual * 60, most * 60)


def test_the_last_day_of_february_belongs_to_february():
    zone = calendar_zone()
    found = months(datetime.fromisoformat("2028-02-29T23:30:00+01:00"), zone, 3)
    assert [month.key for month in found] == ["2027-12", "2028-01", "2028-02"]
    assert found[-1].ends - found[-1].starts == timedelta(days=29)


def calendar_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Madrid")
