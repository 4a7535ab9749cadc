"""Uptime as weighted seconds: the figures of status-page.md 6, and what holds for any facts; pure."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.status import uptime
from portal.status.spans import Declared, Period, Planned, spans
from portal.status.vocabulary import DEGRADED, MAINTENANCE, MAJOR, NO_DATA, OPERATIONAL, PARTIAL

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=90)
HOUR = timedelta(hours=1)
FINE = Declared(OPERATIONAL, Period(START - timedelta(days=400)))
ZONES = ["Europe/Madrid", "Europe/Bratislava", "UTC"]


def outage(status: str, hours: float, at: datetime = START + timedelta(days=10)) -> Declared:
    return Declared(status, Period(at, at + timedelta(hours=hours)))


def measure(*impacts: Declared, windows=(), baseline=(FINE,), start=START, end=END) -> uptime.Figures:
    return uptime.figures(spans(baseline, impacts, windows, start, end), start, end)


def announced(hours: float, at: datetime = START + timedelta(days=10)) -> Planned:
    period = Period(at, at + timedelta(hours=hours))
    return Planned(MAINTENANCE, period, [period])


@pytest.mark.parametrize(
    ("impacts", "down", "shown"),
    [
        pytest.param([outage(MAJOR, 1)], 3_600, 99.95, id="SP case 1"),
        pytest.param([outage(PARTIAL, 1)], 1_080, 99.98, id="SP case 2"),
        pytest.param([outage(MAJOR, 1 / 3600)], 1, 99.99, id="SP case 3"),
        pytest.param([outage(DEGRADED, 5)], 0, 100.0, id="SP case 4"),
        pytest.param([outage(MAJOR, 1), outage(MAJOR, 1)], 3_600, 99.95, id="SP case 5"),
        pytest.param([outage(MAJOR, 24, START + timedelta(days=9))], 86_400, 98.88, id="a day of ninety"),
    ],
)
def test_figures_of_ninety_days(impacts, down, shown):
    found = measure(*impacts)
    assert (found.down, found.percentage, found.measured) == (down, shown, 7_776_000)


def test_SP6_case_failing_check_inside_an_announced_window_is_no_downtime():
    found = measure(baseline=[FINE, outage(MAJOR, 3, START + timedelta(days=10) + HOUR)], windows=[announced(4)])
    assert (found.down, found.percentage, found.maintenance, found.excluded) == (0, 100.0, 4 * 3600, 4 * 3600)


def test_SP7_case_incident_during_a_window_counts():
    found = measure(outage(MAJOR, 1, START + timedelta(days=10) + HOUR), windows=[announced(4)])
    assert (found.down, found.excluded) == (3_600, 3 * 3600)


def test_SP8_case_young_component_is_measured_from_its_start():
    found = measure(outage(MAJOR, 24, END - timedelta(days=5)), start=END - timedelta(days=10))
    assert found.percentage == 90.0


def test_SP9_case_day_of_announced_maintenance_has_no_figure():
    found = measure(windows=[announced(24, START)], end=START + timedelta(days=1))
    assert (found.percentage, found.measured) == (None, 86_400)


def test_SP10_case_never_checked_has_no_figure():
    day = uptime.by_day(spans([], [], [], START, END), [date(2026, 1, 5)], "UTC", date(2025, 1, 1), END)[0]
    assert (measure(baseline=[]).percentage, day.worst) == (None, NO_DATA)


@pytest.mark.parametrize(("zone", "seconds"), [("Europe/Madrid", 82_800), ("Europe/Bratislava", 82_800), ("UTC", 86_400)])
def test_SP11_case_day_of_23_hours(zone, seconds):
    begin, end = (uptime.day_begins(date(2026, 3, day), zone) for day in (29, 30))
    found = uptime.figures(spans([FINE], [Declared(MAJOR, Period(begin, end))], [], begin, end), begin, end)
    assert (found.down, found.percentage) == (seconds, 0.0)


@pytest.mark.parametrize("zone", ZONES)
def test_SP12_case_outage_over_midnight_gives_each_day_its_part(zone):
    midnight = datetime(2026, 2, 11, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    broken = Declared(MAJOR, Period(midnight - HOUR / 2, midnight + HOUR / 2))
    found = spans([FINE], [broken], [], START - timedelta(days=1), END)
    days = uptime.by_day(found, [date(2026, 2, 10), date(2026, 2, 11)], zone, date(2025, 1, 1), END)
    assert [(day.worst, day.figures.major) for day in days] == [(MAJOR, 1_800), (MAJOR, 1_800)]


def test_SP13_case_partial_outage_of_a_whole_day():
    assert measure(outage(PARTIAL, 24, START), end=START + timedelta(days=1)).percentage == 70.0


def test_SP14_case_open_incident_counts_until_now():
    now = START + timedelta(days=80)
    found = measure(Declared(MAJOR, Period(now - HOUR)), end=now)
    assert (found.down, found.measured) == (3_600, 80 * 86_400)


def test_SP26_case_window_entered_afterwards_excludes_nothing():
    period = Period(START, START + HOUR)
    found = measure(windows=[Planned(MAINTENANCE, period, [])])
    assert (found.excluded, found.down) == (0, 1_080)


def test_SP27_case_minutes_after_the_announced_end_count_with_their_weight():
    period = Period(START, START + timedelta(hours=4, minutes=40))
    found = measure(windows=[Planned(MAINTENANCE, period, [Period(START, START + timedelta(hours=4))])])
    assert (found.excluded, found.down) == (4 * 3600, 40 * 60 * 3 // 10)


def test_day_before_the_service_began_is_not_in_service_yet():
    assert uptime.by_day([], [date(2026, 1, 1)], "UTC", date(2026, 1, 2), END)[0].worst == ""


def test_SP28_mean_of_a_group_is_plain_and_floored():
    assert uptime.mean([10_000, None, 9_999]) == 9_999
    assert uptime.mean([None]) is None


def test_window_is_today_and_the_89_days_before():
    days = uptime.window(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "Europe/Madrid")
    assert (len(days), days[0], days[-1]) == (90, date(2025, 12, 4), date(2026, 3, 3))


# --- for any facts ---------------------------------------------------------------------------------------------------

instants = st.integers(0, 3_000).map(lambda minutes: START + timedelta(minutes=minutes))
periods = st.tuples(instants, st.integers(1, 600)).map(lambda pair: Period(pair[0], pair[0] + timedelta(minutes=pair[1])))
declared = st.builds(Declared, st.sampled_from([MAJOR, PARTIAL, DEGRADED, OPERATIONAL]), periods, st.just("x"))
planned = st.builds(Planned, st.just(MAINTENANCE), periods, st.lists(periods, max_size=2), st.just("w"))
FEW = START + timedelta(days=3)


@given(st.lists(declared, max_size=6), st.lists(planned, max_size=3))
def test_uptime_lies_between_0_and_100(impacts, windows):
    found = measure(*impacts, windows=windows, end=FEW)
    assert found.percentage is None or 0 <= found.percentage <= 100
    assert (found.percentage == 100) == (found.down_tenths == 0 and found.percentage is not None)


@given(st.lists(declared, max_size=6), st.lists(planned, max_size=3), st.randoms(use_true_random=False))
def test_order_of_facts_does_not_matter(impacts, windows, random):
    shuffled, again = list(impacts), list(windows)
    random.shuffle(shuffled)
    random.shuffle(again)
    assert measure(*impacts, windows=windows, end=FEW) == measure(*shuffled, windows=again, end=FEW)


@given(st.lists(declared, max_size=6), periods)
def test_more_outage_is_never_more_uptime(impacts, period):
    before = measure(*impacts, end=FEW)
    after = measure(*impacts, Declared(MAJOR, period), end=FEW)
    assert after.down_tenths >= before.down_tenths
    assert after.hundredths <= before.hundredths


@given(st.lists(declared, max_size=6), st.lists(planned, max_size=3))
def test_spans_cover_the_period_once(impacts, windows):
    found = spans([FINE], impacts, windows, START, FEW)
    assert (found[0].since, found[-1].until) == (START, FEW)
    assert all(one.until == following.since and one.since < one.until for one, following in pairwise(found))


@given(st.lists(declared, max_size=5), st.lists(planned, max_size=2))
def test_days_add_up_to_the_whole(impacts, windows):
    found = spans([FINE], impacts, windows, START, FEW)
    days = uptime.by_day(found, [START.date() + timedelta(days=n) for n in range(3)], "UTC", date(2020, 1, 1), FEW)
    assert sum((day.figures for day in days), uptime.Figures()) == uptime.figures(found, START, FEW)
