"""Tables: calendars, and which department works by which."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, PublicId, UtcDateTime
from portal.service_levels.calendar import BusinessCalendar

Hours = Mapping[str, Mapping[str, str]]


class Calendar(PublicId, Model):
    """Weekly hours in a zone, and dates with other hours: `{"2026-12-24": {"09:00": "13:00"}, "2026-12-25": {}}`."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    hours: Mapped[Hours] = mapped_column(JSON)
    exceptions: Mapped[Hours] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DepartmentCalendar(Model):
    """The calendar by which a department works; without a row it keeps the usual office hours."""

    __tablename__ = "department_calendar"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)


def business_calendar(zone: str, hours: Hours, exceptions: Hours) -> BusinessCalendar:
    """Return the calculation over these hours; equal hours share one and the days that it has worked out."""
    return _business_calendar(zone, json.dumps(hours, sort_keys=True), json.dumps(exceptions, sort_keys=True))


@lru_cache(maxsize=256)
def _business_calendar(zone: str, hours: str, exceptions: str) -> BusinessCalendar:
    dates = {date.fromisoformat(day): list(rows.items()) for day, rows in json.loads(exceptions).items()}
    return BusinessCalendar(zone, json.loads(hours), exceptions=dates)


@event.listens_for(Calendar, "before_insert")
@event.listens_for(Calendar, "before_update")
def refuse_bad_hours(_mapper: Any, _connection: Any, calendar: Calendar) -> None:
    """Let no calendar be stored that cannot be reckoned with (2, 5)."""
    business_calendar(calendar.zone, calendar.hours, calendar.exceptions or {})
