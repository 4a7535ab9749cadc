"""Finding announcements: what a person may see, what is for them, and how they stand to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.announcements.audiences import addressed_to, groups_of, members
from portal.announcements.models import (
    Announcement,
    AnnouncementConfirmation,
    AnnouncementDraft,
    AnnouncementReading,
    AnnouncementRecipient,
    AnnouncementVersion,
    Level,
)
from portal.core.db import db
from portal.people.models import Department, Person, Role
from portal.people.queries import has_role

KIND = "announcement"
NEWS = "current_announcement"


def is_out(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an announcement is published and not withdrawn: the archive too (rules 11 and 14)."""
    return and_(Announcement.withdrawn_at.is_(None), Announcement.publish_at <= now)


def has_expired(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an announcement belongs to the archive."""
    return and_(Announcement.expire_at.is_not(None), Announcement.expire_at <= now)


def is_current(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an announcement is shown as news now (rule 11)."""
    return and_(is_out(now), or_(Announcement.expire_at.is_(None), Announcement.expire_at > now))


def sees_everything(person: Person, now: datetime) -> bool:
    """Return whether the person also reads what is confidential: Communications, who answer for it, and auditors."""
    return has_role(person, Role.COMMUNICATIONS, now) or has_role(person, Role.AUDITOR, now)


def visible_to(person: Person, now: datetime) -> Select[Announcement]:
    """Select what the person may read: open ones, and confidential ones addressed to them or of their own (rules 1 and 2)."""
    found = select(Announcement).where(is_out(now))
    if sees_everything(person, now):
        return found
    open_ = Announcement.access == "open"
    return found.where(or_(open_, Announcement.author_id == person.id, addressed_to(person, now)))


def news_for(person: Person, now: datetime) -> Select[Announcement]:
    """Select what bell and mail may still tell the person: visible and current (rules 11 and 14)."""
    return visible_to(person, now).where(is_current(now))


def managed_by(person: Person, now: datetime) -> Select[Announcement]:
    """Select what those who publish handle, scheduled and withdrawn ones too; an administrator nothing confidential of others."""
    found = select(Announcement)
    if has_role(person, Role.COMMUNICATIONS, now):
        return found
    own = Announcement.author_id == person.id
    if has_role(person, Role.ADMINISTRATOR, now):
        return found.where(or_(own, Announcement.access == "open"))
    return found.where(own)


def known_to(person: Person, now: datetime) -> Select[Announcement]:
    """Select what the person may open: what is visible, and what they handle."""
    ids = (each.with_only_columns(Announcement.id) for each in (visible_to(person, now), managed_by(person, now)))
    found = select(Announcement).where(or_(*(Announcement.id.in_(each) for each in ids)))
    return found.options(joinedload(Announcement.said), joinedload(Announcement.department), joinedload(Announcement.author))


def listed(found: Select[Announcement], person: Person | None = None) -> Select[Any]:
    """Select the columns that lists show; never the long text. For a person, also what they have confirmed (`done`)."""
    said = AnnouncementVersion
    columns = found.join(Department, Department.id == Announcement.department_id).join(said, current_text())
    return cast(
        "Select[Any]",
        columns.with_only_columns(
            Announcement.id,
            Announcement.public_id,
            Announcement.kind,
            Announcement.level,
            Announcement.access,
            Announcement.publish_at,
            Announcement.expire_at,
            Announcement.due_at,
            Announcement.due_on,
            Announcement.withdrawn_at,
            Announcement.version,
            said.title,
            Department.name.label("department"),
            (has_confirmed(person.id) if person else false()).label("done"),
        ),
    )


def current_text() -> ColumnElement[bool]:
    """Return the condition that a row of texts is what its announcement says now."""
    said = AnnouncementVersion
    return and_(said.announcement_id == Announcement.id, said.number == Announcement.version, said.edit == Announcement.edit)


# --- one person and what is for them ---------------------------------------------------------------------------------


def has_confirmed(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that the person has confirmed what the announcement says now."""
    return exists().where(
        AnnouncementRecipient.announcement_id == Announcement.id,
        AnnouncementRecipient.person_id == person_id,
        AnnouncementConfirmation.recipient_id == AnnouncementRecipient.id,
        AnnouncementConfirmation.version == Announcement.version,
    )


def is_exempt(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that nobody asks the person any more."""
    row = AnnouncementRecipient
    return exists().where(row.announcement_id == Announcement.id, row.person_id == person_id, row.close_reason == "exempt")


def has_read(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that the person has opened what the announcement says now."""
    row = AnnouncementReading
    return exists().where(row.announcement_id == Announcement.id, row.person_id == person_id, row.version == Announcement.version)


def waits_for(person: Person) -> ColumnElement[bool]:
    """Return the condition that home still shows it: to confirm until confirmed, the others until read (rule 8)."""
    asked = and_(~has_confirmed(person.id), ~is_exempt(person.id))
    return or_(
        and_(Announcement.level == Level.TO_CONFIRM, asked), and_(Announcement.level != Level.TO_CONFIRM, ~has_read(person.id))
    )


def for_person(person: Person, now: datetime) -> Select[Announcement]:
    """Select what is addressed to the person and current."""
    return select(Announcement).where(is_current(now), addressed_to(person, now))


def to_confirm(person: Person, now: datetime) -> Select[Announcement]:
    """Select what the person has yet to confirm."""
    return for_person(person, now).where(Announcement.level == Level.TO_CONFIRM, waits_for(person))


@dataclass(frozen=True)
class Standing:
    """How a person stands to an announcement."""

    addressed: bool
    exempt: bool
    confirmations: Sequence[AnnouncementConfirmation]
    version: int

    @property
    def confirmed(self) -> AnnouncementConfirmation | None:
        """Return the confirmation of what it says now."""
        return next((each for each in self.confirmations if each.version == self.version), None)

    @property
    def confirmed_before(self) -> AnnouncementConfirmation | None:
        """Return the latest confirmation of an earlier version, "confirmed v1" (rule 6)."""
        return next((each for each in self.confirmations if each.version < self.version), None)

    @property
    def pending(self) -> bool:
        """Return whether the person is asked to confirm and has not yet."""
        return self.addressed and not self.exempt and self.confirmed is None


def standing(announcement: Announcement, person: Person, now: datetime) -> Standing:
    """Return how the person stands to the announcement."""
    row, said = AnnouncementRecipient, AnnouncementConfirmation
    found = select(addressed_to(person, now), row.close_reason, said).select_from(Announcement)
    found = found.outerjoin(row, and_(row.announcement_id == Announcement.id, row.person_id == person.id))
    found = found.outerjoin(said, said.recipient_id == row.id).where(Announcement.id == announcement.id)
    rows = db.session.execute(found.order_by(said.version.desc())).all()
    confirmations = [each[2] for each in rows if each[2] is not None]
    return Standing(bool(rows[0][0]), rows[0][1] == "exempt", confirmations, announcement.version)


def people_of(announcement: Announcement, now: datetime) -> Select[Person]:
    """Select whom the audience holds now."""
    return select(Person).where(members(groups_of(announcement.id), now))


def history(announcement: Announcement) -> Sequence[AnnouncementVersion]:
    """Return what it said since it was published, the latest first; before that nothing counts as a version (rule 6)."""
    said = AnnouncementVersion
    found = select(said).where(said.announcement_id == announcement.id).order_by(said.number.desc(), said.edit.desc())
    rows = db.session.scalars(found).all()
    later = [row for row in rows if row.at > announcement.publish_at]
    return [*later, *(row for row in rows[len(later) : len(later) + 1])]


# --- drafts ----------------------------------------------------------------------------------------------------------


def drafts_of(person: Person, now: datetime) -> Select[AnnouncementDraft]:
    """Select the drafts that the person goes on with: own ones, and for those who publish the ones handed in."""
    own = AnnouncementDraft.author_id == person.id
    if has_role(person, Role.COMMUNICATIONS, now) or has_role(person, Role.ADMINISTRATOR, now):
        own = or_(own, AnnouncementDraft.handed_in_at.is_not(None))
    return select(AnnouncementDraft).where(AnnouncementDraft.ended_at.is_(None), own)


def count_drafts(person: Person, now: datetime) -> int:
    """Return how many drafts the person can go on with."""
    found = drafts_of(person, now).with_only_columns(func.count(AnnouncementDraft.id))
    return db.session.scalar(found) or 0
