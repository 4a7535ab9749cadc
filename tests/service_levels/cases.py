"""Calendars that several tests use: those of the rule book by name, and random ones for the rest."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.service_levels.calendar import BusinessCalendar

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = WEEK[:5]

C9 = {day: {"09:00": "18:00"} for day in WORKDAYS}
CL = {day: {"09:00": "13:00", "14:00": "18:00"} for day in WORKDAYS}
C7 = {day: {"09:00": "18:00"} for day in WEEK}
C24 = {day: {"00:00": "24:00"} for day in WEEK}
NIGHTS = {day: {"22:00": "30:00"} for day in WORKDAYS}

# Half-hour changes, changes at midnight, in Ramadan, by two hours, none at all, and a whole Friday that never was.
ZONES = {
    "Europe/Madrid": 2026,
    "Europe/Dublin": 2026,
    "Atlantic/Azores": 2026,
    "Africa/Casablanca": 2026,
    "Africa/Cairo": 2026,
    "Asia/Beirut": 2026,
    "America/New_York": 2026,
    "America/St_Johns": 2006,
    "America/Havana": 2026,
    "America/Santiago": 2026,
    "America/Sao_Paulo": 2018,
    "Australia/Lord_Howe": 2026,
    "Pacific/Chatham": 2026,
    "Pacific/Apia": 2011,
    "Antarctica/Troll": 2026,
    "Asia/Kolkata": 2026,
}


class Window(NamedTuple):
    """Some days of one zone, most of them around a clock change."""

    zone: str
    starts: datetime
    days: int


@cache
def windows(days: int = 14) -> tuple[Window, ...]:
    return tuple(window for zone, year in ZONES.items() for window in _windows_of(zone, year, days))


def _windows_of(zone: str, year: int, days: int) -> Iterator[Window]:
    first = datetime(year, 1, 2, tzinfo=UTC)
    noons = [first + timedelta(days=n, hours=12) for n in range(364)]
    changes = [a for a in noons if _offset(a, zone) != _offset(a + timedelta(days=1), zone)]
    for change in changes or [noons[180]]:
        yield Window(zone, change - timedelta(days=days // 2), days)


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


class Hours(NamedTuple):
    """What a calendar is made of, before anybody interprets it."""

    week: dict[str, dict[str, str]]
    holidays: list[date]
    exceptions: dict[date, list[tuple[str, str]]]

    def calendar(self, zone: str) -> BusinessCalendar:
        return BusinessCalendar(zone, self.week, self.holidays, self.exceptions)


def random_hours(random: Random, window: Window) -> Hours:
    """Some intervals a week, also across midnight and Sunday, and some dates with hours of their own."""
    week = _random_week(random)
    first = window.starts.date()
    dates = [first + timedelta(days=n) for n in range(window.days)]
    holidays = [day for day in dates if random.random() < 0.08]
    exceptions = {day: _random_day(random, week, day) for day in dates if random.random() < 0.12}
    return Hours(week, holidays, exceptions)


def _random_week(random: Random) -> dict[str, dict[str, str]]:
    step = random.choice((15, 30, 60))
    ends = sorted(random.sample(range(0, 7 * 1440, step), 2 * random.randint(1, 12)))
    turn = random.choice((0, 60, 300, 7 * 1440 - 90))
    week: dict[str, dict[str, str]] = defaultdict(dict)
    for opens, closes in zip(ends[::2], ends[1::2], strict=True):
        day, minute = divmod((opens + turn) % (7 * 1440), 1440)
        week[WEEK[day]][clock(minute)] = clock(minute + min(closes - opens, 1440))
    return dict(week)


def _random_day(random: Random, week: dict[str, dict[str, str]], day: date) -> list[tuple[str, str]]:
    """Rows between the end of the evening before and midnight."""
    evening = week.get(WEEK[(day.weekday() - 1) % 7], {}).values()
    free = range(max([minutes(closes) - 1440 for closes in evening] + [0]), 1441, 15)
    ends = sorted(random.sample(free, min(2 * random.randint(0, 2), len(free) // 2 * 2)))
    return [(clock(opens), clock(closes)) for opens, closes in zip(ends[::2], ends[1::2], strict=True)]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def local(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
