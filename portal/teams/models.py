"""Tables of teams and their members."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.people.models import Department, Person


class Team(PublicId, Model):
    """Some agents of one department under a name, until it is ended."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    department: Mapped[Department] = relationship()


class TeamMember(Model):
    """Somebody belongs to a team, and perhaps leads it, from when until when."""

    __tablename__ = "team_member"
    __table_args__ = (
        Index(
            "uq_team_member_now",
            "person_id",
            "team_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        Index("ix_team_member_team", "team_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    leads: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship()
