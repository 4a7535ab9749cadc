"""Clocks of the rule book, calculated without a database; the identifiers are its edge cases."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.service_levels.calendar import NOTHING, BusinessCalendar, CalendarExhausted
from portal.service_levels.timing import Run, Target, days_until_due, due_of, segments_until_due, timing

from .cases import C9, C24, NIGHTS, local, random_hours, windows
from .test_properties import ordinary

MADRID = "Europe/Madrid"
HOUR = 3600
hour = timedelta(hours=1)
c9 = BusinessCalendar(MADRID, C9)
c24 = BusinessCalendar(MADRID, C24)

MARCH = {"fri": 6, "sat": 7, "sun": 8, "mon": 9, "tue": 10, "wed": 11, "thu": 12, "fri2": 13}


def at(text: str) -> datetime:
    """`mon 09:00` or `2026-03-18 18:00`."""
    day, _, clock = text.partition(" ")
    return local(f"2026-03-{MARCH[day]:02} {clock}" if day in MARCH else text)


def runs(*texts: str) -> list[Run]:
    """Runs written as `mon 09:00 > mon 10:00`; the last one may be open."""
    pairs = (text.partition(" > ") for text in texts)
    return [Run(at(start), at(end) if end else None) for start, _, end in pairs]


hours = [
    pytest.param(c9, "fri 17:50", [], 4, "mon 12:50", id="SL2"),
    pytest.param(BusinessCalendar(MADRID, C9, [date(2026, 3, 9)]), "fri 17:50", [], 4, "tue 12:50", id="SL1"),
    pytest.param(c9, "mon 10:00", ["mon 16:00 > tue 11:00"], 8, "tue 13:00", id="SL32"),
    pytest.param(c9, "fri 16:00", ["fri 19:00 > sun 12:00"], 4, "mon 11:00", id="SL33"),
    pytest.param(c9, "mon 09:00", ["mon 10:00 > mon 11:00", "mon 12:00 > mon 14:00"], 8, "tue 11:00", id="SL34"),
    pytest.param(c9, "mon 09:00", ["mon 10:00:10 > mon 10:00:30", "mon 10:00:40 > mon 10:01:00"], 8, "mon 17:00:40", id="SL37"),
    pytest.param(
        BusinessCalendar(MADRID, NIGHTS, exceptions={date(2026, 3, 10): []}), "mon 23:00", [], 8, "wed 23:00", id="SL48"
    ),
]


def with_pauses(start: str, pauses: list[str]) -> list[Run]:
    ends = [start, *(end for pause in pauses for end in pause.split(" > "))]
    return runs(*(" > ".join(ends[n : n + 2]) for n in range(0, len(ends), 2)))


@pytest.mark.parametrize(("calendar", "start", "pauses", "target", "due"), hours)
def test_a_target_in_hours_is_walked_through_running_time(
    calendar: BusinessCalendar, start: str, pauses: list[str], target: int, due: str
) -> None:
    found = with_pauses(start, pauses)
    assert due_of(found, calendar, Target(target * HOUR)) == at(due)
    segments = segments_until_due(found, calendar, Target(target * HOUR), at(due), stopped=False)
    assert sum((s.ends - s.starts for s in segments if s.counted), NOTHING) == target * hour
    assert [segment.starts for segment in segments[1:]] == [segment.ends for segment in segments[:-1]], "without a hole"
    assert len([segment for segment in segments if segment.reason == "pause"]) == len(pauses)


days = [
    pytest.param([], "mon 06:00", 1, "tue 18:00", id="SL21"),
    pytest.param(["tue 09:00 > wed 18:00"], "mon 10:00", 5, "2026-03-18 18:00", id="SL49"),
    pytest.param(["tue 17:55 > wed 09:05"], "mon 10:00", 2, "wed 18:00", id="SL50"),
    pytest.param(["tue 13:30 > wed 13:30"], "mon 10:00", 2, "wed 18:00", id="exactly half of a day counts"),
    pytest.param(["tue 13:29 > wed 13:31"], "mon 10:00", 2, "fri2 18:00", id="less than half does not"),
]


@pytest.mark.parametrize(("pauses", "start", "target", "due"), days)
def test_a_target_in_days_counts_days_of_which_half_was_run(pauses: list[str], start: str, target: int, due: str) -> None:
    found = with_pauses(start, pauses)
    assert due_of(found, c9, Target(target, "working_days")) == at(due)
    listed = days_until_due(found, c9, Target(target, "working_days"), at(due), stopped=False)
    assert [day.number for day in listed if day.number] == list(range(1, target + 1))
    assert [day.date for day in listed] == [listed[0].date + timedelta(days=n) for n in range(len(listed))]


def test_SL4_SL5_time_outside_the_hours_is_not_counted() -> None:
    assert due_of(runs("mon 08:00"), c9, Target(HOUR)) == at("mon 10:00")
    assert due_of(runs("mon 18:00"), c9, Target(HOUR)) == at("tue 10:00")


@pytest.mark.parametrize("target", [None, Target(0), Target(0, "working_days")])
def test_SL24_no_target_is_never_late(target: Target | None) -> None:
    found = timing(runs("mon 09:00"), c9, target, at("2027-03-08 12:00"))
    assert (found.state, found.due, found.late, found.running) == ("none", None, False, True)


def test_SL25_a_calendar_without_time_has_no_date() -> None:
    closed = BusinessCalendar(MADRID, C9, [date(2026, 3, 6) + timedelta(days=n) for n in range(1_200)])
    for target in (Target(HOUR), Target(1, "working_days")):
        found = timing(runs("fri 10:00"), closed, target, at("mon 10:00"))
        assert (found.state, found.due, found.late) == ("no_date", None, False)
        assert timing(runs("fri 10:00 > fri 12:00"), closed, target, at("mon 10:00"), stopped=True).state == "met"


def test_SL28_overdue_is_told_in_working_and_in_wall_time() -> None:
    found = timing(runs("fri 09:00 > mon 10:00"), c9, Target(8 * HOUR), at("wed 10:00"), stopped=True)
    assert (found.state, found.due) == ("breached", at("fri 17:00"))
    assert (found.overdue, found.overdue_wall) == (2 * hour, 65 * hour)


def test_SL7_a_clock_that_stops_at_its_due_has_kept_its_promise() -> None:
    found = timing(runs("mon 09:00 > mon 18:00"), c9, Target(9 * HOUR), at("wed 10:00"), stopped=True)
    assert (found.state, found.due, found.late, found.left) == ("met", at("mon 18:00"), False, NOTHING)


def test_SL35_a_paused_clock_shows_what_is_left_and_gets_no_later() -> None:
    for now in ("mon 15:00", "fri2 12:00"):
        found = timing(runs("mon 09:00 > mon 15:00"), c9, Target(8 * HOUR), at(now))
        assert (found.state, found.due, found.left, found.late) == ("paused", None, 2 * hour, False)


def test_an_overdue_stays_at_its_value_while_paused_and_counts_on_afterwards() -> None:
    """Rule 21."""
    paused = timing(runs("mon 09:00 > tue 10:00"), c9, Target(8 * HOUR), at("thu 10:00"))
    assert (paused.state, paused.late, paused.overdue) == ("paused", True, 2 * hour)
    resumed = timing(runs("mon 09:00 > tue 10:00", "thu 09:00"), c9, Target(8 * HOUR), at("thu 10:00"))
    assert (resumed.state, resumed.overdue, resumed.overdue_wall) == ("breached", 3 * hour, 18 * hour)


def test_SL53_a_resume_date_takes_effect_by_reading() -> None:
    waiting = [Run(at("mon 09:00"), at("mon 10:00"), resumes=at("tue 09:00"))]
    before, after = timing(waiting, c9, Target(8 * HOUR), at("tue 08:59")), timing(waiting, c9, Target(8 * HOUR), at("tue 10:00"))
    assert (before.state, before.left) == ("paused", 7 * hour)
    assert (after.state, after.left, after.due) == ("running", 6 * hour, at("tue 16:00"))
    later = [*waiting, Run(at("wed 09:00"))]
    assert timing(later, c9, Target(8 * HOUR), at("wed 09:00")).due == at("tue 16:00"), "the earlier of date and resumption"


def test_SL40_two_clocks_of_one_request_do_not_move_each_other() -> None:
    assert due_of(runs("mon 14:00"), c9, Target(4 * HOUR)) == at("mon 18:00")
    assert due_of(runs("mon 09:00"), c9, Target(8 * HOUR)) == at("mon 17:00")


def test_a_reopened_clock_does_not_count_the_time_between() -> None:
    """Rule 23."""
    found = timing(runs("mon 09:00 > mon 13:00", "thu 09:00"), c9, Target(8 * HOUR), at("thu 10:00"))
    assert (found.due, found.left) == (at("thu 13:00"), 3 * hour)


def test_days_left_are_whole_days() -> None:
    found = timing(runs("mon 10:00"), c9, Target(5, "working_days"), at("wed 12:00"))
    assert (found.elapsed_days, found.left_days, found.due) == (1, 4, local("2026-03-16 18:00"))
    paused = timing(runs("mon 10:00 > wed 12:00"), c9, Target(5, "working_days"), at("fri2 12:00"))
    assert (paused.state, paused.elapsed_days, paused.left_days, paused.due) == ("paused", 1, 4, None)


def test_the_days_of_a_pause_that_lasts_are_listed_until_today() -> None:
    waiting = [Run(at("mon 10:00"), at("tue 09:30"), why="keyboard")]
    listed = days_until_due(waiting, c9, Target(5, "working_days"), at("thu 12:00"), stopped=False)
    assert [(day.why, day.label) for day in listed] == [("start", ""), *[("pause", "keyboard")] * 3]


# --- on random calendars ----------------------------------------------------------------------------------------------


@st.composite
def paused_clocks(draw: st.DrawFn) -> tuple[BusinessCalendar, list[Run]]:
    window = draw(st.sampled_from(windows()))
    calendar = random_hours(Random(draw(st.integers(0, 2**32))), window).calendar(window.zone)  # noqa: S311  no secret
    count = draw(st.integers(0, 3))
    ends = sorted(draw(st.lists(st.integers(0, 10 * 86_400), min_size=2 * count + 1, max_size=2 * count + 1)))
    instants = [window.starts + timedelta(seconds=n) for n in ends]
    return calendar, [Run(instants[n], instants[n + 1] if n + 1 < len(instants) else None) for n in range(0, len(instants), 2)]


@ordinary
@given(paused_clocks(), st.integers(1, 5 * 86_400))
def test_the_counted_segments_of_every_explanation_add_up(case: tuple[BusinessCalendar, list[Run]], seconds: int) -> None:
    calendar, found = case
    try:
        due = due_of(found, calendar, Target(seconds))
    except CalendarExhausted:
        return
    assert due is not None
    segments = segments_until_due(found, calendar, Target(seconds), due, stopped=False)
    assert sum((s.ends - s.starts for s in segments if s.counted), NOTHING) == timedelta(seconds=seconds)
    assert segments[-1].ends == due
    ran = sum((calendar.working_time(run.starts, min(run.ends or due, due)) for run in found if run.starts < due), NOTHING)
    assert ran == timedelta(seconds=seconds)


@ordinary
@given(paused_clocks(), st.integers(1, 12))
def test_the_counted_days_of_every_explanation_add_up(case: tuple[BusinessCalendar, list[Run]], amount: int) -> None:
    calendar, found = case
    target = Target(amount, "working_days")
    try:
        due = due_of(found, calendar, target)
    except CalendarExhausted:
        return
    assert due is not None
    listed = days_until_due(found, calendar, target, due, stopped=False)
    assert len([day for day in listed if day.number]) == amount
    assert calendar.spans(listed[-1].date)[-1].closes == due
