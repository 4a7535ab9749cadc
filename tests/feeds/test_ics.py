"""iCalendar and the pages' arithmetic: pure, read back with a parser that nobody here wrote (calendars.md)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.feeds import grids, ics, zones
from portal.feeds.items import CANCELLED, Item, Span

WHEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def instant(wall: datetime, zone: str, fold: int) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def item(start: str, end: str, zone: str = "Europe/Madrid", fold: int = 0, **values) -> Item:
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    span = Span(first, last, zone, fold, fold, instant(first, zone, fold), instant(last, zone, fold))
    usual = {"uid": f"{start}@ventanilla", "sequence": 0, "title": "Sesión", "stamp": WHEN, "modified": WHEN}
    return Item(span=span, **(usual | values))


def read(*items: Item):
    return Calendar.from_ical(ics.feed(items, "Mi calendario", "http://localhost"))


@pytest.mark.parametrize(
    ("start", "end", "fold", "begins", "hours"),
    [
        pytest.param("2026-10-22 09:00", "2026-10-22 10:00", 0, "2026-10-22T07:00", 1, id="CA1-summer-time"),
        pytest.param("2026-10-29 09:00", "2026-10-29 10:00", 0, "2026-10-29T08:00", 1, id="CA1-winter-time"),
        pytest.param("2026-10-24 22:00", "2026-10-25 06:00", 0, "2026-10-24T20:00", 9, id="CA2-nine-hours"),
        pytest.param("2027-03-27 22:00", "2027-03-28 06:00", 0, "2027-03-27T21:00", 7, id="CA2-seven-hours"),
        pytest.param("2026-10-25 02:30", "2026-10-25 03:30", 0, "2026-10-25T00:30", 2, id="CA5-first-of-two"),
        pytest.param("2026-10-25 02:30", "2026-10-25 03:30", 1, "2026-10-25T01:30", 1, id="CA5-second-of-two"),
        pytest.param("2027-03-28 03:30", "2027-03-28 04:30", 0, "2027-03-28T01:30", 1, id="CA4-after-the-gap"),
    ],
)
def test_CA1_CA2_CA5_programs_read_the_instants_that_were_meant(start, end, fold, begins, hours):
    (event,) = read(item(start, end, fold=fold)).walk("VEVENT")
    first, last = (event[name].dt.astimezone(UTC) for name in ("dtstart", "dtend"))
    assert first == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert last - first == timedelta(hours=hours)


def test_CA14_long_accented_title_is_folded_and_comes_back_exactly():
    title = "Sesión de formación; «añádela», más \\ o menos\n" + "ñáéíóú🙂" * 25
    raw = ics.feed([item("2026-03-12 09:00", "2026-03-12 10:00", title=title, place="Aula 1, sótano")], "x", "")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == (title, "Aula 1, sótano")


def test_CA11_the_order_and_the_bytes_do_not_depend_on_how_items_came():
    one, two = item("2026-03-12 09:00", "2026-03-12 10:00"), item("2026-03-13 09:00", "2026-03-13 10:00")
    assert ics.feed([one, two], "x", "") == ics.feed([two, one], "x", "")
    assert b"DTSTAMP:20260105T090000Z" in ics.feed([one], "x", "")


def test_feeds_hint_four_hours_and_free_time_for_what_came_by_mail():
    found = read(item("2026-03-12 09:00", "2026-03-12 10:00", invited=True))
    assert found["refresh-interval"].dt == timedelta(hours=4)
    assert str(found["x-published-ttl"]) == "PT4H"
    assert found.walk("VEVENT")[0]["transp"] == "TRANSPARENT"


def test_CA10_a_cancellation_says_so_twice_and_asks_for_no_answer():
    raw = ics.invitation(
        item("2026-03-12 09:00", "2026-03-12 10:00", status=CANCELLED, organizer="a@b.es", attendee="c@d.es"), ""
    )
    found = Calendar.from_ical(raw)
    (event,) = found.walk("VEVENT")
    assert (found["method"], event["status"], event["organizer"], event["attendee"]) == (
        "CANCEL", "CANCELLED", "mailto:a@b.es", "mailto:c@d.es",
    )  # fmt: skip
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert "rrule" not in event
    assert "recurrence-id" not in event


@pytest.mark.parametrize(
    "zone", ["Europe/Madrid", "Atlantic/Canary", "America/Bogota", "Australia/Lord_Howe", "Africa/Casablanca"]
)
def test_zone_parts_agree_with_the_zone_data_in_every_hour_of_their_years(zone):
    parts = zones.component(zone, 2026, 2027).walk()[1:]
    turns = sorted((part["dtstart"].dt - part["tzoffsetfrom"].td, part["tzoffsetto"].td) for part in parts)
    for hour in range(0, 2 * 365 * 24, 5):
        moment = datetime.fromisoformat("2026-01-01") + timedelta(hours=hour)
        expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert [offset for start, offset in turns if start <= max(moment, turns[0][0])][-1] == expected


def test_zone_covers_the_years_used_alone():
    found = read(item("2026-03-12 09:00", "2026-03-12 10:00"), item("2026-03-12 09:00", "2026-03-12 10:00", "UTC", uid="u"))
    (zone,) = found.walk("VTIMEZONE")
    assert [str(part["tzname"]) for part in zone.walk()[1:]] == ["CET", "CEST", "CET"]
    assert b"TZID=Europe/Madrid:20260312T090000" in found.to_ical()


@pytest.mark.parametrize(
    ("day", "first", "last", "weeks"),
    [
        ("2026-11-25", "2026-10-26", "2026-12-06", 6),
        ("2027-02-01", "2027-02-01", "2027-02-28", 4),
        ("2026-12-31", "2026-11-30", "2027-01-03", 5),
    ],
)  # fmt: skip
def test_months_are_whole_weeks_from_monday_on(day, first, last, weeks):
    shown = grids.month_of(date.fromisoformat(day))
    assert (shown.first.isoformat(), shown.last.isoformat(), len(shown.weeks)) == (first, last, weeks)
    assert grids.month_of(shown.next).previous == shown.on


def test_night_shift_stands_on_both_days_and_midnight_ends_the_first():
    night, evening = item("2026-03-12 22:00", "2026-03-13 06:00"), item("2026-03-12 22:00", "2026-03-13 00:00")
    found = grids.by_day([night, replace(evening, uid="e")], "Europe/Madrid")
    assert {day.day: len(items) for day, items in found.items()} == {12: 2, 13: 1}
