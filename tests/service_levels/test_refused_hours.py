"""Hours that make no calendar are refused, and the refusal names the row."""

from datetime import date
from typing import Any

import pytest

from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.hours import CalendarError, Row

from .cases import C9, C24, NIGHTS

DAY = date(2026, 3, 11)  # a Wednesday

REFUSED: list[tuple[str, dict[str, Any], str, list[Row]]] = [
    (
        "overlap on one day",
        {"hours": {"tue": {"13:00": "14:30", "14:00": "18:00"}}},
        "overlap",
        [Row("tue", "13:00", "14:30"), Row("tue", "14:00", "18:00")],
    ),
    (
        "across midnight",
        {"hours": {"mon": {"22:00": "30:00"}, "tue": {"05:59": "10:00"}}},
        "overlap",
        [Row("mon", "22:00", "30:00"), Row("tue", "05:59", "10:00")],
    ),
    (
        "from Sunday to Monday",
        {"hours": {"mon": {"05:00": "07:00"}, "sun": {"20:00": "30:00"}}},
        "overlap",
        [Row("sun", "20:00", "30:00"), Row("mon", "05:00", "07:00")],
    ),
    (
        "on a date with its own hours",
        {"hours": C9, "exceptions": {DAY: [("09:00", "12:00"), ("11:00", "13:00")]}},
        "overlap",
        [Row("2026-03-11", "09:00", "12:00"), Row("2026-03-11", "11:00", "13:00")],
    ),
    (
        "of such a date with the evening before",
        {"hours": NIGHTS, "exceptions": {DAY: [("05:00", "12:00")]}},
        "overlap",
        [Row("tue", "22:00", "30:00"), Row("2026-03-11", "05:00", "12:00")],
    ),
    (
        "of such a date with the morning after",
        {"hours": C9, "exceptions": {DAY: [("22:00", "34:00")]}},
        "overlap",
        [Row("2026-03-11", "22:00", "34:00"), Row("thu", "09:00", "18:00")],
    ),
    (
        "end before start",
        {"hours": {"tue": {"18:00": "09:00"}}},
        "end_before_start",
        [Row("tue", "18:00", "09:00")],
    ),
    ("empty interval", {"hours": {"tue": {"09:00": "09:00"}}}, "end_before_start", [Row("tue", "09:00", "09:00")]),
    ("start on the next day", {"hours": {"tue": {"24:00": "26:00"}}}, "bad_time", [Row("tue", "24:00", "26:00")]),
    ("two days long", {"hours": {"tue": {"09:00": "48:01"}}}, "bad_time", [Row("tue", "09:00", "48:01")]),
    ("no time at all", {"hours": {"tue": {"nine": "10:00"}}}, "bad_time", [Row("tue", "nine", "10:00")]),
    ("minute 60", {"hours": {"tue": {"09:60": "11:00"}}}, "bad_time", [Row("tue", "09:60", "11:00")]),
    ("no open time", {"hours": {"mon": {}}}, "never_open", []),
    ("open on a single date only", {"hours": {}, "exceptions": {DAY: [("09:00", "10:00")]}}, "never_open", []),
    ("unknown day", {"hours": {"lunes": {"09:00": "10:00"}}}, "unknown_day", []),
]


@pytest.mark.parametrize(("parts", "problem", "rows"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_bad_hours_are_refused_with_the_row_at_fault(parts: dict[str, Any], problem: str, rows: list[Row]) -> None:
    with pytest.raises(ValueError, match=problem) as refused:
        BusinessCalendar("Europe/Madrid", **parts)
    assert isinstance(refused.value, CalendarError)
    assert refused.value.problem == problem
    assert list(refused.value.rows) == rows
    assert all(str(row) in str(refused.value) for row in rows)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "Europe", "../../etc/passwd", "/etc/localtime", "a\0b"])
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(CalendarError) as refused:
        BusinessCalendar(zone, C9)
    assert (refused.value.problem, refused.value.value) == ("unknown_zone", zone)


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param(C24, id="always"),
        pytest.param(NIGHTS, id="nights"),
        pytest.param({"mon": {"22:00": "30:00"}, "tue": {"06:00": "10:00"}}, id="touching at six"),
        pytest.param({"sun": {"22:00": "33:00"}, "mon": {"09:00": "18:00"}}, id="Sunday touching Monday"),
        pytest.param({"tue": {"14:00": "18:00", "09:00": "14:00"}}, id="in any order"),
        pytest.param({"sat": {"00:00": "48:00"}}, id="a whole weekend"),
    ],
)
def test_intervals_that_only_touch_are_accepted(hours: dict[str, dict[str, str]]) -> None:
    BusinessCalendar("Europe/Madrid", hours)


def test_a_closed_date_takes_only_what_starts_on_it() -> None:
    """Monday's night goes on into the closed Tuesday, so hours there begin after it."""
    BusinessCalendar("Europe/Madrid", NIGHTS, exceptions={date(2026, 3, 10): [("06:00", "09:00")]})
    with pytest.raises(CalendarError):
        BusinessCalendar("Europe/Madrid", NIGHTS, exceptions={date(2026, 3, 10): [("05:00", "09:00")]})
    BusinessCalendar("Europe/Madrid", NIGHTS, [date(2026, 3, 9)], {date(2026, 3, 10): [("05:00", "09:00")]})
