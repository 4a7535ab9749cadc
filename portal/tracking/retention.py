"""What is deleted 180 days after an item has ended: who it was for, where and what was said; codes altogether (TR-35)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.tracking.models import (
    Checkpoint,
    TrackedItem,
    TrackingCode,
    TrackingGrant,
    TrackingOpening,
    TrackingPromise,
    TrackingWrongFactor,
)

KEPT = timedelta(days=180)
BATCH = 100


def empty_due(now: datetime) -> int:
    """Empty the items that ended long ago, some at a time; return how many."""
    due = TrackedItem.emptied_at.is_(None) & (TrackedItem.closes_at <= now - KEPT)
    ids = db.session.scalars(select(TrackedItem.id).where(due).order_by(TrackedItem.closes_at).limit(BATCH)).all()
    for item_id in ids:
        _empty(lock(TrackedItem, item_id), now)
    return len(ids)


def _empty(item: TrackedItem, now: datetime) -> None:
    """Keep the checkpoints for statistics, without place and note."""
    item.postcode = item.email = item.requester_id = None
    item.contents = item.contact = item.proof = ""
    item.emptied_at = now
    item.revision += 1
    db.session.execute(update(Checkpoint).where(Checkpoint.item_id == item.id).values(place="", note="", reopening=""))
    db.session.execute(update(TrackingPromise).where(TrackingPromise.item_id == item.id).values(reason=""))
    codes = select(TrackingCode.id).where(TrackingCode.item_id == item.id)
    db.session.execute(delete(TrackingGrant).where(TrackingGrant.item_id == item.id))
    db.session.execute(delete(TrackingWrongFactor).where(TrackingWrongFactor.item_id == item.id))
    db.session.execute(delete(TrackingOpening).where(TrackingOpening.code_id.in_(codes)))
    db.session.execute(delete(TrackingCode).where(TrackingCode.item_id == item.id))
    audit.record(None, "tracked_item.emptied", "tracked_item", item.id)
