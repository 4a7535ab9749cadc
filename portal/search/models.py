"""Tables of the search. Beside them stands `search_terms`, which each database has in a form of its own (`terms.py`)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import LocalText, Model, UtcDateTime


class Entry(Model):
    """One thing that can be found, as the results show it."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    title: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    note: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    reference: Mapped[str] = mapped_column(String(30))
    place: Mapped[Mapping[str, str]] = mapped_column(JSON)
    indexed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Spelling(Model):
    """A word of the index under one of the keys by which it is found when mistyped."""

    __tablename__ = "search_spelling"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it as it is

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class Miss(Model):
    """What was looked for in vain, how often in a week, and not by whom (rule 21)."""

    __tablename__ = "search_miss"

    week: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int]
