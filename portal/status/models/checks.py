"""Table of checks: what they ask, how often, and what they have seen lately (SP-5)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.status.models.components import Component


class ComponentCheck(PublicId, Model):
    """A check that feeds a component; the address of a heartbeat is known by its hash alone."""

    __tablename__ = "component_check"
    __table_args__ = (
        CheckConstraint("kind IN ('http', 'tcp', 'dns', 'heartbeat')", name="kind"),
        Index("ix_component_check_due", "next_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)
    kind: Mapped[str] = mapped_column(String(9))
    target: Mapped[str] = mapped_column(String(400), default="")
    secret_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    interval_seconds: Mapped[int] = mapped_column(default=60)
    failure_threshold: Mapped[int] = mapped_column(default=3)
    success_threshold: Mapped[int] = mapped_column(default=2)
    failing_status: Mapped[str] = mapped_column(String(20), default="major_outage")
    # what it has seen: the status confirmed, and the run of equal results that may change it
    confirmed: Mapped[str] = mapped_column(String(20), default="unknown")
    run_ok: Mapped[bool | None]
    run_length: Mapped[int] = mapped_column(default=0)
    run_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    component: Mapped[Component] = relationship()
