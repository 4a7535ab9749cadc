"""The promise of each row of a list: its clock in words, and its dates (service-levels.md 36, 38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.requests.models import State
from portal.requests.queries import KIND
from portal.service_levels import queries as levels
from portal.service_levels.queries import ClockWords, Reading

# how the date of a clock looks
LOOKS = {"breached": "late", "met": "kept"}


@dataclass(frozen=True)
class Promised:
    """The promise of one row: its clock in words, its date with its look, late or kept, and a date given beside it (38).

    `anew`: the date is a new target after an earlier one was not kept, which still counts (27, SL39).
    """

    words: ClockWords
    due: datetime | None
    look: str
    expected: datetime | None
    anew: bool = False


def promises_of(rows: Sequence[Any], now: datetime) -> Mapping[int, Promised]:
    """Return the promises of the rows, by request; nothing is promised of what is not to be done (36)."""
    ids = [row.id for row in rows if row.state not in (State.WITHDRAWN, State.REJECTED) and not row.merged_into]
    found = levels.clocks_of(KIND, ids, ("fulfilment",))
    return {row.id: promised(found[row.id][0], now, row.expected_at, row.aimed_anew) for row in rows if row.id in found}


def promised(reading: Reading, now: datetime, expected: datetime | None = None, anew: bool = False) -> Promised:
    """Return one clock as lists show it."""
    timing = reading.at(now)
    anew = anew and not timing.late
    look = "late" if anew else LOOKS.get(timing.state, "")
    return Promised(levels.clock_words(reading, now), timing.due, look, expected, anew)
