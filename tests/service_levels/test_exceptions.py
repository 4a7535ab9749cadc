"""Exceptions of a calendar: ranges, every year, across New Year; and what is refused (3, 4)."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core.language import speaking_to
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.entering import dates_text, problem_words, read_content, read_hours
from portal.service_levels.exceptions import read_exceptions
from portal.service_levels.hours import CalendarError
from portal.service_levels.models import business_calendar

from .cases import C9, C24, NIGHTS, local

HOUR = timedelta(hours=1)


def row(first: str, last: str = "", yearly: bool = False, **hours: str) -> dict[str, Any]:
    return {"from": first, "until": last or first, "yearly": yearly, "hours": hours, "label": {}}


def calendar(*rows: dict[str, Any], hours: Any = C9) -> BusinessCalendar:
    return business_calendar("Europe/Madrid", hours, list(rows))


def test_SL11_a_day_with_other_hours_and_a_closed_one() -> None:
    found = calendar(row("2026-12-24") | {"hours": {"09:00": "13:00"}}, row("2026-12-25"))
    assert found.due(local("2026-12-24 11:00"), 4 * HOUR) == local("2026-12-28 11:00")


def test_a_yearly_closure_crosses_new_year_in_every_year() -> None:
    """Rule 4."""
    found = calendar(row("12-24", "01-06", yearly=True))
    for year in (2026, 2030):
        assert found.working_time(local(f"{year}-12-23 18:00"), local(f"{year + 1}-01-07 00:00")) == timedelta(0)
        assert found.next_opening(local(f"{year}-12-31 10:00")) >= local(f"{year + 1}-01-07 09:00")


def test_29_february_counts_only_in_leap_years() -> None:
    """Rule 4."""
    found = calendar(row("02-29", yearly=True), hours=C24)
    assert found.working_time(local("2028-02-28 00:00"), local("2028-03-02 00:00")) == 48 * HOUR
    assert found.working_time(local("2027-02-28 00:00"), local("2027-03-02 00:00")) == 48 * HOUR
    across = read_exceptions([row("12-30", "03-01", yearly=True)]).yearly
    assert (2, 29) in across


def test_a_dated_exception_wins_over_a_yearly_one() -> None:
    """Rule 3."""
    found = calendar(row("03-09", yearly=True), row("2026-03-09") | {"hours": {"10:00": "12:00"}})
    assert found.working_time(local("2026-03-09 00:00"), local("2026-03-10 00:00")) == 2 * HOUR
    assert found.working_time(local("2027-03-09 00:00"), local("2027-03-10 00:00")) == timedelta(0)


def test_the_tail_of_the_evening_before_stays_open() -> None:
    """Rule 3, SL48."""
    found = calendar(row("03-10", yearly=True), hours=NIGHTS)
    assert found.due(local("2026-03-09 23:00"), 8 * HOUR) == local("2026-03-11 23:00")


def test_a_yearly_exception_is_tried_against_every_weekday() -> None:
    with pytest.raises(CalendarError) as refused:
        calendar(row("03-10", yearly=True) | {"hours": {"05:00": "09:00"}}, hours=NIGHTS)
    assert refused.value.problem == "overlap"


wrong = [
    pytest.param([row("2026-02-30")], "bad_date", id="no such date"),
    pytest.param([row("2026-12-24", yearly=True)], "bad_date", id="a year in a yearly one"),
    pytest.param([row("2026-12-24", "2026-12-20")], "end_before_start", id="end before start"),
    pytest.param([row("2026-12-24"), row("2026-12-20", "2026-12-31")], "repeated_date", id="one date twice"),
    pytest.param([row("2026-01-01", "2040-01-01")], "range_too_long", id="too long"),
]


@pytest.mark.parametrize(("rows", "problem"), wrong)
def test_rows_that_make_no_sense_are_refused(rows: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(CalendarError) as refused:
        calendar(*rows)
    assert refused.value.problem == problem


def test_hours_are_read_as_people_type_them() -> None:
    assert read_hours("mon", "9:00-13:00, 14:00 – 18:00") == {"09:00": "13:00", "14:00": "18:00"}
    assert read_hours("mon", " ") == {}
    for text in ("9-13", "09:00-13:00 or so", "morning"):
        with pytest.raises(CalendarError):
            read_hours("mon", text)


sentences = [
    (
        {"tue": "13:00-14:30, 14:00-18:00"},
        [],
        "Martes 13:00-14:30 se solapa con 14:00-18:00.",
        "Tuesday 13:00-14:30 overlaps 14:00-18:00.",
    ),
    ({"tue": "22:00-30:00", "wed": "05:00-09:00"}, [], "Martes 22:00-30:00 se solapa con Miércoles 05:00-09:00.", ""),
    ({"mon": "18:00-09:00"}, [], "Lunes: 18:00 - 09:00 acaba antes de empezar.", "Monday: 18:00 - 09:00 ends before it starts."),
    ({}, [], "Un calendario necesita al menos una hora abierta en la semana.", ""),
]


@pytest.mark.parametrize(("week", "rows", "spanish", "english"), sentences)
def test_the_offending_row_is_named_in_words(app: Flask, week: dict[str, str], rows: Any, spanish: str, english: str) -> None:
    with pytest.raises(CalendarError) as refused:
        read_content("Own", "Europe/Madrid", week, rows)
    with speaking_to("es", "Europe/Madrid"):
        assert problem_words(refused.value) == spanish
    with speaking_to("en", "Europe/Madrid"):
        assert english in ("", problem_words(refused.value))


def test_dates_of_exceptions_in_words(app: Flask) -> None:
    with speaking_to("es", "Europe/Madrid"):
        assert dates_text(row("12-24", "01-06", yearly=True)) == "cada año, 24 dic – 6 ene"
        assert dates_text(row(f"{date(2020, 8, 3)}", f"{date(2020, 8, 14)}")) == "lun 3 ago 2020 – vie 14 ago 2020"
