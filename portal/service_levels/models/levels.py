"""Tables: service levels in their order, their targets, and the steps of warning."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.service_levels.models.calendars import Calendar

KINDS = ("first_response", "next_response", "fulfilment", "approval", "team")
UNITS = ("seconds", "working_days")
RECIPIENTS = ("assigned", "team_lead", "department_head")
KIND_CHECK = f"kind IN ({', '.join(map(repr, KINDS))})"
UNIT_CHECK = f"unit IN ({', '.join(map(repr, UNITS))})"


class ServiceLevel(PublicId, Model):
    """What is promised to the requests that meet its conditions; the first one that fits is taken (31)."""

    __tablename__ = "service_level"
    __table_args__ = (UniqueConstraint("position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    # {"priority": ["P1"], "service": [...]}: every named fact has one of the values; no entry fits everything
    conditions: Mapped[Mapping[str, Sequence[str]]] = mapped_column(JSON)
    # else the calendar of the department that is asked
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    calendar: Mapped[Calendar | None] = relationship()


class ServiceTarget(Model):
    """What a level promises for one kind of clock; none or zero promises nothing (12)."""

    __tablename__ = "service_target"
    __table_args__ = (
        UniqueConstraint("level_id", "kind"),
        CheckConstraint(KIND_CHECK, name="kind"),
        CheckConstraint(UNIT_CHECK, name="unit"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("service_level.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(14))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(12))


class EscalationStep(Model):
    """Whom to tell when a share of the target has passed, or some working time after the due (28)."""

    __tablename__ = "escalation_step"
    __table_args__ = (CheckConstraint("(percent IS NULL) <> (seconds_after IS NULL)", name="one_measure"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("service_level.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int | None]
    # working time after the due
    seconds_after: Mapped[int | None]
    # rules such as "assigned"; whoever owns the subject names the people
    recipients: Mapped[Sequence[str]] = mapped_column(JSON)
    text: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)


class EscalationSent(Model):
    """A step was told once for a clock and its target (28)."""

    __tablename__ = "escalation_sent"
    __table_args__ = (UniqueConstraint("clock_id", "target_id", "step_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("clock_target.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("escalation_step.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # False: a more serious step left instead (29)
    told: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
