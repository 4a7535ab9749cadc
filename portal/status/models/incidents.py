"""Tables of incidents: facts only; state, impact and what readers see follow from them (C4)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import LocalText, Model, PublicId, UtcDateTime


class Incident(PublicId, Model):
    """Something that does not work; its state is that of its newest published update."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_ended", "ended_at", "id"), Index("ix_incident_published", "published_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    language: Mapped[str] = mapped_column(String(8))
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # when its last update ended it; only lists filter by it
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_impact: Mapped[str | None] = mapped_column(String(11))
    for_the_record: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class IncidentUpdate(PublicId, Model):
    """What was said of an incident, the state it set, and when more was promised."""

    __tablename__ = "incident_update"
    __table_args__ = (Index("ix_incident_update_incident", "incident_id", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    state: Mapped[str] = mapped_column(String(13))
    body: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopens: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    retracts: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    notify: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class IncidentImpact(Model):
    """The status that an incident declares for one component, from an instant on (SP-1); each update may declare another."""

    __tablename__ = "incident_impact"
    __table_args__ = (UniqueConstraint("update_id", "component_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("incident_update.id"))
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class UpdateVersion(Model):
    """What an update said before it was corrected; staff see it (SP-14)."""

    __tablename__ = "status_update_version"
    __table_args__ = (Index("ix_status_update_version_update", "kind", "update_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(11))
    update_id: Mapped[int]
    body: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class IncidentNote(Model):
    """What employees tell each other about an incident; it never leaves (SP-34)."""

    __tablename__ = "incident_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class IncidentRequest(Model):
    """A request from which an incident was opened; named to employees who may see it, never outside."""

    __tablename__ = "incident_request"
    __table_args__ = (UniqueConstraint("incident_id", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class IncidentTemplate(PublicId, Model):
    """Words prepared for an incident that comes again."""

    __tablename__ = "incident_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    body: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    state: Mapped[str] = mapped_column(String(13), default="investigating")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
