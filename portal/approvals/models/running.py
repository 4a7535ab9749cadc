"""Tables of running approvals: one approval of a subject, its stages in each round, and the seats of who is asked."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.approvals.models.routes import MINOR_UNITS, MODES, RULES, Band
from portal.approvals.rules import Facts
from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Person

OPEN = text("ended_at IS NULL")


def never_one_of_the_parties(column: str) -> CheckConstraint:
    """Return the rule that the database itself keeps: nobody is asked about, or decides, their own request (AP-6)."""
    return CheckConstraint(f"{column} NOT IN (requester_id, beneficiary_id, author_id, editor_id)", name="never_own")


class Parties:
    """Mixin: the four people whom rule 6 excludes; never NULL, because a NULL would make the check pass."""

    requester_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    editor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    @property
    def parties(self) -> frozenset[int]:
        """Return the people who never decide here (AP-6)."""
        return frozenset((self.requester_id, self.beneficiary_id, self.author_id, self.editor_id))

    def copy_of_parties(self) -> dict[str, int]:
        """Return the four columns, for rows that carry them too."""
        return {
            "requester_id": self.requester_id,
            "beneficiary_id": self.beneficiary_id,
            "author_id": self.author_id,
            "editor_id": self.editor_id,
        }


class Approval(Parties, PublicId, Model):
    """The approval of one subject; its row is the lock for content and decisions."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_with_reason"),
        CheckConstraint(
            "ended_why IN ('approved', 'rejected', 'withdrawn', 'overridden')",
            name="ended_why",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # what it is about
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    # what is decided on: the content of this round, sealed with a secret of this approval (AP-12)
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    content_hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(40))
    # what the rules of the stages are applied to
    route_id: Mapped[int] = mapped_column(ForeignKey("route.id"), index=True)
    route_revision: Mapped[int]
    requester_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    service_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    fallback_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # the one sum of the content, in minor units (AP-5)
    amount: Mapped[int | None] = mapped_column(MINOR_UNITS)
    # the same without tax
    net: Mapped[int | None] = mapped_column(MINOR_UNITS)
    currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    # its life
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(12))

    requester: Mapped[Person] = relationship(foreign_keys="Approval.requester_id")
    beneficiary: Mapped[Person] = relationship(foreign_keys="Approval.beneficiary_id")

    @property
    def facts(self) -> Facts:
        """Return what the rules of its stages are applied to."""
        return Facts(
            **self.copy_of_parties(),
            requester_department_id=self.requester_department_id,
            service_department_id=self.service_department_id,
            amount=self.amount,
            net=self.net,
            currency=self.currency,
            fallback_person_id=self.fallback_id,
        )


class ApprovalStage(Band, Model):
    """One stage in one round: copied from the route, opened when those before it are approved (AP-1)."""

    __tablename__ = "approval_stage"
    __table_args__ = (
        UniqueConstraint("approval_id", "round", "position"),
        CheckConstraint(f"mode IN {MODES}", name="mode"),
        CheckConstraint(f"rule IN {RULES}", name="rule"),
        CheckConstraint("mode <> 'count' OR needed >= 1", name="needed"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_with_reason"),
        CheckConstraint(
            "ended_why IN ('approved', 'rejected', 'returned', 'removed', 'overridden', 'ended', 'not_reached')",
            name="ended_why",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    round: Mapped[int]
    position: Mapped[int]
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    mode: Mapped[str] = mapped_column(String(5))
    needed: Mapped[int]
    rule: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    different_from: Mapped[int | None]
    # The same stage of an earlier round, whose outcome still holds because the content is the same (AP-13).
    kept_from_id: Mapped[int | None] = mapped_column(ForeignKey("approval_stage.id"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(12))

    def state(self, asked: bool) -> str:
        """Return the state, computed; `asked` says whether a seat is open."""
        if self.ended_why is not None:
            return self.ended_why if self.ended_why in ("approved", "rejected", "returned") else "ended"
        if self.opened_at is None:
            return "waiting"
        return "open" if asked else "blocked"


class ApprovalSeat(Parties, PublicId, Model):
    """Who is asked in a stage; seats of one group are alternatives, and one decision ends them all (AP-25)."""

    __tablename__ = "approval_seat"
    __table_args__ = (
        never_one_of_the_parties("person_id"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_with_reason"),
        Index("ix_approval_seat_approval", "approval_id", "ended_at"),
        Index("ix_approval_seat_person", "person_id", "ended_at"),
        Index("ix_approval_seat_open", "seat_group_id", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("approval_stage.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat_group_id: Mapped[str] = mapped_column(String(12))
    # which rule gave the seat
    rule: Mapped[str] = mapped_column(String(20))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(20))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    approval: Mapped[Approval] = relationship()
    stage: Mapped[ApprovalStage] = relationship()
    person: Mapped[Person] = relationship(foreign_keys="ApprovalSeat.person_id")
