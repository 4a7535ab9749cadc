"""Tables of what is mandatory, who has completed it, who is exempt, and who asks for a topic."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Department, Person
from portal.training.models.enrolments import Enrolment
from portal.training.models.topics import Topic


class Requirement(PublicId, Model):
    """A topic that is mandatory for a role, a department with those below it, or a site (rule 24)."""

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN role IS NULL THEN 0 ELSE 1 END) + (CASE WHEN department_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN site IS NULL THEN 0 ELSE 1 END) = 1",
            name="for_one_group",
        ),
        CheckConstraint("validity_months > 0 AND window_days >= 0 AND grace_days >= 0", name="spans"),
        Index("ix_requirement_topic", "topic_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    role: Mapped[str | None] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    site: Mapped[str | None] = mapped_column(String(80))
    validity_months: Mapped[int | None]
    window_days: Mapped[int] = mapped_column(default=60, server_default=text("60"))
    grace_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    topic: Mapped[Topic] = relationship()
    department: Mapped[Department | None] = relationship()


class TrainingRecord(Model):
    """Somebody has completed a topic on a day; only ever added to (rule 24)."""

    __tablename__ = "training_record"
    __table_args__ = (
        UniqueConstraint("person_id", "topic_id", "completed_on"),
        Index("ix_training_record_topic", "topic_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    completed_on: Mapped[date]
    valid_until: Mapped[date | None]
    # the enrolment, or in words where it was done elsewhere
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class RecordValidity(Model):
    """What a record is worth from some moment on: another validity, or nothing; rows only add up (rules 24, 28)."""

    __tablename__ = "training_record_validity"
    __table_args__ = (Index("ix_training_record_validity_record", "record_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("training_record.id"))
    counts: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    valid_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Exemption(PublicId, Model):
    """Somebody need not complete a topic for some time (rule 29)."""

    __tablename__ = "training_exemption"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="from_before_until"),
        Index("ix_training_exemption_person", "person_id", "topic_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    until_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class RenewalReminder(Model):
    """That somebody was told of what falls due: each stage of each date once (rule 32)."""

    __tablename__ = "training_reminder"
    __table_args__ = (UniqueConstraint("person_id", "topic_id", "by_on", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    by_on: Mapped[date]
    stage: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Demand(Model):
    """Somebody needs a topic; one open row per person, closed when they have a seat (rule 33)."""

    __tablename__ = "training_demand"
    __table_args__ = (
        Index(
            "uq_training_demand_open",
            "topic_id",
            "person_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))

    topic: Mapped[Topic] = relationship()
    person: Mapped[Person] = relationship()
    closed_by: Mapped[Enrolment | None] = relationship()
