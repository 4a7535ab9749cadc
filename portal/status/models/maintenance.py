"""Tables of planned windows."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import LocalText, Model, PublicId, UtcDateTime


class Maintenance(PublicId, Model):
    """A planned window; its state is a function of these facts and the clock (SP-19)."""

    __tablename__ = "maintenance"
    __table_args__ = (
        CheckConstraint("scheduled_for < scheduled_until", name="order"),
        Index("ix_maintenance_until", "scheduled_until", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    language: Mapped[str] = mapped_column(String(8))
    # the wall time that was meant is the truth, the instants follow from it (C1)
    zone: Mapped[str] = mapped_column(String(60))
    wall_start: Mapped[str] = mapped_column(String(16))
    wall_end: Mapped[str] = mapped_column(String(16))
    flagged: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime)
    scheduled_until: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    auto_complete: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verifying_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class MaintenanceVersion(Model):
    """The times that were announced from an instant on: only what stood before is excluded from uptime (SP-20)."""

    __tablename__ = "maintenance_version"
    __table_args__ = (UniqueConstraint("maintenance_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    maintenance_id: Mapped[int] = mapped_column(ForeignKey("maintenance.id"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime)
    scheduled_until: Mapped[datetime] = mapped_column(UtcDateTime)


class MaintenanceComponent(Model):
    """A component in a window, with the status that is expected of it meanwhile."""

    __tablename__ = "maintenance_component"
    __table_args__ = (UniqueConstraint("maintenance_id", "component_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    maintenance_id: Mapped[int] = mapped_column(ForeignKey("maintenance.id"))
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default="under_maintenance")


class MaintenanceUpdate(PublicId, Model):
    """What was said of a window."""

    __tablename__ = "maintenance_update"
    __table_args__ = (Index("ix_maintenance_update_maintenance", "maintenance_id", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    maintenance_id: Mapped[int] = mapped_column(ForeignKey("maintenance.id"))
    state: Mapped[str] = mapped_column(String(11))
    body: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notify: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
