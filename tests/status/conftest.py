"""What the tests of the public window share."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.status.seed_api import Seed, seed

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def at_nine():
    """Monday 9:00 UTC, and the hand of the clock."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def there(app, cast, at_nine) -> Seed:
    """The seed of status-api.md 5."""
    return seed(cast.editor)
