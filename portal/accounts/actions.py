"""Verbs of accounts."""

from datetime import datetime

from portal.accounts import passwords, sessions
from portal.accounts.models import Credential
from portal.core.db import db
from portal.people.models import Person


def set_password(person: Person, password_hash: str, now: datetime) -> None:
    """Store a new password hash and end all sessions of the person (SE-3)."""
    credential = db.session.get(Credential, person.id) or Credential(person_id=person.id)
    credential.password_hash, credential.changed_at = password_hash, now
    person.session_epoch += 1
    db.session.add(credential)


def check_password(stored: str | None, password: str) -> bool:
    """Return whether the password is right, with the same work for everybody."""
    return passwords.is_right(stored, password)


def begin_session(person: Person, own_device: bool, now: datetime) -> str:
    """Start a session and return its secret."""
    return sessions.start(person, sessions.FULL, own_device, now)
