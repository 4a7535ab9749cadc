"""Dates and times as people write them, and wall times that do not exist or exist twice (C1, C2, FO rule 5)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.catalogue.formkit.amounts import Unclear

EARLIEST, LATEST = 1900, 2200
RELATIVE = "today"
PARTS = 3
MOST_DAYS = 40_000


def read_date(text: str, language: str) -> date:
    """Return the date of `yyyy-mm-dd` or d/m/yyyy; in English 3/4 could be two dates and is asked (FO rule 5)."""
    clean = text.strip()
    iso = _date(*_numbers(clean, "-")) if "-" in clean else None
    if iso:
        return iso
    first, second, year = _numbers(clean.replace(".", "/").replace("-", "/"), "/")
    orders = [(year, second, first)] + ([(year, first, second)] if language == "en" else [])
    found = {each for order in orders if (each := _date(*order))}
    if len(found) != 1:
        raise Unclear([each.isoformat() for each in sorted(found)])
    return found.pop()


def _numbers(text: str, mark: str) -> tuple[int, int, int]:
    parts = [part.strip() for part in text.split(mark)]
    if len(parts) != PARTS or not all(part.isascii() and part.isdigit() and len(part) <= len("2026") for part in parts):
        raise Unclear
    return int(parts[0]), int(parts[1]), int(parts[2])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None


def read_time(text: str) -> time:
    """Return the time of "9:30", "09:30" or "9.30", or raise Unclear."""
    parts = text.strip().replace(".", ":").split(":")
    if len(parts) == PARTS and parts[2] in ("0", "00"):
        parts = parts[:2]
    if len(parts) != PARTS - 1 or not all(part.isascii() and part.isdigit() and len(part) <= len("59") for part in parts):
        raise Unclear
    try:
        return time(int(parts[0]), int(parts[1]))
    except ValueError:
        raise Unclear from None


def read_wall(text: str, language: str) -> datetime:
    """Return the wall time of "2026-12-09T10:30" or "9/12/2026 10:30", or raise Unclear."""
    day, _, hour = text.strip().replace("T", " ").partition(" ")
    return datetime.combine(read_date(day, language), read_time(hour))


def occurrences(wall: datetime, zone: str) -> list[int]:
    """Return the folds under which a wall time exists: none in spring, two in autumn (C2)."""
    place = ZoneInfo(zone)
    found = [fold for fold in (0, 1) if _back(wall.replace(fold=fold), place) == wall]
    twice = len(found) > 1 and _offset(wall, place, 0) != _offset(wall, place, 1)
    return found if twice else found[:1]


def nearest(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the valid wall times before and after one that does not exist (C2)."""
    place = ZoneInfo(zone)
    gap = _offset(wall, place, 1) - _offset(wall, place, 0)
    edge = next(wall - timedelta(minutes=each) for each in range(1, 1_441) if occurrences(wall - timedelta(minutes=each), zone))
    return edge, edge + timedelta(minutes=1) + abs(gap)


def _back(wall: datetime, place: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None, fold=0)


def _offset(wall: datetime, place: ZoneInfo, fold: int) -> timedelta:
    return wall.replace(tzinfo=place, fold=fold).utcoffset() or timedelta(0)


def bound(text: str, today: date) -> date:
    """Return the date of a limit: `2026-12-09`, `today`, `today+3` or `today-30`; raise ValueError otherwise."""
    clean = text.strip()
    if not clean.startswith(RELATIVE):
        return date.fromisoformat(clean)
    shift = clean.removeprefix(RELATIVE).replace(" ", "")
    days = int(shift) if shift else 0
    if abs(days) > MOST_DAYS:
        raise ValueError(text)
    return today + timedelta(days=days)
