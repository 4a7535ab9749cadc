"""Tables of files (SE-46, RE-12)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, UtcDateTime, public_id
from portal.people.models import Person

OPAQUE = 25  # characters of [a-z0-9]: more than 128 bits


def opaque_id() -> str:
    """Return the identifier of a file: 128 random bits (SE-46)."""
    return public_id(OPAQUE)


class StoredFile(Model):
    """Bytes that are safely on disk, under a name that nobody chose."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_uploader", "uploaded_by_id", "uploaded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(OPAQUE), unique=True, default=opaque_id)
    path: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content_type: Mapped[str] = mapped_column(String(100))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The row is marked first, the bytes go after the commit (RE-12).
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The daily check found other bytes than were stored (RE-13).
    damaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[Person] = relationship()


class FileLink(Model):
    """A file hangs on a thing: on itself, on one of its comments, or on one of its fields."""

    __tablename__ = "file_link"
    __table_args__ = (Index("ix_file_link_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    field_key: Mapped[str | None] = mapped_column(String(60))
    comment_id: Mapped[int | None]
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    file: Mapped[StoredFile] = relationship()
