"""Tables: calendars with their versions, edits not yet saved, holidays proposed, and which department works by which."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Person
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.exceptions import Exceptions, read_exceptions

Hours = Mapping[str, Mapping[str, str]]


class Calendar(PublicId, Model):
    """Weekly hours in a zone, and exceptions; `version` rises with every change that counts (7)."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    hours: Mapped[Hours] = mapped_column(JSON)
    exceptions: Mapped[Exceptions] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def business(self) -> BusinessCalendar:
        """Return the calculation over this calendar."""
        return business_calendar(self.zone, self.hours, self.exceptions)


class CalendarVersion(Model):
    """A calendar as it was from some moment on; never changed afterwards."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("calendar_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    version: Mapped[int]
    # name, zone, hours, exceptions
    content: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship()

    @property
    def business(self) -> BusinessCalendar:
        """Return the calculation as it was then."""
        return business_calendar(self.content["zone"], self.content["hours"], self.content["exceptions"])


class CalendarDraft(PublicId, Model):
    """An edit that somebody checks before it is saved (35)."""

    __tablename__ = "calendar_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # the version that was edited
    seen_version: Mapped[int]
    content: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    # the proposed holidays that it accepts
    accepts: Mapped[list[int]] = mapped_column(JSON, default=list)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    calendar: Mapped[Calendar] = relationship()
    person: Mapped[Person] = relationship()


class HolidayProposal(Model):
    """A public holiday that was imported: it changes nothing until a person accepts it (6)."""

    __tablename__ = "holiday_proposal"
    __table_args__ = (
        UniqueConstraint("calendar_id", "day"),
        CheckConstraint("state IN ('proposed', 'accepted', 'rejected')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    day: Mapped[date] = mapped_column(Date)
    label: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    # country and region, such as ES-AR
    source: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8), default="proposed")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DepartmentCalendar(Model):
    """The calendar by which a department works; without a row it keeps the usual office hours."""

    __tablename__ = "department_calendar"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)


def business_calendar(zone: str, hours: Hours, exceptions: Exceptions) -> BusinessCalendar:
    """Return the calculation over these hours; equal hours share one and the days that it has worked out."""
    return _business_calendar(zone, json.dumps(hours, sort_keys=True), json.dumps(exceptions, sort_keys=True))


@lru_cache(maxsize=256)
def _business_calendar(zone: str, hours: str, exceptions: str) -> BusinessCalendar:
    read = read_exceptions(json.loads(exceptions))
    return BusinessCalendar(zone, json.loads(hours), exceptions=read.dated, yearly=read.yearly, labels=read.labels)


@event.listens_for(Calendar, "before_insert")
@event.listens_for(Calendar, "before_update")
def refuse_bad_hours(_mapper: Any, _connection: Any, calendar: Calendar) -> None:
    """Let no calendar be stored that cannot be reckoned with (2, 5)."""
    business_calendar(calendar.zone, calendar.hours, calendar.exceptions or [])
