"""The public revision, and the instants at which the clock alone changes what everybody sees (SP-22, SP-23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.core.db import db, lock
from portal.status.models import PublicRevision, StatusTransition

ONLY = 1


@dataclass(frozen=True)
class Stamp:
    """What tells one public state from another: nothing internal or embargoed changes it."""

    page_id: str
    number: int
    changed_at: datetime
    passed: datetime | None

    @property
    def latest(self) -> datetime:
        """Return when what everybody sees last changed."""
        return max(self.changed_at, self.passed) if self.passed else self.changed_at


def read(now: datetime) -> Stamp:
    """Return the stamp of an instant, in one statement."""
    passed = select(func.max(StatusTransition.at)).where(StatusTransition.at <= now).scalar_subquery()
    columns = (PublicRevision.page_id, PublicRevision.number, PublicRevision.changed_at, passed)
    return Stamp(*db.session.execute(select(*columns).where(PublicRevision.id == ONLY)).one())


def raise_revision(now: datetime) -> int:
    """Count one more public change, in the caller's transaction; writers queue for the one row."""
    row: PublicRevision = lock(PublicRevision, ONLY)
    row.number, row.changed_at = row.number + 1, max(now, row.changed_at)
    return row.number


def plan(kind: str, object_id: int, instants: Mapping[str, datetime | None], now: datetime) -> None:
    """Write down when the clock will change what is seen of an object.

    What has passed already counts as recorded, except what the job still has to record and tell (SP-22).
    """
    own = StatusTransition.kind == kind, StatusTransition.object_id == object_id
    unrecorded = select(StatusTransition.what).where(*own, StatusTransition.passed_at.is_(None), StatusTransition.at <= now)
    due = set(db.session.scalars(unrecorded))
    db.session.execute(delete(StatusTransition).where(*own))
    for what, at in instants.items():
        if at is not None:
            passed = now if at <= now and what not in due else None
            db.session.add(StatusTransition(kind=kind, object_id=object_id, what=what, at=at, passed_at=passed))
    db.session.flush()
