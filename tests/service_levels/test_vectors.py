"""400 cases, each agreed by two independent calculations."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.service_levels.calendar import BusinessCalendar

from .cases import WEEK

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("business_time_vectors.json").read_text())


def calendar_of(vector: dict[str, Any]) -> BusinessCalendar:
    holidays = [date.fromisoformat(day) for day in vector["holidays"]]
    exceptions = {
        date.fromisoformat(day): without(vector["hours"].get(WEEK[date.fromisoformat(day).weekday()], {}), breaks)
        for day, breaks in vector["breaks"].items()
    }
    return BusinessCalendar(vector["time_zone"], vector["hours"], holidays, exceptions)


def without(hours: dict[str, str], breaks: dict[str, str]) -> list[tuple[str, str]]:
    rows = list(hours.items())
    for begin, end in breaks.items():
        parts = [part for row in rows for part in ((row[0], min(row[1], begin)), (max(row[0], end), row[1]))]
        rows = [(opens, closes) for opens, closes in parts if opens < closes]
    return rows


def test_there_are_400_vectors() -> None:
    assert len(VECTORS) == 400


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_vector_agrees_to_the_second(vector: dict[str, Any]) -> None:
    calendar, start = calendar_of(vector), datetime.fromisoformat(vector["start"])
    due = calendar.due(start, timedelta(minutes=vector["target_minutes"]))
    assert due == datetime.fromisoformat(vector["due"])
    until = datetime.fromisoformat(vector["until"])
    assert calendar.working_time(start, until) == timedelta(seconds=vector["business_seconds"])
