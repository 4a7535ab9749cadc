"""How often a race is run: 10 rounds in the ordinary tests, `RACE_ROUNDS` of them by name (`make races`)."""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy.exc import DBAPIError

from portal.core import faults

T = TypeVar("T")

ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))

# A test that runs its rounds itself, and one that gets a fresh portal for each round.
race = pytest.mark.race
each_round = pytest.mark.parametrize("round_", range(ROUNDS))


def patiently(work: Callable[[], T]) -> T:
    """Do it again when somebody held the lock for too long: the edge answers 409 then, and a person presses once more.

    On SQLite the edge itself tries again while the whole database is busy.
    """
    while True:
        try:
            return work()
        except DBAPIError as error:
            if not (faults.is_locked(error) or faults.is_busy(error)):
                raise
