"""A second opinion that knows nothing of intervals, dates or offsets: it looks at the clock on the wall every minute.

The ordinary tests try 10,000 random cases; `ORACLE_CASES=100000 pytest tests/service_levels/test_oracle.py` tries more.
"""

import os
from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from .cases import WEEK, Hours, Window, minutes, random_hours, windows

CASES = int(os.environ.get("ORACLE_CASES", "10000"))
PER_CALENDAR = 10
MINUTE = timedelta(minutes=1)


@cache
def shown(window: Window) -> list[int]:
    """What the wall clock has shown at most by each minute: hours that it repeats are hours already seen."""
    zone, at = ZoneInfo(window.zone), window.starts
    readings = []
    for _ in range(window.days * 1440):
        wall = at.astimezone(zone)
        readings.append(wall.toordinal() * 1440 + wall.hour * 60 + wall.minute)
        at += MINUTE
    return list(accumulate(readings, max))


def open_minutes(hours: Hours, window: Window) -> list[bool]:
    """Whether each minute of the window is open."""
    walls = shown(window)
    wanted: set[int] = set()
    for ordinal in range(walls[0] // 1440 - 2, walls[-1] // 1440 + 1):
        for opens, closes in rows_of(hours, date.fromordinal(ordinal)):
            wanted.update(range(ordinal * 1440 + minutes(opens), ordinal * 1440 + minutes(closes)))
    return [wall in wanted for wall in walls]


def rows_of(hours: Hours, day: date) -> list[tuple[str, str]]:
    if day in hours.holidays:
        return []
    return hours.exceptions.get(day, list(hours.week.get(WEEK[day.weekday()], {}).items()))


def check_calendar(random: Random) -> None:
    window = random.choice(windows())
    hours = random_hours(random, window)
    is_open = open_minutes(hours, window)
    before = [0, *accumulate(is_open)]  # open minutes before each minute
    calendar = hours.calendar(window.zone)

    def instant(minute: int) -> datetime:
        return window.starts + minute * MINUTE

    for _ in range(PER_CALENDAR):
        start, end = sorted(random.choices(range(len(is_open)), k=2))
        spent = before[end] - before[start]
        assert calendar.working_time(instant(start), instant(end)) == spent * MINUTE, (window, hours)
        assert calendar.is_open(instant(start)) == is_open[start], (window, hours)
        if spent:
            target = random.randint(1, spent)
            due = bisect_left(before, before[start] + target)
            assert calendar.due(instant(start), target * MINUTE) == instant(due), (window, hours)


def test_a_minute_by_minute_oracle_agrees() -> None:
    random = Random(20260306)  # noqa: S311  no secret
    for _ in range(CASES // PER_CALENDAR):
        check_calendar(random)
