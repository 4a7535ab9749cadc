"""Who is away, and who stands in for whom (approvals.md 19 to 23)."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Absence, Person


def absence_of(person_id: int, now: datetime) -> Absence | None:
    """Return the absence that the person is in now."""
    return db.session.scalar(select(Absence).where(Absence.person_id == person_id, away_at(now)).limit(1))


def away_at(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an absence counts now: from <= now < until and not revoked (PE-6)."""
    return and_(Absence.from_at <= now, Absence.until_at > now, Absence.revoked_at.is_(None))


def away_until(now: datetime) -> ScalarSelect[datetime]:
    """Select until when the person of the outer query is away, for lists (PE-21)."""
    return select(func.max(Absence.until_at)).where(Absence.person_id == Person.id, away_at(now)).scalar_subquery()


def people_stood_in_for(person_id: int, now: datetime) -> list[int]:
    """Return the ids of the active people for whom the person stands in now."""
    found = (
        select(Absence.person_id)
        .join(Person, Person.id == Absence.person_id)
        .where(Absence.delegate_id == person_id, away_at(now), Person.active)
    )
    return list(db.session.scalars(found))


def own_absences(person: Person) -> Select[Absence]:
    """Select the absences that the person may see and end: the own ones."""
    return select(Absence).where(Absence.person_id == person.id)


def coming(person_id: int, now: datetime) -> list[Absence]:
    """Return the absences of the person that are not over, the next first."""
    found = select(Absence).where(Absence.person_id == person_id, Absence.until_at > now, Absence.revoked_at.is_(None))
    return list(db.session.scalars(found.options(joinedload(Absence.delegate)).order_by(Absence.from_at)))


def within(person_id: int, from_at: datetime, until_at: datetime) -> list[Absence]:
    """Return the absences of the person that share a moment with [from, until)."""
    overlapping = and_(Absence.from_at < until_at, Absence.until_at > from_at, Absence.revoked_at.is_(None))
    found = select(Absence).where(Absence.person_id == person_id, overlapping)
    return list(db.session.scalars(found.order_by(Absence.from_at)))


def open_delegations(person_id: int, now: datetime) -> list[Absence]:
    """Return what is not over and has the person as the absent one or as the delegate, the rows locked."""
    either = or_(Absence.person_id == person_id, Absence.delegate_id == person_id)
    found = select(Absence).where(either, Absence.until_at > now, Absence.revoked_at.is_(None))
    return list(db.session.scalars(found.order_by(Absence.id).with_for_update()))
