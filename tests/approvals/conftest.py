"""Papers to approve."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.approvals import papers

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _papers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make the table of papers where the test has an application."""
    if "app" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("app")
    papers.install()
    yield
    papers.remove()


@pytest.fixture
def now(app: Flask) -> datetime:
    """Tuesday 10 March 2026, 10:00 in Madrid."""
    return NOW
