"""The promise of each row of a list: its clock in words, and its dates (service-levels.md 16, 17, 36, 38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.requests.models import State
from portal.requests.queries import KIND
from portal.service_levels import queries as levels
from portal.service_levels.queries import ClockWords, Reading

# how the date of a clock looks
LOOKS = {"breached": "late", "met": "kept"}
WORK, DECISION = "fulfilment", "approval"


@dataclass(frozen=True)
class Promised:
    """The promise of one row: its clock in words, its date with its look, late or kept, and a date given beside it (38).

    `anew`: the date is a new target after an earlier one was not kept, which still counts (27, SL39). `deciding`: it is that
    of the decision, on which the work waits (17).
    """

    words: ClockWords
    due: datetime | None
    look: str
    expected: datetime | None
    anew: bool = False
    deciding: bool = False


def promises_of(rows: Sequence[Any], now: datetime) -> Mapping[int, Promised]:
    """Return the promises of the rows, by request; nothing is promised of what is not to be done (36)."""
    shown = [row for row in rows if row.state not in (State.WITHDRAWN, State.REJECTED) and not row.merged_into]
    waits = any(row.state == State.WAITING_FOR_APPROVAL for row in shown)
    found = levels.clocks_of(KIND, [row.id for row in shown], (WORK, DECISION) if waits else (WORK,))
    promises = {row.id: _of_row(row, found.get(row.id, ()), now) for row in shown}
    return {id_: promise for id_, promise in promises.items() if promise is not None}


def _of_row(row: Any, readings: Sequence[Reading], now: datetime) -> Promised | None:
    if row.state == State.WAITING_FOR_APPROVAL:
        asked = next((one for one in readings if one.clock.kind == DECISION and not one.stopped and one.target), None)
        return replace(promised(asked, now), deciding=True) if asked else None
    work = next((one for one in readings if one.clock.kind == WORK), None)
    return promised(work, now, row.expected_at, row.aimed_anew) if work else None


def promised(reading: Reading, now: datetime, expected: datetime | None = None, anew: bool = False) -> Promised:
    """Return one clock as lists show it."""
    timing = reading.at(now)
    anew = anew and not timing.late
    look = "late" if anew else LOOKS.get(timing.state, "")
    return Promised(levels.clock_words(reading, now), timing.due, look, expected, anew)
