"""The promise of each row of a list: its clock in words, and its dates (service-levels.md 36, 38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.requests.models import State
from portal.requests.queries import KIND
from portal.service_levels import queries as levels
from portal.service_levels.models import ExpectedDate
from portal.service_levels.queries import ClockWords, Reading

# how the date of a clock looks
LOOKS = {"breached": "late", "met": "kept"}


@dataclass(frozen=True)
class Promised:
    """The promise of one row: its clock in words, its date with its look, late or kept, and a date given beside it (38)."""

    words: ClockWords
    due: datetime | None
    look: str
    expected: datetime | None


def promises_of(rows: Sequence[Any], now: datetime) -> Mapping[int, Promised]:
    """Return the promises of the rows, by request; nothing is promised of what is not to be done (36)."""
    ids = [row.id for row in rows if row.state not in (State.WITHDRAWN, State.REJECTED) and not row.merged_into]
    found = levels.clocks_of(KIND, ids, ("fulfilment",))
    beside = levels.expected_dates(KIND, ids)
    return {request_id: _promised(readings[0], beside.get(request_id), now) for request_id, readings in found.items()}


def _promised(reading: Reading, beside: ExpectedDate | None, now: datetime) -> Promised:
    timing = reading.at(now)
    expected = beside.expected_at if beside else None
    return Promised(levels.clock_words(reading, now), timing.due, LOOKS.get(timing.state, ""), expected)
