"""Tables: service standards, their versions, acknowledgements, and remarks on results; all but the first only add up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalogue.models import Service
from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Department, Person
from portal.service_levels.models import ServiceLevel

CLOCKS = ("fulfilment", "first_response")


class ServiceStandard(PublicId, Model):
    """A promise of a department to everybody, until it is withdrawn."""

    __tablename__ = "service_standard"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()


class StandardVersion(Model):
    """What a standard says from some moment on; old months stay with what it said then (KH15)."""

    __tablename__ = "standard_version"
    __table_args__ = (
        UniqueConstraint("standard_id", "number"),
        CheckConstraint("clock IN ('fulfilment', 'first_response')", name="clock"),
        CheckConstraint("(amount IS NULL) = (unit IS NULL)", name="amount_has_unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("service_standard.id"))
    number: Mapped[int]
    sentence: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    # what is measured: a service or all of the department, by which clock, under one level or whatever level fits
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    clock: Mapped[str] = mapped_column(String(14))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("service_level.id"))
    # what that level promised when this was written
    amount: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    standard: Mapped[ServiceStandard] = relationship()
    service: Mapped[Service | None] = relationship()
    level: Mapped[ServiceLevel | None] = relationship()


class StandardAcknowledgement(Model):
    """Somebody of the department has read a version and stands by it."""

    __tablename__ = "standard_acknowledgement"
    __table_args__ = (UniqueConstraint("version_id", "person_id"), Index("ix_standard_acknowledgement_person", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class StandardRemark(Model):
    """What the owner says to the result of a month; a later one takes its place, and none changes a number (9)."""

    __tablename__ = "standard_remark"
    __table_args__ = (UniqueConstraint("version_id", "month", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
    # "2026-03"
    month: Mapped[str] = mapped_column(String(7))
    number: Mapped[int]
    # empty when the remark was taken back
    text: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()
