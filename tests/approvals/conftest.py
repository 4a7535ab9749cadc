"""Papers to approve."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from portal.approvals import links
from portal.approvals.events import ApprovalBlocked, ApprovalGranted, ApprovalRejected, ApprovalReturned
from portal.core import events
from tests.approvals import papers

News = list[Any]
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _papers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make the table of papers where the test has an application; what actions say is read in English."""
    if "app" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("app")
    papers.install()
    with force_locale("en"):
        yield
    papers.remove()


@pytest.fixture
def now(app: Flask) -> datetime:
    """Tuesday 10 March 2026, 10:00 in Madrid."""
    return NOW


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> News:
    """What approvals publish during the test."""
    heard: News = []
    for event in (ApprovalGranted, ApprovalRejected, ApprovalReturned, ApprovalBlocked):
        monkeypatch.setitem(events._subscribers, event, [heard.append])
    return heard


@pytest.fixture
def today() -> Iterator[time_machine.Traveller]:
    """Let the clock stand at that Tuesday."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def let_links_decide(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company lets links decide up to 300 euros."""
    monkeypatch.setitem(app.config, links.LIMIT, "300.00 EUR")
