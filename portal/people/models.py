"""Tables of people and departments."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model, PublicId, UtcDateTime
from portal.core.text import initials


class Role(StrEnum):
    """What a person may be asked to do; relations such as requester follow from rows instead (permissions.md 2)."""

    EMPLOYEE = "employee"
    PARTNER = "partner"
    AGENT = "agent"
    HEAD = "head"
    CATALOGUE_EDITOR = "catalogue_editor"
    TRAINER = "trainer"
    IMPROVER = "improver"
    COMMUNICATIONS = "communications"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Department(PublicId, Model):
    """A unit of the company; one with a number is a window of the service catalogue."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    welcome: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    # Heads above do not see the content of a closed node (permissions.md 1).
    closed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    hours_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    parent: Mapped["Department | None"] = relationship(remote_side=[id])


class Person(PublicId, Model):
    """Somebody with an account: employee, partner or auditor."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    # who
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(120), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    employee_number: Mapped[str | None] = mapped_column(String(30), unique=True)
    # where in the company
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    job_title: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    # on the person's page, as far as `public_fields` names them
    site: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    languages: Mapped[str] = mapped_column(String(120), default="")
    working_hours: Mapped[str] = mapped_column(String(120), default="")
    public_fields: Mapped[str] = mapped_column(String(120), default="site,phone,languages,working_hours")
    photo: Mapped[str | None] = mapped_column(String(40))
    photo_hidden: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # preferences
    language: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(60))
    theme: Mapped[str | None] = mapped_column(String(8))
    mail_of_progress: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    # account
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    session_epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    department: Mapped[Department] = relationship(foreign_keys=[department_id])
    manager: Mapped["Person | None"] = relationship(remote_side=[id], foreign_keys=[manager_id])

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Return whether the account may be used."""
        return self.active

    def get_id(self) -> str:
        """Return the identifier for flask-login."""
        return self.public_id

    @property
    def initials(self) -> str:
        """Return up to two letters that stand for the name."""
        return initials(self.name)

    @property
    def first_name(self) -> str:
        """Return the first word of the name."""
        return self.name.split()[0]


class RoleGrant(Model):
    """A role of a person, in a department or everywhere, for a time (PE-11)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_person", "person_id", "role"),
        Index("ix_role_grant_scope", "role", "department_id"),
        CheckConstraint("until_at IS NULL OR from_at < until_at", name="from_before_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    department: Mapped[Department | None] = relationship()


class Absence(PublicId, Model):
    """A person is away in [from, until) and somebody may stand in (approvals.md 19 to 23)."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="from_before_until"),
        CheckConstraint("delegate_id <> person_id", name="delegate_is_another"),
        Index("ix_absence_person", "person_id", "from_at"),
        Index(
            "ix_absence_delegate",
            "delegate_id",
            "from_at",
            sqlite_where=text("delegate_id IS NOT NULL"),
            postgresql_where=text("delegate_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    delegate: Mapped[Person | None] = relationship(foreign_keys=[delegate_id])
