"""Tables beside the request itself: what was merged into what, and saved views of queues."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Person


class RequestMerge(Model):
    """A request was closed because another one of its queue goes on for both; nobody undoes it (requests.md 12)."""

    __tablename__ = "request_merge"
    __table_args__ = (CheckConstraint("request_id <> into_id", name="two_requests"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(PublicId, Model):
    """Filters of one queue under a name: a person's own, or shared with the agents of the queue (requests.md 15)."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("owner_id", "department_id", "name_folded"),
        Index(
            "uq_saved_view_shared",
            "department_id",
            "name_folded",
            unique=True,
            sqlite_where=text("shared"),
            postgresql_where=text("shared"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(60))
    name_folded: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
    shared: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    owner: Mapped[Person] = relationship()


class DefaultView(Model):
    """With which view a person's queue opens."""

    __tablename__ = "saved_view_default"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id", ondelete="CASCADE"), index=True)
