"""The arithmetic of seats: pure tables (training.md 9 to 17, calendars.md 1 to 8)."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.training import moments, rules
from tests.training.people import at

STOP = at("2026-03-11 09:00")
START = at("2026-03-12 09:00")


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        pytest.param("2026-03-05 09:00", "2026-03-06 09:00", id="long-before-24-hours"),
        pytest.param("2026-03-10 09:00", "2026-03-10 21:00", id="half-of-what-is-left"),
        pytest.param("2026-03-11 06:00", "2026-03-11 08:00", id="TR22-never-under-2-hours"),
        pytest.param("2026-03-11 08:59", "2026-03-11 10:59", id="at-the-stop-at-most-2-hours-later"),
    ],
)
def test_TR22_time_to_answer(made, ends):
    assert rules.offer_ends(at(made), STOP) == at(ends)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (STOP - timedelta(seconds=1), "offers"),
        (STOP, "last_minute"),
        (START - timedelta(seconds=1), "last_minute"),
        (START, "over"),
    ],
)
def test_TR6_TR7_how_seats_are_given_away(now, phase):
    assert rules.phase(now, STOP, START) == phase


@pytest.mark.parametrize(
    ("now", "confirmed", "moved", "late"),
    [
        pytest.param(STOP - timedelta(seconds=1), STOP - timedelta(days=9), None, False, id="before-the-deadline"),
        pytest.param(STOP, STOP - timedelta(days=9), None, True, id="at-the-deadline"),
        pytest.param(STOP, STOP - timedelta(days=9), STOP - timedelta(days=1), False, id="TR10-moved-since"),
        pytest.param(STOP, STOP - timedelta(hours=1), STOP - timedelta(days=1), True, id="confirmed-after-it-moved"),
    ],
)
def test_TR10_when_leaving_is_late(now, confirmed, moved, late):
    assert rules.is_late(now, STOP, confirmed, moved) is late


def test_the_queue_goes_by_priority_then_time_then_number():
    rows = [SimpleNamespace(id=number, priority=p, queued_at=START + timedelta(hours=h)) for number, p, h in
            [(1, 0, 1), (2, 0, 0), (3, 1, 5), (4, 0, 0)]]  # fmt: skip
    assert [row.id for row in sorted(rows, key=rules.order)] == [3, 2, 4, 1]


# --- wall time -------------------------------------------------------------------------------------------------------


def wall(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("day", "hour"), [("2026-10-22", 7), ("2026-10-29", 8)])
def test_CA1_the_wall_time_stays_over_a_clock_change(day, hour):
    found = moments.repeated(wall(f"{day} 09:00"), wall(f"{day} 10:00"), "Europe/Madrid")
    assert found.starts_at == datetime.fromisoformat(f"{day} {hour:02}:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [("2026-10-24", 9), ("2027-03-27", 7)])
def test_CA2_hours_counted_are_a_difference_of_instants(day, hours):
    start = wall(f"{day} 22:00")
    found = moments.span(start, start + timedelta(hours=8), "Europe/Madrid")
    assert found.ends_at - found.starts_at == timedelta(hours=hours)


def test_CA3_an_hour_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(moments.NotThere) as refused:
        moments.span(wall("2027-03-28 02:30"), wall("2027-03-28 04:00"), "Europe/Madrid")
    assert (refused.value.before, refused.value.after) == (wall("2027-03-28 01:59"), wall("2027-03-28 03:00"))


def test_CA4_a_series_moves_out_of_the_gap_and_says_so():
    found = moments.repeated(wall("2027-03-28 02:30"), wall("2027-03-28 05:00"), "Europe/Madrid")
    assert (found.local_start, found.flag) == (wall("2027-03-28 03:30"), "moved")


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_CA5_an_hour_that_exists_twice_is_asked_about(fold, hour):
    given = (wall("2026-10-25 02:30"), wall("2026-10-25 04:00"), "Europe/Madrid")
    with pytest.raises(moments.Twice):
        moments.span(*given)
    assert moments.span(*given, fold).starts_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_a_date_that_ends_before_it_begins_is_refused():
    with pytest.raises(moments.EndsBeforeStart):
        moments.span(wall("2026-03-12 11:00"), wall("2026-03-12 09:00"), "Europe/Madrid")


def test_a_weekly_series_has_at_most_60_days():
    assert moments.weekly(date(2026, 3, 12), 3) == [date(2026, 3, 12), date(2026, 3, 19), date(2026, 3, 26)]
    assert len(moments.weekly(date(2026, 3, 12), 500)) == 60
