"""The cases of the rule book that a calendar alone decides; zone Europe/Madrid, dates in 2026, 6 March is a Friday."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.service_levels.calendar import BusinessCalendar, CalendarExhausted, Segment, Walk

from .cases import C7, C9, C24, CL, NIGHTS, local

MADRID = "Europe/Madrid"
MONDAY_OFF = [date(2026, 3, 9)]
CHRISTMAS = {date(2026, 12, 24): [("09:00", "13:00")], date(2026, 12, 25): []}
TUESDAY_CLOSED = {date(2026, 3, 10): []}

c9 = BusinessCalendar(MADRID, C9)
cl = BusinessCalendar(MADRID, CL)
c7 = BusinessCalendar(MADRID, C7)
c24 = BusinessCalendar(MADRID, C24)
c9_monday_off = BusinessCalendar(MADRID, C9, MONDAY_OFF)
c9_christmas = BusinessCalendar(MADRID, C9, exceptions=CHRISTMAS)
nights = BusinessCalendar(MADRID, NIGHTS, exceptions=TUESDAY_CLOSED)
vladivostok = BusinessCalendar("Asia/Vladivostok", C7)

DUES = [
    ("SL1", c9_monday_off, "2026-03-06 17:50", "4:00:00", "2026-03-10 12:50"),
    ("SL2", c9, "2026-03-06 17:50", "4:00:00", "2026-03-09 12:50"),
    ("SL3", c9, "2026-03-07 12:00", "4:00:00", "2026-03-09 13:00"),
    ("SL4", c9, "2026-03-09 08:00", "1:00:00", "2026-03-09 10:00"),
    ("SL5", c9, "2026-03-09 18:00", "1:00:00", "2026-03-10 10:00"),
    ("SL7", c9, "2026-03-09 09:00", "9:00:00", "2026-03-09 18:00"),
    ("SL8", c9, "2026-03-09 09:00", "9:00:01", "2026-03-10 09:00:01"),
    ("SL9", cl, "2026-03-09 12:30", "1:00:00", "2026-03-09 14:30"),
    ("SL11", c9_christmas, "2026-12-24 11:00", "4:00:00", "2026-12-28 11:00"),
    ("SL13", c24, "2026-03-28 22:00", "8:00:00", "2026-03-29 07:00"),
    ("SL14", c24, "2026-10-24 22:00", "8:00:00", "2026-10-25 05:00"),
    ("SL18", c9, "2026-03-27 16:00", "4:00:00", "2026-03-30 11:00"),
    ("SL26 warning", c9, "2026-03-09 14:00", "6:00:00", "2026-03-10 11:00"),
    ("SL26 due", c9, "2026-03-09 14:00", "8:00:00", "2026-03-10 13:00"),
    ("SL48", nights, "2026-03-09 23:00", "8:00:00", "2026-03-11 23:00"),
    ("AP16 reminder", c9, "2026-03-05 16:00", "8:00:00", "2026-03-06 15:00"),
    ("AP16 escalation", c9, "2026-03-05 16:00", "18:00:00", "2026-03-09 16:00"),
]


def working(text: str) -> timedelta:
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(("calendar", "start", "target", "due"), [case[1:] for case in DUES], ids=[c[0] for c in DUES])
def test_a_due_is_the_one_of_the_rule_book(calendar: BusinessCalendar, start: str, target: str, due: str) -> None:
    found = calendar.due(local(start), working(target))
    assert found == local(due).astimezone(UTC)
    assert found.tzinfo is UTC
    assert calendar.working_time(local(start), found) == working(target)


def test_sl19_a_calendar_far_away_is_read_in_its_own_zone() -> None:
    due = vladivostok.due(local("2026-03-09 08:30"), timedelta(hours=2))
    assert due == local("2026-03-10 10:30", "Asia/Vladivostok").astimezone(UTC)
    assert due == local("2026-03-10 01:30").astimezone(UTC)


@pytest.mark.parametrize(
    ("saturday", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-03-14", 8)], ids=["SL15 7h", "SL15 9h", "8h"]
)
def test_sl15_a_night_shift_is_as_long_as_the_night(saturday: str, hours: int) -> None:
    shift = BusinessCalendar(MADRID, {"sat": {"22:00": "30:00"}})
    night = local(f"{saturday} 12:00"), local(f"{saturday} 12:00") + timedelta(days=1)
    assert shift.working_time(*night) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        pytest.param(c9, "2026-03-09 06:00", 1, "2026-03-10 18:00", id="SL21"),
        pytest.param(c9, "2026-03-06 23:59", 1, "2026-03-09 18:00", id="Friday evening"),
        pytest.param(c9_monday_off, "2026-03-06 10:00", 1, "2026-03-10 18:00", id="a holiday is no working day"),
        pytest.param(c9_christmas, "2026-12-23 10:00", 2, "2026-12-28 18:00", id="a reduced day is a whole one"),
        pytest.param(c9_christmas, "2026-12-23 10:00", 1, "2026-12-24 13:00", id="until its own closing"),
        pytest.param(cl, "2026-03-09 10:00", 1, "2026-03-10 18:00", id="the last closing of the day"),
        pytest.param(nights, "2026-03-09 10:00", 1, "2026-03-12 06:00", id="a night belongs to its evening"),
    ],
)
def test_a_target_in_days_ends_with_the_last_of_them(calendar: BusinessCalendar, start: str, days: int, due: str) -> None:
    assert calendar.due_days(local(start), days) == local(due).astimezone(UTC)


def test_the_starting_date_is_that_of_the_calendar_not_of_the_server() -> None:
    start = local("2026-03-10 00:30", "Asia/Vladivostok").astimezone(UTC)  # still Monday in UTC
    assert vladivostok.due_days(start, 1) == local("2026-03-11 18:00", "Asia/Vladivostok").astimezone(UTC)


def test_sl25_holidays_over_three_years_exhaust_the_calendar() -> None:
    closed = BusinessCalendar(MADRID, C9, [date(2026, 3, 6) + timedelta(days=n) for n in range(1_100)])
    start = local("2026-03-06 10:00")
    for question in (
        lambda: closed.due(start, timedelta(minutes=1)),
        lambda: closed.walk(start, timedelta(minutes=1)),
        lambda: closed.due_days(start, 1),
        lambda: closed.next_opening(start),
        lambda: closed.next_closing(start),
    ):
        with pytest.raises(CalendarExhausted):
            question()
    assert not closed.is_open(start)
    assert closed.working_time(start, start + timedelta(days=1_100)) == timedelta(0)


def test_time_already_spent_is_counted_also_after_more_than_three_years() -> None:
    start = local("2020-01-01 00:00")
    assert c24.working_time(start, local("2026-01-01 00:00")) == timedelta(days=2_192)


def test_sl27_a_late_warning_leaves_at_the_next_opening() -> None:
    assert c9.next_opening(local("2026-03-10 02:00")) == local("2026-03-10 09:00")
    assert c9.next_opening(local("2026-03-10 10:15:30")) == local("2026-03-10 10:15:30")
    assert c9.next_opening(local("2026-03-10 18:00")) == local("2026-03-11 09:00")


def test_sl28_overdue_is_measured_in_working_time() -> None:
    assert c9.working_time(local("2026-03-06 17:00"), local("2026-03-09 10:00")) == timedelta(hours=2)
    assert c9.working_time(local("2026-03-09 10:00"), local("2026-03-06 17:00")) == timedelta(0)


def test_an_opening_is_inside_and_a_closing_outside() -> None:
    opening, closing = local("2026-03-09 09:00"), local("2026-03-09 18:00")
    assert c9.is_open(opening)
    assert not c9.is_open(opening - timedelta(microseconds=1))
    assert c9.is_open(closing - timedelta(microseconds=1))
    assert not c9.is_open(closing)


def test_midnight_does_not_close_a_shift_that_is_typed_in_two_rows() -> None:
    typed = BusinessCalendar(MADRID, {"mon": {"22:00": "24:00"}, "tue": {"00:00": "06:00"}})
    assert typed.next_closing(local("2026-03-09 12:00")) == local("2026-03-10 06:00")
    assert typed.next_closing(local("2026-03-10 05:00")) == local("2026-03-10 06:00")
    with pytest.raises(CalendarExhausted):
        c24.next_closing(local("2026-03-09 12:00"))


def test_a_walk_says_what_was_counted_and_why_the_rest_was_not() -> None:
    calendar = BusinessCalendar(MADRID, C9, {date(2026, 3, 9): "Local holiday"}, {date(2026, 3, 10): []})

    def at(text: str) -> datetime:
        return local(text).astimezone(UTC)

    assert calendar.walk(local("2026-03-06 16:00"), timedelta(hours=4)) == Walk(
        at("2026-03-11 11:00"),
        (
            Segment(at("2026-03-06 16:00"), at("2026-03-06 18:00"), "open"),
            Segment(at("2026-03-06 18:00"), at("2026-03-07 00:00"), "outside_hours"),
            Segment(at("2026-03-07 00:00"), at("2026-03-09 00:00"), "closed_day"),
            Segment(at("2026-03-09 00:00"), at("2026-03-10 00:00"), "holiday", "Local holiday"),
            Segment(at("2026-03-10 00:00"), at("2026-03-11 00:00"), "exception"),
            Segment(at("2026-03-11 00:00"), at("2026-03-11 09:00"), "outside_hours"),
            Segment(at("2026-03-11 09:00"), at("2026-03-11 11:00"), "open"),
        ),
    )


def test_a_walk_that_ends_at_a_closing_does_not_go_on_to_the_next_opening() -> None:
    walk = c9.walk(local("2026-03-09 09:00"), timedelta(hours=9))
    assert [(segment.counted, segment.ends) for segment in walk.segments] == [(True, local("2026-03-09 18:00"))]


def test_hours_that_a_clock_change_skips_or_repeats() -> None:
    """A skipped minute is its next real one; of a repeated one the first counts."""
    small_hours = BusinessCalendar(MADRID, {"sun": {"02:15": "02:45", "02:50": "03:30"}})
    spring, autumn, other = local("2026-03-29 00:00"), local("2026-10-25 00:00"), local("2026-03-22 00:00")
    day = timedelta(days=1)
    assert small_hours.working_time(spring, spring + day) == timedelta(minutes=30)
    assert small_hours.due(spring, timedelta(0)) == local("2026-03-29 03:00")
    assert small_hours.working_time(autumn, autumn + day) == timedelta(minutes=130)
    assert small_hours.due(autumn, timedelta(0)) == datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    assert small_hours.working_time(other, other + day) == timedelta(minutes=70)


def test_a_day_that_never_was_is_not_counted() -> None:
    apia = BusinessCalendar("Pacific/Apia", C9)  # Friday 30 December 2011 was skipped
    thursday = local("2011-12-29 17:00", "Pacific/Apia")
    assert apia.due(thursday, timedelta(hours=2)) == local("2012-01-02 10:00", "Pacific/Apia").astimezone(UTC)
    assert apia.due_days(thursday, 1) == local("2012-01-02 18:00", "Pacific/Apia").astimezone(UTC)


def test_a_clock_that_goes_back_over_midnight_does_not_turn_the_explanation_back() -> None:
    """In Newfoundland 29 October 2006, 00:01, became 23:01 of the day before."""
    sundays = BusinessCalendar("America/St_Johns", {"sun": {"09:00": "10:00"}})
    start = datetime(2006, 10, 29, 2, 45, tzinfo=UTC)
    walk = sundays.walk(start, timedelta(hours=1))
    assert [(segment.reason, segment.starts) for segment in walk.segments] == [
        ("outside_hours", start),
        ("open", local("2006-10-29 09:00", "America/St_Johns")),
    ]


def test_instants_need_a_zone_and_targets_a_size() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        c9.due(datetime(2026, 3, 9, 9), timedelta(hours=1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        c9.due(local("2026-03-09 09:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="at least one day"):
        c9.due_days(local("2026-03-09 09:00"), 0)


def test_both_passes_of_a_repeated_hour_are_different_instants() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(MADRID))
    assert c24.working_time(first, first.replace(fold=1)) == timedelta(hours=1)
    assert c24.is_open(first.replace(fold=1))
