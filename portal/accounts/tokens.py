"""Random secrets that are mailed to somebody for one purpose: stored as a hash, used once, ended by a newer one (SE-20)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

from portal.accounts.models import OneTimeToken
from portal.core import security
from portal.core.db import db
from portal.people.models import Person

RESET = "reset"
LIFE = {RESET: timedelta(minutes=30)}


def issue(purpose: str, person: Person, now: datetime) -> str:
    """Return a new token; older ones of the person and purpose end."""
    end_all(person.id, now, purpose)
    token = security.new_token()
    expires_at = now + LIFE[purpose]
    db.session.add(
        OneTimeToken(purpose=purpose, person_id=person.id, digest=security.digest(token), created_at=now, expires_at=expires_at)
    )
    return token


def person_of(purpose: str, token: str, now: datetime) -> Person | None:
    """Return the active person whose token this is, without using it."""
    found = select(Person).join(OneTimeToken, OneTimeToken.person_id == Person.id)
    return db.session.scalar(found.where(Person.active, _counts(purpose, token, now)))


def use(purpose: str, token: str, now: datetime) -> bool:
    """Use the token up; False when it was used, has expired or was ended meanwhile."""
    used = db.session.execute(update(OneTimeToken).where(_counts(purpose, token, now)).values(used_at=now))
    return bool(used.rowcount)  # type: ignore[attr-defined]  # an update counts its rows


def end_all(person_id: int, now: datetime, purpose: str | None = None) -> None:
    """End the person's unused tokens: after a newer one, a password change, or deactivation."""
    unused = [OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None)]
    chosen = [OneTimeToken.purpose == purpose] if purpose else []
    db.session.execute(update(OneTimeToken).where(*unused, *chosen).values(used_at=now))


def _counts(purpose: str, token: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        OneTimeToken.purpose == purpose,
        OneTimeToken.digest == security.digest(token),
        OneTimeToken.used_at.is_(None),
        OneTimeToken.expires_at > now,
    )
