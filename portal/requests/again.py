"""Asking again after a request is closed: the send key of the new form bears the reference of the old one (4)."""

from datetime import datetime

from portal.core import security
from portal.core.db import db
from portal.people.models import Person
from portal.requests import queries
from portal.requests.models import FINAL, Request

MARK = "~"


def new_key_text(follows: str, person: Person, now: datetime) -> str:
    """Draw a key; it bears the reference if that request was the person's and is over."""
    found = _own_and_over(follows, person, now) if follows else None
    return security.new_token() + (f"{MARK}{found.reference}" if found else "")


def followed(key: str, person: Person, now: datetime) -> Request | None:
    """Return the request that is asked for again under this key."""
    reference = key.partition(MARK)[2]
    return _own_and_over(reference, person, now) if reference else None


def _own_and_over(reference: str, person: Person, now: datetime) -> Request | None:
    own = queries.visible_to(person, now).where(Request.reference == reference, queries.of(person))
    found = db.session.scalar(own)
    return found if found is not None and found.state_at(now) in FINAL else None
