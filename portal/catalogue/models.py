"""Tables of services, their form versions, audiences and drafts (forms.md)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.approvals.models import Route
from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Department, Person
from portal.teams.models import Team


class Service(PublicId, Model):
    """Something a department does for others."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("department_id", "slug"),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    slug: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40), default="general")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    # what its page says
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    summary: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    for_whom: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    prepare: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    not_covered: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # other words by which people look for it, both languages
    keywords: Mapped[str] = mapped_column(String(300), default="", server_default="")
    # Heads do not see requests of a confidential service (PE-1).
    confidential: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Its requests may be followed with a code; those of a confidential one never (TR-16).
    trackable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    route_id: Mapped[int | None] = mapped_column(ForeignKey("route.id"), unique=True)
    # who of the department receives its requests; without one, they stand in the queue for everybody
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    department: Mapped[Department] = relationship()
    contact: Mapped[Person | None] = relationship()
    route: Mapped[Route | None] = relationship()
    team: Mapped[Team | None] = relationship()


class FormVersion(Model):
    """The questions of a service; a published version is never edited (forms.md 8)."""

    __tablename__ = "form_version"
    __table_args__ = (
        UniqueConstraint("service_id", "number"),
        CheckConstraint("state IN ('draft', 'published', 'superseded', 'withdrawn')", name="state"),
        Index(
            "ix_form_version_published",
            "service_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "ix_form_version_draft",
            "service_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    service: Mapped[Service] = relationship()
    edited_by: Mapped[Person | None] = relationship()


class AudienceRow(Model):
    """One group of people who find the service; an audience is the union of its rows (forms.md 19)."""

    __tablename__ = "audience_row"
    __table_args__ = (
        CheckConstraint("kind IN ('employees', 'partners', 'department', 'role', 'site', 'person')", name="kind"),
        Index("ix_audience_row_service", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # the role or the site
    value: Mapped[str | None] = mapped_column(String(80))

    department: Mapped[Department | None] = relationship()
    person: Mapped[Person | None] = relationship()


class Draft(PublicId, Model):
    """What a person has typed into a form and not yet sent; its send key makes sending happen once (forms.md 12, 14)."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "send_key"), Index("ix_draft_person", "person_id", "saved_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    send_key: Mapped[str] = mapped_column(String(40))
    # raw posted texts by field name, as typed
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    # the opened page that wrote this revision; it is no other device to itself (13)
    page: Mapped[str] = mapped_column(String(22), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    service: Mapped[Service] = relationship()
    form_version: Mapped[FormVersion] = relationship()


class DraftRevision(Model):
    """One of the last five contents of a draft (forms.md 13)."""

    __tablename__ = "draft_revision"
    __table_args__ = (UniqueConstraint("draft_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
