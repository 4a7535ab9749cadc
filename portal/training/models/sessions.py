"""Tables of sessions, their dates, and whom they are for."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Department, Person
from portal.training.models.topics import Topic

USUAL_CANCEL_HOURS = 24


def new_uid() -> str:
    """Return what calendars know a thing by, for ever."""
    return str(uuid.uuid4())


class TrainingSession(PublicId, Model):
    """A session of a topic, or an event, with its seats. Its row is the lock of all its enrolments (rule 3)."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("kind IN ('training', 'event')", name="kind"),
        CheckConstraint("mode IN ('offer', 'auto')", name="mode"),
        CheckConstraint("kind = 'event' OR topic_id IS NOT NULL", name="training_has_topic"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("cancel_hours >= 2", name="cancel_hours"),
        CheckConstraint("(cost IS NULL) = (currency IS NULL)", name="cost_has_currency"),
        Index("ix_training_session_coming", "first_starts_at", "id"),
        Index("ix_training_session_topic", "topic_id", "first_starts_at"),
        Index("ix_training_session_trainer", "trainer_id", "first_starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # what
    kind: Mapped[str] = mapped_column(String(8), default="training")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    title: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    description: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    materials: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    # by whom and where
    trainer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taught_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    place: Mapped[str] = mapped_column(String(120), default="", server_default="")
    place_note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    link: Mapped[str] = mapped_column(String(300), default="", server_default="")
    site: Mapped[str] = mapped_column(String(80), default="", server_default="")
    # seats
    capacity: Mapped[int]
    mode: Mapped[str] = mapped_column(String(5), default="offer")
    cancel_hours: Mapped[int] = mapped_column(default=USUAL_CANCEL_HOURS, server_default=text("24"))
    # In the last minutes one telling is enough until the seat is gone (rule 12).
    last_minute_told: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # for whom
    for_everybody: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    approval_route_id: Mapped[int | None] = mapped_column(ForeignKey("route.id"))
    # cost per person in minor units (C11)
    cost: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    # when, computed from the dates that stand, for lists
    first_starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    # for calendars (calendars.md 11, 12)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    # origin and edits
    series: Mapped[str | None] = mapped_column(String(36), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    topic: Mapped[Topic | None] = relationship()
    trainer: Mapped[Person] = relationship()

    @property
    def is_event(self) -> bool:
        """Return whether it is for the team rather than for learning (rule 34)."""
        return self.kind == "event"

    @property
    def stop_at(self) -> datetime:
        """Return until when one may leave without being late, and offers go one after the other (rules 12, 17)."""
        return self.first_starts_at - timedelta(hours=self.cancel_hours)

    def has_begun(self, now: datetime) -> bool:
        """Return whether the first date has begun; from then on nobody is promoted (rule 12)."""
        return self.first_starts_at <= now

    def has_ended(self, now: datetime) -> bool:
        """Return whether the last date is over."""
        return self.last_ends_at <= now


class SessionDate(PublicId, Model):
    """One date of a session: the wall time is meant, the instants follow from it (C1)."""

    __tablename__ = "session_date"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_session_date_session", "session_id", "starts_at"),
        Index("ix_session_date_starts", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    # wall time
    local_start: Mapped[datetime] = mapped_column(DateTime())
    local_end: Mapped[datetime] = mapped_column(DateTime())
    tz: Mapped[str] = mapped_column(String(60))
    start_fold: Mapped[int] = mapped_column(default=0, server_default="0")
    end_fold: Mapped[int] = mapped_column(default=0, server_default="0")
    # how a series had to bend it: moved out of a gap, or the first of two (calendars.md 3)
    flag: Mapped[str | None] = mapped_column(String(12))
    # instants
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # where, if not the place of the session
    space: Mapped[str] = mapped_column(String(120), default="", server_default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    # for calendars
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    session: Mapped[TrainingSession] = relationship()

    @property
    def minutes(self) -> int:
        """Return how long it really takes: a difference of instants (calendars.md 4)."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SessionAudience(Model):
    """One group of people whom a session is for; without any it is for all employees."""

    __tablename__ = "session_audience"
    __table_args__ = (
        CheckConstraint("kind IN ('partners', 'department', 'site')", name="kind"),
        UniqueConstraint("session_id", "kind", "department_id", "site"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    kind: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    site: Mapped[str | None] = mapped_column(String(80))

    department: Mapped[Department | None] = relationship()
