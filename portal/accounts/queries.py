"""Finding accounts."""

import unicodedata

from sqlalchemy import or_, select

from portal.accounts.models import Credential
from portal.core.db import db
from portal.people.models import Person


def normal(name: str) -> str:
    """Return a sign-in name as it is stored and compared (SE-14)."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def credential_of(name: str) -> tuple[Person, Credential] | None:
    """Return the active person with that e-mail or employee number and their password."""
    found = db.session.execute(
        select(Person, Credential)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.active, or_(Person.email == normal(name), Person.employee_number == name.strip()))
    ).first()
    return (found[0], found[1]) if found else None


def person(person_id: int) -> Person:
    """Return a person whose id the account code itself found."""
    return db.session.get_one(Person, person_id)
