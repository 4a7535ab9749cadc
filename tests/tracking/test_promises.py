"""Promises and moments as sources write them (TR-22, TR-23, "Bad input"). Pure."""

from datetime import UTC, date, datetime

import pytest

from portal.tracking import words, zones
from portal.tracking.promises import BadTime, Promise, read, read_instant

MADRID = "Europe/Madrid"
DAY = date(2026, 8, 11)
ONE = Promise(first=DAY, last=DAY)


@pytest.mark.parametrize(
    ("first", "last", "promise"),
    [
        ("2026-08-11", "", ONE),
        ("", "2026-08-11", ONE),
        ("2026-08-11", "2026-08-11", ONE),
        ("2026-08-11T00:00:00Z", "", ONE),
        ("2026-08-11T00:00:00+02:00", "", ONE),
        ("2026-08-11T00:00:00-10:00", "", ONE),
        ("2026-08-11T00:00", "", ONE),
        ("2026-08-09", "2026-08-11", Promise(first=date(2026, 8, 9), last=DAY)),
        ("2026-08-11T14:30+02:00", "", Promise(instant=datetime(2026, 8, 11, 12, 30, tzinfo=UTC))),
        ("2026-08-11T14:30", "", Promise(instant=datetime(2026, 8, 11, 12, 30, tzinfo=UTC))),
        ("", "", None),
    ],
)
def test_a_date_stays_a_date_whatever_it_is_dressed_as(first, last, promise):
    assert read(first, last, MADRID) == promise


@pytest.mark.parametrize(("first", "last"), [("2026-08-12", "2026-08-11"), ("soon", ""), ("2026-02-31", ""), ("0001-01-01", "")])
def test_a_promise_that_is_no_date_is_refused(first, last):
    with pytest.raises(BadTime):
        read(first, last, MADRID)


@pytest.mark.parametrize("text", ["14:02", "2026-02-31T10:00", "0001-01-01T00:00", "2026-08-11", "", "9999-01-01T00:00Z"])
def test_a_moment_without_date_or_of_no_calendar_is_refused(text):
    with pytest.raises(BadTime):
        read_instant(text, MADRID)


def test_a_moment_without_a_zone_takes_that_of_its_source():
    assert read_instant("2026-08-11T14:02", MADRID) == datetime(2026, 8, 11, 12, 2, tzinfo=UTC)
    assert read_instant("2026-08-11T14:02-05:00", MADRID) == datetime(2026, 8, 11, 19, 2, tzinfo=UTC)


def test_a_time_names_its_zone_only_where_it_differs():
    noon = datetime(2026, 8, 11, 10, tzinfo=UTC)
    assert zones.shown(noon, "Europe/Bratislava", MADRID)[1] == ""
    assert zones.shown(noon, "Atlantic/Canary", MADRID)[1] == "WEST"
    assert zones.shown(noon, "+05:30", MADRID)[0].hour == 15
    assert not any(map(zones.is_zone, ("Madrid", "+15:00", "+2", "")))


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("Zaragoza", "Zaragoza"),
        ("Getafe, Madrid", "Getafe, Madrid"),
        ("Calle Mayor 3, Zaragoza", "Zaragoza"),
        ("Calle Mayor, 3, Zaragoza", "Zaragoza"),
        ("Juan Pérez, Calle Mayor 3, Zaragoza", "Zaragoza"),
        ("C/ Sol 5", ""),
        ("Juan Pérez, Calle Mayor 3", ""),
        ("Calle Mayor, 5", ""),
        ("5 bis, Calle Mayor", ""),
        ("Flat 2, 10, Downing Street", ""),
        ("Calle Mayor 3,", ""),
    ],
)
def test_the_first_level_shows_neither_street_nor_name(place, shown):
    assert words.coarse(place) == shown
