"""What holds for every calendar, tried on random ones around the clock changes of sixteen zones."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.service_levels.calendar import LIMIT, BusinessCalendar, CalendarExhausted

from .cases import ZONES, random_hours, windows

ordinary = settings(
    max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
MOMENT = timedelta(microseconds=1)
Case = tuple[BusinessCalendar, datetime]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    window = draw(st.sampled_from(windows()))
    hours = random_hours(Random(draw(st.integers(0, 2**32))), window)  # noqa: S311  no secret
    return hours.calendar(window.zone), window.starts + draw(spans(window.days))


def spans(days: int) -> st.SearchStrategy[timedelta]:
    return st.timedeltas(timedelta(0), timedelta(days=days))


targets = st.one_of(spans(2), spans(60), st.integers(0, 200).map(lambda n: timedelta(minutes=15 * n)))


def test_at_least_twelve_zones_are_tried() -> None:
    assert len({window.zone for window in windows()} & set(ZONES)) >= 12


@ordinary
@given(cases(), targets, targets, spans(10))
def test_due_is_monotone_in_start_and_target(case: Case, target: timedelta, more: timedelta, later: timedelta) -> None:
    calendar, start = case
    try:
        assert calendar.due(start, target) <= calendar.due(start, target + more)
        assert calendar.due(start, target) <= calendar.due(start + later, target)
    except CalendarExhausted:
        pass


@ordinary
@given(cases(), targets)
def test_the_working_time_until_a_due_is_the_target(case: Case, target: timedelta) -> None:
    calendar, start = case
    try:
        due = calendar.due(start, target)
    except CalendarExhausted:
        assert calendar.working_time(start, start + timedelta(days=LIMIT - 2)) < target
    else:
        assert calendar.working_time(start, due) == target
        assert due - start <= timedelta(days=LIMIT + 2)


@ordinary
@given(cases(), targets)
def test_the_segments_of_a_walk_add_up(case: Case, target: timedelta) -> None:
    calendar, start = case
    try:
        walk = calendar.walk(start, target)
    except CalendarExhausted:
        return
    assert walk.due == calendar.due(start, target)
    ends = [start, *(segment.ends for segment in walk.segments)]
    assert ends == [*(segment.starts for segment in walk.segments), walk.due]
    assert all(segment.starts < segment.ends for segment in walk.segments)
    assert sum((s.ends - s.starts for s in walk.segments if s.counted), timedelta(0)) == target
    for segment in walk.segments:
        length = segment.ends - segment.starts
        assert calendar.working_time(segment.starts, segment.ends) == (length if segment.counted else timedelta(0))


@ordinary
@given(cases(), spans(10), spans(10))
def test_working_time_adds_up_over_any_cut(case: Case, first: timedelta, second: timedelta) -> None:
    calendar, start = case
    cut, end = start + first, start + first + second
    whole = calendar.working_time(start, end)
    assert calendar.working_time(start, cut) + calendar.working_time(cut, end) == whole
    assert timedelta(0) <= whole <= end - start


@ordinary
@given(cases())
def test_openings_and_closings_agree_with_what_is_open(case: Case) -> None:
    calendar, at = case
    opening, closing = calendar.next_opening(at), calendar.next_closing(at)
    assert calendar.is_open(at) == (opening == at)
    assert calendar.working_time(at, opening) == timedelta(0)
    assert calendar.is_open(opening)
    assert calendar.is_open(closing - MOMENT)
    assert not calendar.is_open(closing)
    assert calendar.working_time(opening, closing) == closing - opening


@ordinary
@given(cases(), st.integers(1, 30), st.integers(0, 30))
def test_a_target_in_days_ends_at_a_closing_and_grows(case: Case, days: int, more: int) -> None:
    calendar, start = case
    due = calendar.due_days(start, days)
    assert start < due <= calendar.due_days(start, days + more)
    assert calendar.is_open(due - MOMENT)
    assert due.astimezone(calendar.zone).date() > start.astimezone(calendar.zone).date()


@pytest.mark.parametrize("zone", ZONES)
def test_no_walk_exceeds_its_limit(zone: str) -> None:
    calendar = BusinessCalendar(zone, {"sat": {"12:00": "12:01"}})
    start = datetime.fromisoformat("2026-03-02T00:00:00Z")
    with pytest.raises(CalendarExhausted):
        calendar.due(start, timedelta(minutes=159))
    assert calendar.due(start, timedelta(minutes=156)) - start < timedelta(days=LIMIT)
