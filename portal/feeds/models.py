"""Tables of calendars: entries that are sent as invitations, the messages about them, and the secrets of feeds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.feeds.items import CANCELLED, CONFIRMED, STATUSES, Span
from portal.people.models import Person

IS_OPEN = "revoked_at IS NULL"


class CalendarEntry(PublicId, Model):
    """One date of one person that is sent as an invitation; UID, ORGANIZER and ATTENDEE never change (rules 11 to 13)."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        UniqueConstraint("kind", "subject_id", "part_id"),
        Index("ix_calendar_entry_person", "person_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), unique=True)
    # Whose date it is, of which thing, and of which part of it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    part_id: Mapped[int]
    # what programs compare
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    status: Mapped[str] = mapped_column(String(9), default=CONFIRMED)
    organizer: Mapped[str] = mapped_column(String(254))
    attendee: Mapped[str] = mapped_column(String(254))
    # when and where
    local_start: Mapped[datetime] = mapped_column(DateTime())
    local_end: Mapped[datetime] = mapped_column(DateTime())
    tz: Mapped[str] = mapped_column(String(60))
    start_fold: Mapped[int] = mapped_column(default=0, server_default="0")
    end_fold: Mapped[int] = mapped_column(default=0, server_default="0")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(300), default="", server_default="")
    # The last change of the above, and of any word (rule 12).
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    @property
    def is_cancelled(self) -> bool:
        """Return whether the person is not, or no longer, expected."""
        return self.status == CANCELLED

    @property
    def span(self) -> Span:
        """Return from when to when it goes."""
        wall = (self.local_start, self.local_end, self.tz, self.start_fold, self.end_fold)
        return Span(*wall, self.starts_at, self.ends_at)


class CalendarMessage(Model):
    """A message about an entry that left, or was about to leave: who had no REQUEST gets no CANCEL (rule 14)."""

    __tablename__ = "calendar_message"
    __table_args__ = (
        CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="method"),
        UniqueConstraint("uid", "sequence", "method", "recipient"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(ForeignKey("calendar_entry.uid"))
    sequence: Mapped[int]
    method: Mapped[str] = mapped_column(String(7))
    recipient: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedToken(PublicId, Model):
    """The secret address of somebody's feed: only its digest is kept, and one is valid at a time (rule 17, SE-57)."""

    __tablename__ = "feed_token"
    __table_args__ = (
        Index(
            "feed_token_one_open",
            "person_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
