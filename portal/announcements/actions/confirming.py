"""Confirming that something was read: on the page, or on paper before a witness; first time kept (rules 5 and 7)."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.announcements import queries
from portal.announcements.actions.recipients import insert_once, recipient
from portal.announcements.audiences import groups_of, members
from portal.announcements.events import AnnouncementConfirmed
from portal.announcements.models import Announcement, AnnouncementConfirmation
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person


class NewText(Refused):
    """The meaning was changed after the page was drawn: read again, then confirm (rule 7)."""

    def __init__(self) -> None:
        super().__init__(_("The text has changed since you opened it. Read it again, then confirm."))


def confirm(announcement: Announcement, version: int, by: Person, now: datetime) -> None:
    """Record that the person has read this version; again is the same as once (AN9, AN11)."""
    if not queries.standing(announcement, by, now).addressed:
        raise Refused(_("This announcement is not addressed to you."))
    _refuse_unasked(announcement, version, now)
    _write(announcement, by, now, "page", by, None)


def record_on_paper(announcement: Announcement, person: Person, witness: str, by: Person, now: datetime) -> None:
    """Record a signature on paper: for people without an account or on the shop floor (rule 5)."""
    inside = members(groups_of(announcement.id), now)
    if db.session.scalar(select(Person.id).where(Person.id == person.id, inside)) is None:
        raise Refused(_("This announcement is not addressed to %(name)s.", name=person.name))
    _refuse_unasked(announcement, announcement.version, now)
    _write(announcement, person, now, "paper", by, witness)
    audit.record(by, "announcement.confirmed_on_paper", queries.KIND, announcement.id, after={"person": person.public_id})


def _refuse_unasked(announcement: Announcement, version: int, now: datetime) -> None:
    if not announcement.asks_to_confirm:
        raise Refused(_("This announcement asks for no confirmation."))
    if not announcement.is_current(now):
        raise Refused(_("This announcement is over."))
    if version != announcement.version:
        raise NewText


def _write(announcement: Announcement, person: Person, now: datetime, channel: str, by: Person, witness: str | None) -> None:
    row = recipient(announcement, person, now)
    values = {"recipient_id": row.id, "version": announcement.version, "at": now, "channel": channel}
    made = insert_once(AnnouncementConfirmation, [{**values, "by_id": by.id, "witness": witness}])
    if made:
        publish(AnnouncementConfirmed(announcement.id, person.id, announcement.version))
