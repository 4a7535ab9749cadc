"""People as a kind that can be found: by name and job title, shown as the directory's lists show them (PE-21)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from portal.core.db import db
from portal.people.models import Person
from portal.people.queries import entries
from portal.search.kinds import Document

KIND = "people"


def listed() -> Select[Person]:
    """Select everybody: whom a person finds is decided by the search, since roles begin and end by themselves."""
    return select(Person)


def document(person: Person) -> Document:
    """Return what is found of a person; nothing that only their page shows."""
    return Document(person.id, person.name, [person.job_title], place={"public_id": person.public_id}, is_name=True)


def rows(person: Person, ids: Sequence[int], now: datetime) -> Mapping[int, Any]:
    """Return the people found as the directory lists them."""
    return {row.id: row for row in db.session.execute(entries(person, now).where(Person.id.in_(ids)))}
