"""The days of a month, a week or a list, and which items stand on each: pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.feeds.items import Item

FIRST_YEAR, LAST_YEAR = 1970, 2200
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Shown:
    """A stretch of days as it is drawn, and where one turns the page from it."""

    weeks: Sequence[Sequence[date]]
    on: date
    previous: date
    next: date
    # The days beside a month that fill its weeks are drawn faintly.
    month: int = 0

    @property
    def first(self) -> date:
        """Return the first day."""
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.weeks[-1][-1]

    @property
    def days(self) -> list[date]:
        """Return all days in order."""
        return [day for week in self.weeks for day in week]

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Return when the first day begins and the last one ends for the reader."""
        return midnight(self.first, zone), midnight(self.last + DAY, zone)


def midnight(day: date, zone: str) -> datetime:
    """Return when a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def month_of(day: date) -> Shown:
    """Return the weeks, from Monday on, that the month of a day touches."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    monday = _monday(first)
    count = -((monday - after) // WEEK)
    weeks = [_week(monday + WEEK * number) for number in range(count)]
    return Shown(weeks, first, (first - DAY).replace(day=1), after, first.month)


def week_of(day: date) -> Shown:
    """Return the week of a day."""
    monday = _monday(day)
    return Shown([_week(monday)], monday, monday - WEEK, monday + WEEK)


def days_from(day: date, length: timedelta) -> Shown:
    """Return the days from one on."""
    return Shown([[day + DAY * number for number in range(length.days)]], day, day - length, day + length)


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _week(monday: date) -> list[date]:
    return [monday + DAY * number for number in range(7)]


def by_day(items: Sequence[Item], zone: str) -> Mapping[date, list[Item]]:
    """Return the items of each day of the reader; what goes over midnight stands on every day that it touches."""
    found: dict[date, list[Item]] = defaultdict(list)
    for item in items:
        day = item.span.starts_at.astimezone(ZoneInfo(zone)).date()
        last = (item.span.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
        while day <= last:
            found[day].append(item)
            day += DAY
    return found
