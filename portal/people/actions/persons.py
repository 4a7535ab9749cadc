"""Verbs of people: make, change, end and give back access."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.core import events, names
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people.actions.absences import end_absence
from portal.people.actions.roles import keep_an_administrator
from portal.people.events import PersonChanged, PersonCreated, PersonDeactivated, PersonReactivated
from portal.people.models import Person
from portal.people.queries import open_delegations

NAMES = ("email", "employee_number")


class Stale(Exception):
    """Somebody else has saved the record since this one was read (C10)."""


def create_person(fields: Mapping[str, Any], by: Person | None, now: datetime) -> Person:
    """Add somebody; access begins when they choose a password."""
    found = normal_fields(fields)
    refuse_taken_names(found, None)
    person = Person(created_at=now, **found)
    db.session.add(person)
    db.session.flush()
    events.publish(PersonCreated(person.id, by.id if by else None))
    return person


def normal_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are stored: names in their one normal form (SE-14), and the name by which one sorts."""
    found = dict(fields)
    for key in NAMES:
        if found.get(key):
            found[key] = names.normal(found[key])
    if "employee_number" in found:
        found["employee_number"] = found["employee_number"] or None
    if "name" in found:
        found["name"] = " ".join(found["name"].split())
        found["sort_name"] = fold(found["name"])
    return found


def refuse_taken_names(fields: Mapping[str, Any], person_id: int | None) -> None:
    """Refuse a mail address or employee number by which another account is known (SE-14)."""
    wanted = {fields.get(key) for key in NAMES} - {None}
    taken = select(Person.id).where(or_(Person.email.in_(wanted), Person.employee_number.in_(wanted)))
    if wanted and db.session.scalar(taken.where(Person.id != (person_id or 0)).limit(1)):
        raise Refused(_("Another account has this mail address or employee number."))


def edit_person(person: Person, fields: Mapping[str, Any], revision: int, by: Person | None) -> None:
    """Store new values; raise Stale when somebody saved in between, and then change nothing (C10)."""
    row: Person = lock(Person, person.id)
    if row.revision != revision:
        raise Stale
    changed = {key: value for key, value in normal_fields(fields).items() if getattr(row, key) != value}
    refuse_taken_names(changed, row.id)
    before = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    if changed:
        row.revision += 1
        events.publish(PersonChanged(row.id, by.id if by else None, before, changed))


def deactivate(person: Person, by: Person, now: datetime) -> None:
    """End access: sessions, tokens and delegations in both directions, in this transaction (PE-12)."""
    if person.id == by.id:
        raise Refused(_("Ask another administrator to end your own access."))
    keep_an_administrator(person, by, now)
    row: Person = lock(Person, person.id)
    if not row.active:
        return
    row.active, row.session_epoch = False, row.session_epoch + 1
    for absence in open_delegations(row.id, now):
        end_absence(absence, by, now)
    events.publish(PersonDeactivated(row.id, by.id))


def reactivate(person: Person, by: Person) -> None:
    """Give access back; what was ended stays ended."""
    row: Person = lock(Person, person.id)
    if not row.active:
        row.active = True
        events.publish(PersonReactivated(row.id, by.id))
