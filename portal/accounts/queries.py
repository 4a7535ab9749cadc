"""Finding accounts."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.accounts import factors
from portal.accounts.models import Credential
from portal.core import names
from portal.core.db import db
from portal.people.models import Person


@dataclass(frozen=True)
class Login:
    """What a sign-in needs to know of an account; nothing of it when there is none."""

    person_id: int | None = None
    password_hash: str | None = None


def login_of(name: str) -> Login:
    """Return the active account with that e-mail or employee number, with the same work when there is none (SE-10).

    Somebody who was only just added has no password yet, and chooses one by asking for a link.
    """
    wanted = names.normal(name) or ""
    found = db.session.execute(
        select(Person.id, Credential.password_hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.active, or_(Person.email == wanted, Person.employee_number == wanted))
    ).first()
    return Login(*found) if found else Login()


def password_hash_of(person_id: int) -> str | None:
    """Return the hash of a person's password."""
    return db.session.scalar(select(Credential.password_hash).where(Credential.person_id == person_id))


def person(person_id: int) -> Person:
    """Return a person whose id the account code itself found."""
    return db.session.get_one(Person, person_id)


def lacks_factor(person_id: int) -> bool:
    """Return whether the person signs in without a second factor where some acts demand one (SE-15)."""
    return factors.is_enforced() and not factors.has_factor(person_id)
