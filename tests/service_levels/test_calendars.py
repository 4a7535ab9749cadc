"""Changing a calendar: tried before, saved once, the open clocks settled first. Identifiers are edge cases of the rule book."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from portal.core import jobs as core_jobs
from portal.core.db import db
from portal.core.events import _subscribers, subscribe
from portal.people.models import Department
from portal.service_levels import actions, jobs, queries
from portal.service_levels.actions.calendars import (
    StaleCalendar,
    accept_holidays,
    content_of,
    propose_holidays,
    reject_holidays,
    renew_draft,
)
from portal.service_levels.dry_run import preview_calendar
from portal.service_levels.events import DueMoved
from portal.service_levels.models import Calendar, CalendarVersion, ClockBreach, ClockEvent, HolidayProposal
from portal.service_levels.queries import About, Facts
from tests.cast.people import Cast
from tests.things import KIND

from .cases import C9
from .test_timing import at

NOW = at("fri 09:00")


def holiday(day: str) -> dict[str, object]:
    return {"from": day, "until": day, "yearly": False, "hours": {}, "label": {"en": "Local holiday"}}


@pytest.fixture
def calendar(thing: Department, cast: Cast) -> Calendar:
    content = {"name": "IT", "zone": "Europe/Madrid", "hours": C9, "exceptions": []}
    made = actions.create_calendar(content, cast.admin, NOW)
    actions.assign(made, [thing.id, cast.finance.id], [thing.id, cast.finance.id], cast.admin)
    return made


@pytest.fixture
def about(thing: Department, calendar: Calendar) -> About:
    return About(KIND, thing.id)


@pytest.fixture
def heard() -> Iterator[list[DueMoved]]:
    news: list[DueMoved] = []
    before = list(_subscribers[DueMoved])
    subscribe(DueMoved, news.append)
    yield news
    _subscribers[DueMoved] = before


def start(about: About, when: str, priority: str = "P3") -> None:
    facts = Facts(about.id, priority=priority)
    actions.start(about, ("fulfilment",), facts, at(when), at(when))


def changed(calendar: Calendar, *days: str) -> dict[str, object]:
    return {**content_of(calendar), "exceptions": [holiday(day) for day in days]}


def test_a_dry_run_tells_what_would_move_and_writes_nothing(about: About, calendar: Calendar, cast: Cast) -> None:
    """Rule 35."""
    start(about, "fri 16:00")
    start(About(KIND, cast.finance.id), "fri 09:00")
    draft = actions.draft_change(calendar, changed(calendar, "2026-03-09"), 1, cast.admin, at("fri 17:30"))
    shown = preview_calendar(calendar.id, CalendarVersion(content=draft.content).business, at("fri 17:30"))
    assert (shown.checked, shown.late) == (2, 0)
    ((moved),) = shown.moved
    assert (moved.clock.subject_id, moved.old, moved.new, moved.earlier) == (about.id, at("mon 15:00"), at("tue 15:00"), False)
    assert calendar.version == 1


def test_saving_moves_open_promises_and_tells_afterwards(
    about: About, calendar: Calendar, cast: Cast, heard: list[DueMoved]
) -> None:
    start(about, "fri 16:00")
    draft = actions.draft_change(calendar, changed(calendar, "2026-03-09"), 1, cast.admin, at("fri 17:00"))
    assert actions.save_draft(draft, cast.admin, at("fri 17:00")) == 1
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("fri 17:00")).due == reading.clock.due_cache == at("tue 15:00")
    assert "calendar_changed" in db.session.scalars(select(ClockEvent.name)).all()
    for job in db.session.scalars(select(core_jobs.Job).where(core_jobs.Job.kind == jobs.TELL)):
        jobs.tell_moved(job.payload)
    assert heard == [DueMoved(KIND, about.id, "fulfilment", at("mon 15:00"), at("tue 15:00"), at("fri 17:00"))]
    assert actions.save_draft(draft, cast.admin, at("fri 17:01")) == 0, "pressing twice saves once"
    assert sorted(db.session.scalars(select(CalendarVersion.version))) == [1, 2]


def test_what_was_late_by_the_old_hours_stays_late(about: About, calendar: Calendar, cast: Cast) -> None:
    start(about, "fri 09:00")
    draft = actions.draft_change(calendar, changed(calendar, "2026-03-06"), 1, cast.admin, at("mon 10:00"))
    actions.save_draft(draft, cast.admin, at("mon 10:00"))
    assert [one.at for one in db.session.scalars(select(ClockBreach))] == [at("fri 17:00")]
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("mon 10:00")).due == at("mon 17:00"), "the new target date, and still counted as late"


def test_a_stopped_clock_keeps_its_result(about: About, calendar: Calendar, cast: Cast) -> None:
    start(about, "fri 09:00")
    actions.stop(about, ["fulfilment"], at("fri 17:00"), at("fri 17:00"))
    draft = actions.draft_change(calendar, changed(calendar, "2026-03-06"), 1, cast.admin, at("mon 10:00"))
    assert actions.save_draft(draft, cast.admin, at("mon 10:00")) == 0
    reading = queries.clock_of(about)
    assert reading is not None
    found = reading.at(at("mon 10:00"))
    assert (found.state, found.due) == ("met", at("fri 17:00"))


def test_SL54_the_second_of_two_administrators_sees_that_it_changed(about: About, calendar: Calendar, cast: Cast) -> None:
    first = actions.draft_change(calendar, changed(calendar, "2026-03-09"), 1, cast.admin, NOW)
    second = actions.draft_change(calendar, changed(calendar, "2026-03-10"), 1, cast.head2, NOW)
    actions.save_draft(first, cast.admin, NOW)
    with pytest.raises(StaleCalendar):
        actions.save_draft(second, cast.head2, NOW)
    renew_draft(second, NOW)
    actions.save_draft(second, cast.head2, NOW)
    assert (calendar.version, calendar.exceptions[0]["from"]) == (3, "2026-03-10")


def test_holidays_change_nothing_until_each_is_accepted_and_a_rejected_one_stays_rejected(calendar: Calendar, cast: Cast) -> None:
    """Rule 6."""
    assert propose_holidays(calendar, "ES", "AR", 2026, cast.admin) > 10
    proposed = {one.day: one for one in db.session.scalars(select(HolidayProposal))}
    christmas, labour = proposed[date(2026, 12, 25)], proposed[date(2026, 5, 1)]
    assert set(christmas.label) == {"es", "en"}
    assert date(2026, 4, 23) in proposed, "Saint George's, kept in Aragon"
    assert date(2026, 9, 11) not in proposed, "and nothing of Catalonia"
    assert calendar.version == 1
    reject_holidays(calendar, [labour.id], cast.admin, NOW)
    draft = accept_holidays(calendar, [christmas.id, labour.id], cast.admin, NOW)
    assert draft is not None
    actions.save_draft(draft, cast.admin, NOW)
    assert [row["from"] for row in calendar.exceptions] == ["2026-12-25"]
    assert propose_holidays(calendar, "ES", "AR", 2026, cast.admin) == 0
    db.session.expire_all()
    states = {one.day: one.state for one in db.session.scalars(select(HolidayProposal))}
    assert (states[date(2026, 12, 25)], states[date(2026, 5, 1)]) == ("accepted", "rejected")


def test_departments_of_others_keep_their_calendar(calendar: Calendar, cast: Cast) -> None:
    own = actions.create_calendar({**content_of(calendar), "name": "Own"}, cast.head2, NOW)
    actions.assign(own, [cast.it.id, cast.finance.id], [cast.it.id], cast.head2)
    assert queries.choose(Facts(cast.it.id)).calendar_id == own.id
    assert queries.choose(Facts(cast.finance.id)).calendar_id == calendar.id
    actions.assign(own, [], [cast.it.id], cast.head2)
    assert queries.choose(Facts(cast.it.id)).calendar_id is None
