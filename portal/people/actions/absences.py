"""Verbs of absences (approvals.md 19 to 21)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import events
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.events import DelegationRevoked, DelegationStarted
from portal.people.models import Absence, Person
from portal.people.queries import within


def days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """Return [from, until) of whole days in a zone: "9 to 13 March" ends as 14 March begins (rule 19)."""
    wall = ZoneInfo(zone)
    return datetime.combine(first, time.min, wall), datetime.combine(last + timedelta(days=1), time.min, wall)


def register_absence(person: Person, delegate: Person | None, first: date, last: date, zone: str, now: datetime) -> Absence:
    """Send somebody away for whole days, perhaps with a stand-in; what cannot be is refused, never corrected."""
    if last < first:
        raise Refused(_("The last day is before the first."))
    from_at, until_at = days(first, last, zone)
    if until_at <= now:
        raise Refused(_("These days are over."))
    _lock(person, delegate)
    _refuse_overlap(person, from_at, until_at)
    if delegate:
        _refuse_delegate(person, delegate, from_at, until_at)
    absence = Absence(
        person_id=person.id,
        delegate_id=delegate.id if delegate else None,
        from_at=from_at,
        until_at=until_at,
        zone=zone,
    )
    db.session.add(absence)
    db.session.flush()
    events.publish(DelegationStarted(absence.id, person.id, absence.delegate_id, from_at, until_at))
    return absence


def _lock(person: Person, delegate: Person | None) -> None:
    """Lock both people in one order: two who name each other at once must see each other (C3)."""
    ids = {person.id} | ({delegate.id} if delegate else set())
    db.session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update())


def _refuse_overlap(person: Person, from_at: datetime, until_at: datetime) -> None:
    if within(person.id, from_at, until_at):
        raise Refused(_("You have already said that you are away on some of these days. End that absence first."))


def _refuse_delegate(person: Person, delegate: Person, from_at: datetime, until_at: datetime) -> None:
    if delegate.id == person.id:
        raise Refused(_("Nobody stands in for themselves."))
    if not delegate.active:
        raise Refused(_("%(name)s has left.", name=delegate.name))
    if any(absence.delegate_id == person.id for absence in within(delegate.id, from_at, until_at)):
        sentence = _("%(name)s is away on some of these days and has named you: you cannot stand in for each other.")
        raise Refused(sentence % {"name": delegate.name})


def end_absence(absence: Absence, by: Person | None, now: datetime) -> None:
    """End an absence before its time; the delegation ends with it at once."""
    if absence.revoked_at is not None or absence.until_at <= now:
        raise Refused(_("This absence is over already."))
    absence.revoked_at = now
    events.publish(DelegationRevoked(absence.id, absence.person_id, absence.delegate_id, by.id if by else None))
