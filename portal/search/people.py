"""People as a kind that can be found: by name and job title, shown as the directory's lists show them (PE-21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Absence, Person
from portal.people.queries import away_at
from portal.search.kinds import Document

KIND = "people"


@dataclass(frozen=True)
class Found:
    """A person as the results show them."""

    person: Person
    away_until: datetime | None


def listed() -> Select[Person]:
    """Select everybody: whom a person finds is decided by the search, since roles begin and end by themselves."""
    return select(Person)


def document(person: Person) -> Document:
    """Return what is found of a person; nothing that only their page shows."""
    return Document(person.id, person.name, [person.job_title], place={"public_id": person.public_id}, is_name=True)


def rows(person: Person, ids: Sequence[int], now: datetime) -> Mapping[int, Found]:
    """Return the people found and until when they are away."""
    away = (
        select(Person, Absence.until_at)
        .outerjoin(Absence, (Absence.person_id == Person.id) & away_at(now))
        .options(joinedload(Person.department))
        .where(Person.id.in_(ids))
        .order_by(Absence.until_at)
    )
    return {found.id: Found(found, until) for found, until in db.session.execute(away)}
