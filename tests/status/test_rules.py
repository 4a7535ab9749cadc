"""Effective status, indicator, windows and the course of incidents: the rules of status-page.md as tables; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from portal.status import course, planning
from portal.status.effective import Open, impact_of, verdict
from portal.status.spans import Declared, Period, Planned, spans, status_at
from portal.status.vocabulary import (
    CANCELLED,
    COMPLETED,
    DEGRADED,
    IDENTIFIED,
    IN_PROGRESS,
    INVESTIGATING,
    MAINTENANCE,
    MAJOR,
    MONITORING,
    OPERATIONAL,
    PARTIAL,
    RESOLVED,
    SCHEDULED,
    UNKNOWN,
    VERIFYING,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("baseline", "impacts", "windows", "expected"),
    [
        pytest.param(OPERATIONAL, [], [], OPERATIONAL, id="nothing"),
        pytest.param(PARTIAL, [DEGRADED], [], PARTIAL, id="SP1 the worst counts"),
        pytest.param(MAJOR, [], [MAINTENANCE], MAINTENANCE, id="SP2 a window replaces the baseline"),
        pytest.param(OPERATIONAL, [MAJOR], [MAINTENANCE], MAJOR, id="SP2 a window never hides an incident"),
        pytest.param(OPERATIONAL, [], [MAINTENANCE, PARTIAL], PARTIAL, id="SP1 the worst of several windows"),
        pytest.param(UNKNOWN, [], [], UNKNOWN, id="SP6 nothing known"),
        pytest.param(UNKNOWN, [DEGRADED], [], DEGRADED, id="SP6 impacts decide alone"),
        pytest.param(UNKNOWN, [], [MAINTENANCE], MAINTENANCE, id="SP6 windows decide alone"),
        pytest.param(DEGRADED, [], [], DEGRADED, id="SP3 after an incident the baseline shows"),
    ],
)
def test_effective_status(baseline, impacts, windows, expected):
    always = Period(NOON)
    declared = [Declared(status, always) for status in impacts]
    planned = [Planned(status, always, []) for status in windows]
    assert status_at([Declared(baseline, always)], declared, planned, NOON) == expected


def statuses(**counts: int) -> list[str]:
    words = {"major": MAJOR, "partial": PARTIAL, "slow": DEGRADED, "planned": MAINTENANCE, "fine": OPERATIONAL}
    return [words[name] for name, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("components", "indicator", "sentence"),
    [
        pytest.param({}, "none", "All Systems Operational", id="SP case 23"),
        pytest.param({"fine": 3}, "none", "All Systems Operational", id="line 5"),
        pytest.param({"major": 5, "partial": 1, "fine": 3}, "major", "Partial System Outage", id="SP case 17"),
        pytest.param({"major": 1}, "critical", "Major System Outage", id="SP case 18 one of one"),
        pytest.param({"major": 1, "fine": 299}, "major", "Partial System Outage", id="SP case 18 one of 300"),
        pytest.param({"planned": 1, "partial": 1, "fine": 8}, "minor", "Minor Service Outage", id="SP case 19"),
        pytest.param({"partial": 2}, "major", "Partial System Outage", id="line 2"),
        pytest.param({"slow": 2}, "minor", "Degraded System Service", id="line 3"),
        pytest.param({"slow": 1}, "minor", "Partially Degraded Service", id="line 3 needs two"),
        pytest.param({"slow": 1, "fine": 1}, "minor", "Partially Degraded Service", id="line 3b"),
        pytest.param({"planned": 1, "fine": 1}, "maintenance", "Service Under Maintenance", id="line 4"),
        pytest.param({"planned": 1, "major": 1}, "major", "Partial System Outage", id="API case 8 outages above maintenance"),
    ],
)
def test_indicator_follows_the_components(components, indicator, sentence):
    found = verdict(statuses(**components), [])
    assert (found.indicator, found.sentence) == (indicator, sentence)


@pytest.mark.parametrize(
    ("components", "impacts", "indicator", "incident"),
    [
        pytest.param({"fine": 5}, ["minor"], "minor", "incident 0", id="SP case 16"),
        pytest.param({"slow": 1, "fine": 1}, ["minor"], "minor", "", id="line 6 only when above"),
        pytest.param({"fine": 1}, ["minor", "critical", "critical"], "critical", "incident 2", id="line 6 newest on a tie"),
        pytest.param({"fine": 1}, ["none"], "none", "", id="line 6 none changes nothing"),
    ],
)
def test_incident_with_a_higher_impact_gives_indicator_and_description(components, impacts, indicator, incident):
    there = [Open(impact, NOON + number * HOUR, f"incident {number}") for number, impact in enumerate(impacts)]
    found = verdict(statuses(**components), there)
    assert (found.indicator, found.incident) == (indicator, incident)


@pytest.mark.parametrize(
    ("status", "impact"),
    [(OPERATIONAL, "none"), (MAINTENANCE, "maintenance"), (DEGRADED, "minor"), (PARTIAL, "major"), (MAJOR, "critical")],
    ids=lambda word: f"SP10 {word}",
)
def test_impact_of_a_status(status, impact):
    assert impact_of([OPERATIONAL, status]) == impact


@dataclass
class Window:
    """The times of a window."""

    scheduled_for: datetime = NOON
    scheduled_until: datetime = NOON + 2 * HOUR
    auto_complete: bool = True
    started_at: datetime | None = None
    verifying_at: datetime | None = None
    ended_at: datetime | None = None
    cancelled_at: datetime | None = None
    published_at: datetime = NOON - 24 * HOUR


@pytest.mark.parametrize(
    ("window", "at", "state"),
    [
        pytest.param(Window(), NOON - MINUTE, SCHEDULED, id="SP19 before"),
        pytest.param(Window(), NOON, IN_PROGRESS, id="SP19 from the start"),
        pytest.param(Window(), NOON + 2 * HOUR, COMPLETED, id="SP19 completes by itself"),
        pytest.param(Window(auto_complete=False), NOON + 3 * HOUR, IN_PROGRESS, id="SP19 runs longer"),
        pytest.param(Window(started_at=NOON - HOUR), NOON - MINUTE, IN_PROGRESS, id="SP19 begun by hand"),
        pytest.param(Window(verifying_at=NOON + HOUR), NOON + HOUR, VERIFYING, id="SP19 verifying"),
        pytest.param(Window(ended_at=NOON + HOUR), NOON + HOUR, COMPLETED, id="SP19 ended by hand"),
        pytest.param(Window(cancelled_at=NOON - HOUR), NOON, CANCELLED, id="SP21 cancelled"),
    ],
)
def test_state_of_a_window(window, at, state):
    assert planning.state_of(window, at) == state


def test_SP19_window_that_nobody_ended_says_that_it_runs_longer():
    assert planning.is_overrunning(Window(auto_complete=False), NOON + 2 * HOUR)
    assert not planning.is_overrunning(Window(), NOON + 3 * HOUR)


def test_SP20_what_was_announced_before_it_began_is_covered_and_nothing_else():
    first, later = Window(), Window(published_at=NOON + 3 * HOUR, scheduled_until=NOON + 4 * HOUR)
    covered = planning.announced_periods([later, first])
    assert covered == [Period(NOON, NOON + 2 * HOUR), Period(NOON + 3 * HOUR, NOON + 4 * HOUR)]
    assert planning.announced_periods([Window(published_at=NOON + 5 * HOUR)]) == []


@dataclass
class Said:
    """One update."""

    id: int
    state: str
    published_at: datetime
    retracts: bool = False


@dataclass
class Impact:
    """What an update declared."""

    update_id: int
    component_id: int
    status: str
    since: datetime


OPENED, FIXED, AGAIN = Said(1, INVESTIGATING, NOON), Said(2, RESOLVED, NOON + HOUR), Said(3, IDENTIFIED, NOON + 2 * HOUR)


def test_SP11_reopening_clears_the_resolution_and_keeps_its_history():
    assert course.resolved_at([OPENED, FIXED]) == NOON + HOUR
    assert course.resolved_at([OPENED, FIXED, AGAIN]) is None
    assert course.open_periods([OPENED, FIXED, AGAIN], NOON - HOUR) == [
        Period(NOON - HOUR, NOON + HOUR),
        Period(NOON + 2 * HOUR),
    ]


def test_SP10_impact_follows_while_open_and_is_the_highest_reached_afterwards():
    impacts = [Impact(1, 7, MAJOR, NOON), Impact(4, 7, OPERATIONAL, NOON + MINUTE)]
    watching = Said(4, MONITORING, NOON + MINUTE)
    assert course.impact(impacts[:1], [OPENED], [7], None) == "critical"
    assert course.impact(impacts, [OPENED, watching], [7], None) == "none", "API case 6"
    assert course.impact(impacts, [OPENED, watching, FIXED], [7], None) == "critical"
    assert course.impact(impacts, [OPENED], [], None) == "none", "internal components count for nothing (API case 5)"
    assert course.impact(impacts, [OPENED], [7], "minor") == "minor"


def test_SP14_retracted_incident_counts_for_nothing():
    wrong = Said(2, RESOLVED, NOON + HOUR, retracts=True)
    assert course.open_periods([OPENED, wrong], NOON) == []
    assert course.impact([Impact(1, 7, MAJOR, NOON)], [OPENED, wrong], [7], None) == "none"


def test_SP3_each_update_may_declare_another_status_and_the_end_lets_go():
    impacts = [Impact(1, 7, MAJOR, NOON), Impact(2, 7, DEGRADED, NOON + HOUR)]
    end = Said(5, RESOLVED, NOON + 2 * HOUR)
    found = course.declared(impacts, [OPENED, Said(2, MONITORING, NOON + HOUR), end], NOON, "x")[7]
    assert [(one.status, one.period) for one in found] == [
        (MAJOR, Period(NOON, NOON + HOUR)),
        (DEGRADED, Period(NOON + HOUR, NOON + 2 * HOUR)),
    ]


def test_SP7_case_incident_published_during_a_window_shows_and_the_window_goes_on():
    window = Planned(MAINTENANCE, Period(NOON, NOON + 3 * HOUR), [Period(NOON, NOON + 3 * HOUR)])
    outage = Declared(MAJOR, Period(NOON + HOUR, NOON + 2 * HOUR))
    found = spans([Declared(OPERATIONAL, Period(NOON - HOUR))], [outage], [window], NOON, NOON + 3 * HOUR)
    assert [(one.status, one.excluded) for one in found] == [(MAINTENANCE, True), (MAJOR, False), (MAINTENANCE, True)]
