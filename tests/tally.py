"""Counts where the tests ran, and in CI lets none be skipped."""

import os
from collections import Counter
from collections.abc import Generator

import pytest

IN_CI = os.environ.get("CI") == "true"
PLACES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "browser": "the browser", "none": "neither"}
PROPERTY = "ran in"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note where a test runs; the note travels with its report."""
    fixtures = getattr(item, "fixturenames", ())
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    places = [str(parameters["engine"])] if "engine" in parameters else []
    if "browser" in fixtures:
        places.append("browser")
    item.user_properties.append((PROPERTY, places or ["none"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that does not run has failed; one that is expected to fail has run."""
    report = yield
    if not hasattr(report, "wasxfail"):
        refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module."""
    report = yield
    refuse_skip(report)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where nothing may be skipped."""
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line how many tests ran where, and name what could not run."""
    ran: Counter[str] = Counter()
    for outcome in ("passed", "failed", "xfailed", "xpassed"):
        for report in terminalreporter.stats.get(outcome, []):
            ran.update(place for name, places in report.user_properties if name == PROPERTY for place in places)
    missed = Counter(reason(report) for report in terminalreporter.stats.get("skipped", []))
    for why, number in missed.items():
        terminalreporter.write_line(f"Not run on this machine: {number} ({why})")
    where = ", ".join(f"{name}: {ran[place]}" for place, name in PLACES.items())
    terminalreporter.write_line(f"Tests run on {where}; not run: {missed.total()}")


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
