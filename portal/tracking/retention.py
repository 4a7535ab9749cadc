"""What is deleted 180 days after an item has ended: who it was for, where and what was said; codes altogether (TR-35).

What stood in an imported file is deleted half an hour after it was applied, or checked and not confirmed.
"""

from datetime import datetime, timedelta

from sqlalchemy import Text, cast, delete, or_, select, update

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.tracking.imports import CONFIRMED_WITHIN
from portal.tracking.models import (
    Checkpoint,
    TrackedItem,
    TrackingCode,
    TrackingGrant,
    TrackingImport,
    TrackingImportRow,
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


def empty_imports(now: datetime) -> int:
    """Empty the rows of imports that are applied, or were not confirmed in time; return of how many. Results stay (TR-31)."""
    before = now - CONFIRMED_WITHIN
    over = or_(TrackingImport.done_at < before, TrackingImport.confirmed_at.is_(None) & (TrackingImport.checked_at < before))
    first = (TrackingImportRow.import_id == TrackingImport.id) & (TrackingImportRow.number == 1)
    full = select(TrackingImport.id).join(TrackingImportRow, first).where(cast(TrackingImportRow.cells, Text) != "{}")
    ids = db.session.scalars(full.where(over).limit(BATCH)).all()
    return sum(_empty_import(lock(TrackingImport, import_id)) for import_id in ids)


def _empty_import(made: TrackingImport) -> bool:
    if made.confirmed_at is not None and made.done_at is None:
        return False  # somebody has confirmed it just now
    db.session.execute(update(TrackingImportRow).where(TrackingImportRow.import_id == made.id).values(cells={}))
    return True


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
