"""Tables of components and what people or checks confirmed of them."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime


class ComponentGroup(PublicId, Model):
    """One level of grouping of components."""

    __tablename__ = "component_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    visibility: Mapped[str] = mapped_column(String(8), default="public")
    position: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class Component(PublicId, Model):
    """A service or promise that a reader recognises."""

    __tablename__ = "component"
    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'internal')", name="visibility"),
        CheckConstraint("observation IN ('manual', 'monitored')", name="observation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("component_group.id"), index=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    description: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    visibility: Mapped[str] = mapped_column(String(8), default="public")
    observation: Mapped[str] = mapped_column(String(9), default="manual")
    showcase: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    only_show_if_degraded: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    start_date: Mapped[date]
    position: Mapped[int] = mapped_column(default=1)
    # what the checks have seen: when the last one ran, and after how long without one nothing is known (SP-6)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    patience_seconds: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    group: Mapped[ComponentGroup | None] = relationship()


class ComponentBaseline(Model):
    """What a person or the checks confirmed of a component from an instant on; the one that begins last is in force."""

    __tablename__ = "component_baseline"
    __table_args__ = (Index("ix_component_baseline_component_since", "component_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"))
    status: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ComponentDay(Model):
    """The uptime of a day as it stood when the day had ended, so that a correction is seen (SP-30)."""

    __tablename__ = "component_day"
    __table_args__ = (UniqueConstraint("component_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"))
    day: Mapped[date]
    hundredths: Mapped[int | None]
