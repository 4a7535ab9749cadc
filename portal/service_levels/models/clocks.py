"""Tables: clocks as lists of running intervals, their targets, and what happened to them (8).

Breaches, annulments, expected dates and events are only ever added to; the database refuses anything else.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, UtcDateTime
from portal.people.models import Person
from portal.service_levels.models.levels import KIND_CHECK, UNIT_CHECK

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class PauseReason(Model):
    """Why a clock waits, whether that stops fulfilment, and whether somebody must say until when (20)."""

    __tablename__ = "pause_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    stops_fulfilment: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    needs_date: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # a message from the requester's side ends it
    ended_by_requester: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class Clock(Model):
    """One promise about one subject, known only by its kind and id. `part` tells apart several of a kind (a stage)."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "kind", "part"),
        CheckConstraint(KIND_CHECK, name="kind"),
        CheckConstraint("standing IN ('running', 'paused', 'stopped')", name="standing"),
        _partial("ix_clock_due", "due_cache", "id", where="standing = 'running'"),
        _partial("ix_clock_open_calendar", "calendar_id", "id", where="standing <> 'stopped'"),
        _partial("ix_clock_without_due", "id", where="due_cache IS NULL AND standing = 'running'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(14))
    part: Mapped[str] = mapped_column(String(40), default="")
    # the level that was chosen, as it was then (32)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("service_level.id"), index=True)
    level_version: Mapped[int | None]
    # without one it counts in office hours
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    # the version by which a stopped clock was measured
    calendar_version: Mapped[int | None]
    # For the order of lists only; `apply_clock_event` writes it, and no decision looks at it.
    standing: Mapped[str] = mapped_column(String(8))
    due_cache: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # For reports only: the working seconds of a clock whose thing was done; none while it runs, or ended otherwise.
    worked_cache: Mapped[int | None]


class ClockInterval(Model):
    """A clock ran from one instant to another or still runs; a pause is the gap to the next one."""

    __tablename__ = "clock_interval"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        _partial("ux_clock_interval_open", "clock_id", where="ended_at IS NULL", unique=True),
        Index("ix_clock_interval_clock", "clock_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    start_cause: Mapped[str] = mapped_column(String(30))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_cause: Mapped[str | None] = mapped_column(String(30))
    # of the pause that follows
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("pause_reason.id"))
    # the clock runs again from here on, read or written (20)
    resumes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # for the service only
    note: Mapped[str | None] = mapped_column(Text)

    reason: Mapped[PauseReason | None] = relationship()


class ClockTarget(Model):
    """What a clock has to reach, from when until when it counted, and who said so why (22)."""

    __tablename__ = "clock_target"
    __table_args__ = (
        CheckConstraint(UNIT_CHECK, name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        _partial("ux_clock_target_current", "clock_id", where="until_at IS NULL", unique=True),
        Index("ix_clock_target_clock", "clock_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(12))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("service_level.id"))
    level_version: Mapped[int | None]
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Person | None] = relationship()


class ClockBreach(Model):
    """A promise was not kept at this instant; a fact that stays (26, 27)."""

    __tablename__ = "clock_breach"
    __table_args__ = (UniqueConstraint("clock_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("clock_target.id"), index=True)
    # the due that passed
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BreachAnnulment(Model):
    """Somebody with the right says why a breach does not count; both are shown (27)."""

    __tablename__ = "breach_annulment"
    __table_args__ = (UniqueConstraint("breach_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("clock_breach.id"))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship()


class ClockEvent(Model):
    """One thing that happened to a clock, in order."""

    __tablename__ = "clock_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    data: Mapped[Mapping[str, Any]] = mapped_column(JSON)

    by: Mapped[Person | None] = relationship()


class ExpectedDate(Model):
    """When an agent now expects a thing to be ready; it stands beside the promise and never replaces it (38)."""

    __tablename__ = "expected_date"
    __table_args__ = (Index("ix_expected_date_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    expected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship()
