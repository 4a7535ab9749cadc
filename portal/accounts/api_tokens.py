"""API tokens: issued once in plain, kept as a hash, ended with their owner; and what their writes answered (SE-58, RE-9)."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.accounts.models import ApiToken, IdempotencyKey
from portal.core import clock, security
from portal.core.db import db, lock, observe
from portal.core.errors import Refused
from portal.people.models import Department, Person

PREFIX, BYTES = "vt_", 20
LONGEST = timedelta(days=365)
KEPT = timedelta(days=7)
USED_EVERY = timedelta(minutes=5)
SCOPES = ("tracking:write",)


class KeyReused(Refused):
    """The same key came with another write."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key came with another request before.")


def issue(name: str, scopes: Sequence[str], owner: Person, department: Department | None, life: timedelta, now: datetime) -> str:
    """Return a new token; it is not shown again."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(f"There are these scopes: {', '.join(SCOPES)}.")
    token = PREFIX + secrets.token_urlsafe(BYTES)
    made = ApiToken(name=name, digest=security.digest(token), scopes=" ".join(scopes), owner=owner, created_at=now)
    made.department_id = department.id if department else None
    made.expires_at = now + min(life, LONGEST)
    db.session.add(made)
    db.session.flush()
    return token


def revoke(name: str, now: datetime) -> int:
    """End the tokens of a name; return how many."""
    found = db.session.scalars(select(ApiToken).where(ApiToken.name == name, ApiToken.revoked_at.is_(None))).all()
    for one in found:
        one.revoked_at = now
    return len(found)


def current(token: str) -> ApiToken | None:
    """Return the token if it counts now and its owner is still here."""
    now = clock.now()
    counts = (ApiToken.digest == security.digest(token)) & ApiToken.revoked_at.is_(None) & (ApiToken.expires_at > now)
    found = db.session.scalar(select(ApiToken).join(ApiToken.owner).where(counts, Person.active))
    if found is not None and (found.last_used_at is None or found.last_used_at < now - USED_EVERY):
        id_ = found.id
        observe(lambda: _note_use(id_, now))
    return found


def _note_use(id_: int, now: datetime) -> None:
    db.session.get_one(ApiToken, id_).last_used_at = now


def once(token: ApiToken, key: str, fingerprint: str, work: Callable[[], dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Do a write once for each key of a token; a repeat gets the same answer (RE-9). The token's row serialises its writes."""
    lock(ApiToken, token.id)
    found = db.session.get(IdempotencyKey, (token.id, key))
    if found is not None:
        if found.fingerprint != fingerprint:
            raise KeyReused
        return found.result
    result = work()
    db.session.add(IdempotencyKey(token_id=token.id, key=key, fingerprint=fingerprint, result=result, created_at=now))
    return result


def sweep(now: datetime) -> None:
    """Forget keys of some days ago."""
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT))
