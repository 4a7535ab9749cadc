"""What would move if a calendar or a target were saved: every open clock, in batches, without writing anything (35)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.service_levels.calendar import BusinessCalendar, CalendarExhausted
from portal.service_levels.models import Clock
from portal.service_levels.queries.clocks import Reading, read_open
from portal.service_levels.timing import Run, Target, due_of, effective

BATCH = 500
SHOWN = 200  # rows on the page; the numbers count all


@dataclass(frozen=True)
class Moved:
    """One promise with its date before and after; None is no date."""

    clock: Clock
    old: datetime | None
    new: datetime | None
    newly_late: bool

    @property
    def earlier(self) -> bool:
        """Return whether the promise comes nearer."""
        return self.new is not None and (self.old is None or self.new < self.old)


@dataclass(frozen=True)
class Preview:
    """All that would move, and how many open clocks were looked at."""

    checked: int
    moved: list[Moved]

    @property
    def late(self) -> int:
        """Return how many would be late at once."""
        return sum(one.newly_late for one in self.moved)


def open_readings(condition: Any) -> Iterator[list[Reading]]:
    """Return the open clocks that meet a condition, in batches by id."""
    last = 0
    while batch := read_open(condition, Clock.id > last, limit=BATCH):
        last = batch[-1].clock.id
        yield batch


def preview_calendar(calendar_id: int, changed: BusinessCalendar, now: datetime) -> Preview:
    """Compare every open clock of a calendar with how it would stand by the changed one."""
    return _preview(Clock.calendar_id == calendar_id, lambda one: (one.target, changed), now)


def preview_targets(level_id: int, targets: dict[str, Target], now: datetime) -> Preview:
    """Compare every open clock of a level with how it would stand with other targets (33)."""
    return _preview(Clock.level_id == level_id, lambda one: (targets.get(one.clock.kind), one.calendar), now)


def _preview(condition: Any, changed: Callable[[Reading], tuple[Target | None, BusinessCalendar]], now: datetime) -> Preview:
    checked, moved = 0, []
    for batch in open_readings(condition):
        checked += len(batch)
        for reading in batch:
            found = moved_by(reading, *changed(reading), now)
            if found:
                moved.append(found)
    return Preview(checked, moved)


def moved_by(reading: Reading, target: Target | None, calendar: BusinessCalendar, now: datetime) -> Moved | None:
    """Return the old and the new date of a clock if they differ; a clock that waits has none (21)."""
    runs = effective(reading.runs, now)
    old, new = _due(runs, reading.target, reading.calendar), _due(runs, target, calendar)
    if old == new:
        return None
    late = new is not None and new < now and not (old is not None and old < now)
    return Moved(reading.clock, old, new, late)


def _due(runs: list[Run], target: Target | None, calendar: BusinessCalendar) -> datetime | None:
    if target is None or runs[-1].ends is not None:
        return None
    try:
        return due_of(runs, calendar, target)
    except CalendarExhausted:
        return None
