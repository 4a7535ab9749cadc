"""Tables of conversations (conversation-and-mail.md)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Person


class Comment(PublicId, Model):
    """Something said about a thing: public or internal from the start, and so for good (CM rule 1)."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_subject", "subject_kind", "subject_id", "id"),
        UniqueConstraint("author_id", "send_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    send_key: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, deferred=True)

    author: Mapped[Person] = relationship()


class CommentText(Model):
    """What a comment said before it was corrected or withdrawn, for those with the audit right (CM rule 2)."""

    __tablename__ = "comment_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommentDraft(Model):
    """What somebody had written when their session ended: it waits for them under the same thing (RE-29, CM rule 8)."""

    __tablename__ = "comment_draft"
    __table_args__ = (UniqueConstraint("person_id", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # The files that were stored with it, as the form carries them.
    files: Mapped[str] = mapped_column(Text, default="", server_default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)


class Watcher(Model):
    """A person who follows a thing and may read its public part (CM rule 6, PE-8)."""

    __tablename__ = "watcher"
    __table_args__ = (
        Index(
            "ix_watcher_current",
            "subject_kind",
            "subject_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_watcher_person", "person_id", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id])
