"""The slot for working time: calendars belong to a package that approvals does not know (service_levels)."""

from collections.abc import Callable
from datetime import datetime, timedelta

# (service department, from, to) -> working time between them
WorkingTime = Callable[[int, datetime, datetime], timedelta]

_measures: list[WorkingTime] = []


def measure_with(measure: WorkingTime) -> None:
    """Let a package above say how much working time lies between two instants. The last one counts."""
    _measures[:] = [measure]


def working_time(department_id: int, start: datetime, end: datetime) -> timedelta:
    """Return the working time of a department; without calendars every hour counts."""
    return _measures[0](department_id, start, end) if _measures else end - start
