"""The table of decision links in mails; who has only the database cannot use one (AP-26)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.approvals.models.running import ApprovalSeat
from portal.core.db import Model, UtcDateTime
from portal.people.models import Person


class ApprovalLink(Model):
    """A link that one mail carries: for one seat, one person and one content; only the digest of its token is kept."""

    __tablename__ = "approval_link"
    __table_args__ = (CheckConstraint("made_at < until_at", name="has_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("approval_seat.id"), index=True)
    # the person seated, or who stood in when the mail was sent
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)

    seat: Mapped[ApprovalSeat] = relationship()
    person: Mapped[Person] = relationship()
