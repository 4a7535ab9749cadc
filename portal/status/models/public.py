"""Tables of the public revision and of the instants at which the clock changes what everybody sees."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, UtcDateTime


class PublicRevision(Model):
    """One row: how often what everybody sees has changed, and when last; also the page's own id."""

    __tablename__ = "public_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    page_id: Mapped[str] = mapped_column(String(12))


class StatusTransition(Model):
    """An instant at which what everybody sees changes by the clock alone: a publication, a start, an end (SP-22)."""

    __tablename__ = "status_transition"
    __table_args__ = (
        UniqueConstraint("kind", "object_id", "what"),
        Index("ix_status_transition_at", "at"),
        Index(
            "ix_status_transition_ahead",
            "at",
            "id",
            sqlite_where=text("passed_at IS NULL"),
            postgresql_where=text("passed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(18))
    object_id: Mapped[int]
    what: Mapped[str] = mapped_column(String(18))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
