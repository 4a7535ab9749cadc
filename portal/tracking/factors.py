"""The second factor and the right to the second level that it gives (TR-12 to TR-14)."""

import hmac
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.core import security
from portal.core.db import db, lock
from portal.core.events import publish
from portal.tracking.events import SecondFactorLocked
from portal.tracking.models import SECOND_LEVEL, TrackedItem, TrackingCode, TrackingGrant, TrackingWrongFactor

GRANTED = timedelta(minutes=30)
LOCKED = WITHIN = timedelta(hours=1)
MOST_WRONG = 5


def postcode(text: str) -> str:
    """Return a postal code as it is compared: letters and digits, upper case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum()).upper()


def email(text: str) -> str:
    """Return an address as it is compared: trimmed, composed, its domain in lower case."""
    name, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    return f"{name}{at}{domain.lower()}"


def fits(item: TrackedItem, typed: str) -> bool:
    """Return whether what was typed is a factor of the item; both are always compared, in constant time (TR-12)."""
    given = [(item.postcode, postcode(typed)), (item.email, email(typed))]
    hits = [hmac.compare_digest((kept or "").encode(), text.encode()) & bool(kept) for kept, text in given]
    return hits[0] | hits[1]


def grant(code: TrackingCode, typed: str, now: datetime) -> str | None:
    """Return the token of a new right to the second level, None when refused; five wrong tries lock it for all (TR-13).

    The caller keeps what this wrote. A share code stays at the first level, whatever is typed.
    """
    item: TrackedItem = lock(TrackedItem, code.item_id)
    if code.level < SECOND_LEVEL or (item.factor_locked_until and item.factor_locked_until > now):
        return None
    if not fits(item, typed):
        _note_wrong(item, now)
        return None
    token = security.new_token()
    kept = TrackingGrant(token_hash=security.digest(token), item_id=item.id, code_id=code.id, expires_at=now + GRANTED)
    db.session.add(kept)
    return token


def _note_wrong(item: TrackedItem, now: datetime) -> None:
    db.session.add(TrackingWrongFactor(item_id=item.id, at=now))
    db.session.flush()
    recent = (TrackingWrongFactor.item_id == item.id) & (TrackingWrongFactor.at > now - WITHIN)
    if (db.session.scalar(select(func.count()).where(recent)) or 0) >= MOST_WRONG:
        item.factor_locked_until = now + LOCKED
        db.session.execute(delete(TrackingWrongFactor).where(TrackingWrongFactor.item_id == item.id))
        publish(SecondFactorLocked(item.id, now))


def end_grant(token: str | None) -> None:
    """Close the second level in one browser."""
    if token:
        db.session.execute(delete(TrackingGrant).where(TrackingGrant.token_hash == security.digest(token)))


def end_grants(item_id: int) -> None:
    """Close the second level of an item everywhere: its factor has changed (TR-34)."""
    db.session.execute(delete(TrackingGrant).where(TrackingGrant.item_id == item_id))


def sweep(now: datetime) -> None:
    """Forget rights that have ended and wrong tries of long ago."""
    db.session.execute(delete(TrackingGrant).where(TrackingGrant.expires_at <= now))
    db.session.execute(delete(TrackingWrongFactor).where(TrackingWrongFactor.at <= now - WITHIN))
