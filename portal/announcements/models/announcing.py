"""Tables of announcements; versions and confirmations are only ever added to, and states are computed (C4)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Department, Person


class Kind(StrEnum):
    """What sort of news it is."""

    NEWS = "news"
    STORY = "story"
    VACANCY = "vacancy"


class Level(StrEnum):
    """How much attention it asks for (rule 8)."""

    INFO = "info"
    IMPORTANT = "important"
    TO_CONFIRM = "to_confirm"


class Access(StrEnum):
    """Who may read it, apart from whom it is addressed to (rule 1)."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"


AUDIENCE_KINDS = ("employees", "partners", "department", "role", "site", "person", "group")
CLOSE_REASONS = ("left_audience", "left_company", "exempt")
PUBLISHED = "withdrawn_at IS NULL"


class Announcement(PublicId, Model):
    """What was published, or is scheduled; visible by its times alone (rule 11). Times typed keep wall and zone (C1)."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("kind IN ('news', 'story', 'vacancy')", name="kind"),
        CheckConstraint("level IN ('info', 'important', 'to_confirm')", name="level"),
        CheckConstraint("access IN ('open', 'confidential')", name="access"),
        CheckConstraint("expire_at IS NULL OR publish_at < expire_at", name="published_before_expiry"),
        Index("ix_announcement_list", "publish_at", "id", sqlite_where=text(PUBLISHED), postgresql_where=text(PUBLISHED)),
        Index("ix_announcement_expiry", "expire_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # what
    kind: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(10))
    access: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # the text that counts: the last row of its versions
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edit: Mapped[int] = mapped_column(default=0, server_default="0")
    # when; days are days of the company zone, inclusive (rule 12)
    publish_at: Mapped[datetime] = mapped_column(UtcDateTime)
    publish_wall: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(60))
    expire_on: Mapped[date | None]
    expire_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # who did what
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    over_budget_reason: Mapped[str | None] = mapped_column(String(300))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    department: Mapped[Department] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    said: Mapped["AnnouncementVersion"] = relationship(
        primaryjoin=lambda: and_(
            AnnouncementVersion.announcement_id == Announcement.id,
            AnnouncementVersion.number == Announcement.version,
            AnnouncementVersion.edit == Announcement.edit,
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def asks_to_confirm(self) -> bool:
        """Return whether people are asked to confirm that they have read it."""
        return self.level == Level.TO_CONFIRM

    @property
    def is_confidential(self) -> bool:
        """Return whether its audience is also its access list (rule 1)."""
        return self.access == Access.CONFIDENTIAL

    def is_current(self, now: datetime) -> bool:
        """Return whether it is published and neither over nor withdrawn (rule 11)."""
        return self.publish_at <= now and not self.has_expired(now) and self.withdrawn_at is None

    def has_expired(self, now: datetime) -> bool:
        """Return whether it belongs to the archive (rule 14)."""
        return self.expire_at is not None and self.expire_at <= now


class AnnouncementVersion(Model):
    """What it said from some moment on; a minor edit keeps the number (rule 6)."""

    __tablename__ = "announcement_version"
    __table_args__ = (UniqueConstraint("announcement_id", "number", "edit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    number: Mapped[int]
    edit: Mapped[int]
    title: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    body: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    # what was corrected, in a sentence to those who read it before
    note: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class AnnouncementAudience(Model):
    """One group of people to whom it is addressed; an audience is the union of its rows, in their order (rule 3)."""

    __tablename__ = "announcement_audience"
    __table_args__ = (
        CheckConstraint(f"kind IN {AUDIENCE_KINDS}", name="kind"),
        Index("ix_announcement_audience_announcement", "announcement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    kind: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # the role, the site or the group
    value: Mapped[str | None] = mapped_column(String(80))

    department: Mapped[Department | None] = relationship()
    person: Mapped[Person | None] = relationship()


class AnnouncementRecipient(Model):
    """One person whom it is for, whatever number of audience rows match; who leaves is closed, not deleted (rule 3)."""

    __tablename__ = "announcement_recipient"
    __table_args__ = (
        UniqueConstraint("announcement_id", "person_id"),
        CheckConstraint(f"close_reason IN {CLOSE_REASONS}", name="close_reason"),
        CheckConstraint("(closed_at IS NULL) = (close_reason IS NULL)", name="closed_for_a_reason"),
        Index("ix_announcement_recipient_person", "person_id", "announcement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[str | None] = mapped_column(String(14))


class AnnouncementConfirmation(Model):
    """A person has read a version and says so; never edited or removed (rule 5)."""

    __tablename__ = "announcement_confirmation"
    __table_args__ = (
        UniqueConstraint("recipient_id", "version"),
        CheckConstraint("channel IN ('page', 'paper')", name="channel"),
        CheckConstraint("(channel = 'paper') = (witness IS NOT NULL)", name="paper_has_a_witness"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("announcement_recipient.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(6))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    witness: Mapped[str | None] = mapped_column(String(120))


class AnnouncementReading(Model):
    """Somebody has opened a version: it leaves that person's home and digest; never shown by name (rule 18)."""

    __tablename__ = "announcement_reading"
    __table_args__ = (UniqueConstraint("person_id", "announcement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnnouncementDelivery(Model):
    """A person was told of a version on a channel, once (rule 11)."""

    __tablename__ = "announcement_delivery"
    __table_args__ = (UniqueConstraint("announcement_id", "person_id", "version", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    channel: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnnouncementDraft(PublicId, Model):
    """What somebody has typed into the composer, as typed: a new announcement, or a change of one (C10)."""

    __tablename__ = "announcement_draft"
    __table_args__ = (Index("ix_announcement_draft_author", "author_id", "saved_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"), index=True)
    # texts by field name, lists of them where several are chosen
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # offered to those who publish
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # published or thrown away
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Person] = relationship()
    announcement: Mapped[Announcement | None] = relationship()
