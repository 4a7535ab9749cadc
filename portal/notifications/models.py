"""Tables of the bell and of outgoing mail (C9, RE-14 to RE-17)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Person

QUEUED, SENDING, SENT, UNKNOWN, FAILED, HELD, DROPPED = STATES = (
    "queued",
    "sending",
    "sent",
    "unknown",
    "failed",
    "held",
    "dropped",
)
WAITING = "state IN ('queued', 'sending', 'unknown')"


class Notification(PublicId, Model):
    """A line of somebody's bell; its words are made when it is read."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("event", "recipient_id"),
        Index("ix_notification_recipient", "recipient_id", "id"),
        Index(
            "ix_notification_unread",
            "recipient_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(120))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Where it leads, if not to the thing's own address.
    path: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Fuse(PublicId, Model):
    """Too many mails to one person, about one thing or in all: what came then is held until somebody looks (CM rules 29, 30)."""

    __tablename__ = "mail_fuse"
    __table_args__ = (UniqueConstraint("recipient_id", "subject_kind", "subject_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Empty and 0: all mail to this person.
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    day: Mapped[date]
    blown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Somebody has looked; what comes later is counted anew.
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recipient: Mapped[Person] = relationship()


class Outbox(PublicId, Model):
    """A mail to one person; text and tokens are made when it is sent (CM rule 12)."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event", "recipient_id", "channel"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_outbox_due", "next_at", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_outbox_thread", "subject_kind", "subject_id", "recipient_id", "id"),
        Index("ix_outbox_state", "state", "id"),
        Index("ix_outbox_sent", "recipient_id", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(120))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(10), default="mail")
    message: Mapped[str] = mapped_column(String(80))
    # What it is about; mail about the account itself is about no thing.
    subject_kind: Mapped[str | None] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    path: Mapped[str | None] = mapped_column(String(200))
    # What `Auto-Submitted` says; empty for what a person wrote (CM rule 17).
    automatic: Mapped[str] = mapped_column(String(20), default="auto-generated", server_default="auto-generated")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fuse_id: Mapped[int | None] = mapped_column(ForeignKey("mail_fuse.id"), index=True)
    # where it stands
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")
    ended_leases: Mapped[int] = mapped_column(default=0, server_default="0")
    message_id: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(300))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recipient: Mapped[Person] = relationship(foreign_keys=[recipient_id])
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
