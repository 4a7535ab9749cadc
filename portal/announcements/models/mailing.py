"""Tables of pins, and of mails that hold several announcements."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.announcements.models.announcing import Announcement
from portal.core.db import Model, PublicId, UtcDateTime


class PinSlot(Model):
    """Where announcements are pinned: the whole company, or one department; locked by who pins (rule 13)."""

    __tablename__ = "pin_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    # empty for the company
    scope: Mapped[str] = mapped_column(String(60), unique=True)


class AnnouncementPin(Model):
    """It stands above the others in a slot in [from, until); it ends by reading (rule 13)."""

    __tablename__ = "announcement_pin"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="from_before_until"),
        Index("ix_announcement_pin_slot", "slot_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("pin_slot.id"))
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    announcement: Mapped[Announcement] = relationship()


class DigestRun(PublicId, Model):
    """One mail of several announcements to one person: at most one a day of each sort (rules 10 and 15)."""

    __tablename__ = "digest_run"
    __table_args__ = (
        UniqueConstraint("person_id", "sort", "day"),
        CheckConstraint("sort IN ('reminder', 'digest')", name="sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sort: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DigestItem(Model):
    """An announcement in such a mail; of a reminder, for which version and after which time it reminds."""

    __tablename__ = "digest_item"
    __table_args__ = (UniqueConstraint("run_id", "announcement_id"), Index("ix_digest_item_announcement", "announcement_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("digest_run.id"))
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    version: Mapped[int]
    stage: Mapped[str] = mapped_column(String(6))

    run: Mapped[DigestRun] = relationship()


class AnnouncementPreference(Model):
    """How a person wants to hear of announcements; nothing switches off what is to be confirmed (rule 15)."""

    __tablename__ = "announcement_preference"
    __table_args__ = (CheckConstraint("digest IN ('daily', 'weekly', 'none')", name="digest"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(6), default="weekly")
    mail: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
