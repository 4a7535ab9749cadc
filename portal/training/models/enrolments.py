"""Tables of enrolments: who has a seat, who waits, and what happened to each."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Person
from portal.training.models.sessions import TrainingSession, new_uid

MODES = ("offer", "auto")


class EnrolmentState(StrEnum):
    """Where an enrolment stands; the first four are live."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    SESSION_CANCELLED = "session_cancelled"
    REMOVED = "removed"
    REFUSED = "refused"


LIVE = (EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.CONFIRMED)
ENDS = tuple(state for state in EnrolmentState if state not in LIVE)
IS_LIVE = "state IN ('requested', 'waiting', 'offered', 'confirmed')"


class Enrolment(PublicId, Model):
    """One person and one session, for all its dates; a person who comes back has a new row (rules 4, 14)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(str(state) for state in EnrolmentState)}", name="state"),
        CheckConstraint("state <> 'offered' OR offer_expires_at IS NOT NULL", name="offer_ends"),
        Index(
            "enrolment_one_live",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=text(IS_LIVE),
            postgresql_where=text(IS_LIVE),
        ),
        Index("ix_enrolment_session", "session_id", "state"),
        Index("ix_enrolment_person", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(17))
    # the queue
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    priority_reason: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # In mode auto somebody whose dates overlap is told once that the seat went on (rule 16).
    skipped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # the seat
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reconfirm_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reconfirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Added by hand above the capacity (rule 7).
    override_reason: Mapped[str | None] = mapped_column(Text)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(Text)
    # Diet or access, for the organiser of an event alone; deleted 30 days after it (rule 35).
    needs: Mapped[str | None] = mapped_column(Text)
    # for calendars (calendars.md 11)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uid)

    session: Mapped[TrainingSession] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    def offer_has_ended(self, now: datetime) -> bool:
        """Return whether it is an offer whose time is over, whether or not anybody has noted it (rule 13)."""
        return self.state == EnrolmentState.OFFERED and self.offer_expires_at is not None and self.offer_expires_at <= now

    def state_at(self, now: datetime) -> EnrolmentState:
        """Return where it stands, decided on reading (rule 13)."""
        return EnrolmentState.EXPIRED if self.offer_has_ended(now) else EnrolmentState(self.state)


class EnrolmentEvent(Model):
    """What happened to an enrolment, when and by whom; only ever added to (C4)."""

    __tablename__ = "enrolment_event"
    __table_args__ = (Index("ix_enrolment_event_enrolment", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    event: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    data: Mapped[Mapping[str, Any]] = mapped_column(JSON, default=dict)


class PriorityCredit(Model):
    """One step forward in the next queue of a topic, for somebody whose session was cancelled (rules 9, 18)."""

    __tablename__ = "priority_credit"
    __table_args__ = (
        Index(
            "ix_priority_credit_open",
            "person_id",
            "topic_id",
            sqlite_where=text("used_by_id IS NULL"),
            postgresql_where=text("used_by_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
