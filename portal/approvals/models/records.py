"""Tables that are only added to: decisions, what they were given on, events and receipts. Triggers refuse the rest."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.approvals.models.running import ApprovalSeat, Parties, never_one_of_the_parties
from portal.core.db import Model, UtcDateTime
from portal.people.models import Person


class Decided(StrEnum):
    """What a decision says."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"


class ApprovalDecision(Parties, Model):
    """One decision: final for its round, and the only one for its seat and the alternatives of it (AP-18)."""

    __tablename__ = "approval_decision"
    __table_args__ = (
        never_one_of_the_parties("acted_by_id"),
        UniqueConstraint("seat_group_id"),
        CheckConstraint("outcome IN ('approved', 'rejected', 'returned')", name="outcome"),
        CheckConstraint("outcome = 'approved' OR length(reason) >= 10", name="reason"),
        CheckConstraint("on_behalf_of_id <> acted_by_id", name="on_behalf_of_another"),
        Index("ix_approval_decision_acted_by", "acted_by_id", "at"),
        Index("ix_approval_decision_stage", "stage_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("approval_stage.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("approval_seat.id"))
    seat_group_id: Mapped[str] = mapped_column(String(12))
    acted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(8))
    content_hash: Mapped[str] = mapped_column(String(64))

    seat: Mapped[ApprovalSeat] = relationship()
    acted_by: Mapped[Person] = relationship(foreign_keys="ApprovalDecision.acted_by_id")
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys="ApprovalDecision.on_behalf_of_id")


class MarkedField(Model):
    """A question that a return asks to be corrected; only these may be edited (AP-14)."""

    __tablename__ = "approval_marked_field"
    __table_args__ = (UniqueConstraint("decision_id", "field_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("approval_decision.id"))
    field_key: Mapped[str] = mapped_column(String(60))


class ApprovalContent(Model):
    """What a content hash stood for, as everybody may read it: confidential answers are left out (AP-12, forms.md 24)."""

    __tablename__ = "approval_content"
    __table_args__ = (UniqueConstraint("approval_id", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    # {language: [[key, label, value], …]}
    answers: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApprovalEvent(Model):
    """What happened to an approval, in order."""

    __tablename__ = "approval_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("approval_stage.id"))
    name: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # whom it concerns: the person seated, reminded or stood in for
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(Text)

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class ApprovalReceipt(Model):
    """What was decided, whole: content, stages, rules, decisions; nothing later alters it (AP-31)."""

    __tablename__ = "approval_receipt"
    __table_args__ = (UniqueConstraint("approval_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
