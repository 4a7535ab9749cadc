"""Finding people: the directory, pickers, and names that somebody typed (knowledge-and-home.md 10, PE-21)."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from portal.core import names
from portal.core.db import db
from portal.core.text import fold
from portal.people.models import Department, Person, Role, RoleGrant
from portal.people.queries.absences import away_until
from portal.people.queries.grants import current_grants, has_role

BY_NAME = (Person.__table__.c.sort_name, Person.__table__.c.id)
PICKED = 20
FEWEST_LETTERS = 2
LONGEST_TEXT = 200
MOST_WORDS = 12


def visible_to(person: Person, now: datetime) -> Select[Person]:
    """Select the people whom the person may find: active employees; partners find those of their own requests only."""
    listed = Person.active & ~exists().where(
        RoleGrant.person_id == Person.id, RoleGrant.role == Role.AUDITOR, current_grants(now)
    )
    if has_role(person, Role.PARTNER, now):
        return select(Person).where(Person.active, Person.id == person.id)
    return select(Person).where(listed)


def entries(person: Person, now: datetime) -> Select[Any]:
    """Select what lists and pickers show of the people whom the person may find, and nothing else (PE-21)."""
    shown = visible_to(person, now).join(Department, Department.id == Person.department_id)
    columns = shown.with_only_columns(
        Person.id,
        Person.public_id,
        Person.name,
        Person.sort_name,
        Person.photo,
        Person.photo_hidden,
        Person.job_title,
        Department.name.label("department"),
        Department.slug,
        away_until(now).label("away_until"),
    )
    return cast("Select[Any]", columns)


def named(found: Select[Any], text: str) -> Select[Any]:
    """Narrow a select of people to those whose name has every word of the text, without case and accents."""
    for word in fold(text).split():
        found = found.where(Person.sort_name.contains(word, autoescape=True))
    return found


def is_searchable(text: str) -> bool:
    """Return whether the text is short enough to be searched (SE-38)."""
    return len(text) <= LONGEST_TEXT and len(text.split()) <= MOST_WORDS


def pick(text: str, person: Person, now: datetime) -> list[Row[Any]]:
    """Return at most 20 people for a picker, from 2 letters on (PE-21)."""
    if len(text.strip()) < FEWEST_LETTERS or not is_searchable(text):
        return []
    found = named(entries(person, now), text).order_by(Person.sort_name, Person.id).limit(PICKED)
    return list(db.session.execute(found))


def meant(text: str, person: Person, now: datetime) -> list[Person]:
    """Return whom a typed name, mail address, employee number or public id means; several when it is not clear."""
    exact = or_(Person.public_id == text, Person.email == names.normal(text), Person.employee_number == names.normal(text))
    found = list(db.session.scalars(visible_to(person, now).where(exact)))
    if found or len(text.strip()) < FEWEST_LETTERS or not is_searchable(text):
        return found
    like = named(visible_to(person, now), text).order_by(Person.sort_name, Person.id).limit(PICKED)
    found = list(db.session.scalars(like.options(joinedload(Person.department))))
    whole = [one for one in found if one.sort_name == fold(text).strip()]
    return whole or found


def accounts() -> Select[Any]:
    """Select what the administration lists of everybody who has or had an account."""
    columns = (
        select(Person)
        .join(Department, Department.id == Person.department_id)
        .with_only_columns(
            Person.id,
            Person.public_id,
            Person.name,
            Person.sort_name,
            Person.email,
            Person.active,
            Department.name.label("department"),
        )
    )
    return cast("Select[Any]", columns)
