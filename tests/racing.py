"""How often a race is run: 10 rounds in the ordinary tests, `RACE_ROUNDS` of them by name (`make races`)."""

import os

import pytest

ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))

# A test that runs its rounds itself, and one that gets a fresh portal for each round.
race = pytest.mark.race
each_round = pytest.mark.parametrize("round_", range(ROUNDS))
