"""Tables of what became of an enrolment: who was there, what they said of it, and the certificate."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, UtcDateTime
from portal.people.models import Person
from portal.training.models.enrolments import Enrolment
from portal.training.models.sessions import SessionDate

MARKS = ("present", "absent", "excused")


class Attendance(Model):
    """One person at one date; a correction is a new row, and the latest counts (rule 19)."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("mark IN ('present', 'absent', 'excused')", name="mark"),
        CheckConstraint("how IN ('list', 'code', 'made_up')", name="how"),
        CheckConstraint("(how = 'made_up') = (made_up_date_id IS NOT NULL)", name="made_up_somewhere"),
        Index("ix_attendance_enrolment", "enrolment_id", "date_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    date_id: Mapped[int] = mapped_column(ForeignKey("session_date.id"))
    mark: Mapped[str] = mapped_column(String(7))
    how: Mapped[str] = mapped_column(String(7))
    # The same date of another session of the topic, where a missed one was made up (rule 20).
    made_up_date_id: Mapped[int | None] = mapped_column(ForeignKey("session_date.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()
    date: Mapped[SessionDate] = relationship(foreign_keys=[date_id])


class CheckInCode(Model):
    """The code that people type, or read with a telephone, to say that they are there."""

    __tablename__ = "check_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    date_id: Mapped[int] = mapped_column(ForeignKey("session_date.id"), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    date: Mapped[SessionDate] = relationship()


class Feedback(Model):
    """What somebody who was there says of a session, once (rule 21)."""

    __tablename__ = "training_feedback"
    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    enrolment: Mapped[Enrolment] = relationship()


class Certificate(Model):
    """What was printed for whom, as it was when it was issued (rules 22, 23)."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"),
        Index("ix_certificate_person", "person_id", "topic_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    code: Mapped[str] = mapped_column(String(17), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    # as printed
    person_name: Mapped[str] = mapped_column(String(120))
    title: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    minutes: Mapped[int]
    completed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120))
    taught_by: Mapped[str] = mapped_column(String(120))
    signed_by: Mapped[str] = mapped_column(String(120))
    signed_for: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    company: Mapped[str] = mapped_column(String(120))
    valid_until: Mapped[date | None]
    # what became of it
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoke_reason: Mapped[str | None] = mapped_column(Text)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))

    enrolment: Mapped[Enrolment] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    replaced_by: Mapped["Certificate | None"] = relationship(remote_side=[id])

    def state(self, today: date) -> str:
        """Return whether it is valid, revoked, replaced or expired; the last day counts (rule 23)."""
        if self.revoked_at is not None:
            return "revoked"
        if self.replaced_by_id is not None:
            return "replaced"
        return "expired" if self.valid_until is not None and self.valid_until < today else "valid"
