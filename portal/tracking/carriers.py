"""News that carriers push: signed over the raw body, stored at once, read by a job (TR-33)."""

import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock, jobs, security
from portal.core.db import db, lock
from portal.tracking import actions, importing, imports, queries
from portal.tracking.importing import BadRow
from portal.tracking.models import CARRIER, CarrierDelivery, TrackingSource

FRESH = timedelta(minutes=5)
RANK = 50
JOB = "tracking.carrier"
MOST = 200


def secret_of(source: TrackingSource) -> str:
    """Return the secret that a carrier signs with: derived under the server's key, stored nowhere (SE-59)."""
    return security.keyed("tracking carrier", source.public_id).hex()


def add(name: str, zone: str) -> TrackingSource:
    """Let a carrier report; ranked above files and tokens, below people."""
    made = TrackingSource(name=f"{CARRIER}{name}", rank=RANK, zone=zone)
    db.session.add(made)
    db.session.flush()
    return made


def carrier(name: str) -> TrackingSource | None:
    """Return the source of a carrier."""
    return db.session.scalar(select(TrackingSource).where(TrackingSource.name == f"{CARRIER}{name}"))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what a carrier puts beside the body: HMAC-SHA-256 over "timestamp.body"."""
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()


def is_genuine(source: TrackingSource, timestamp: str, given: str, body: bytes, now: datetime) -> bool:
    """Return whether the carrier wrote it, within five minutes of now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999")):
        return False
    if abs(int(now.timestamp()) - int(timestamp)) > FRESH.total_seconds():
        return False
    expected = signature(secret_of(source), timestamp, body)
    return hmac.compare_digest(expected.encode(), given.encode())


def keep(source: TrackingSource, body: bytes, given: str, now: datetime) -> None:
    """Store a delivery once, to be read by a job; the same one sent again is the same (RE-9)."""
    digest = security.digest(given)
    if db.session.scalar(select(CarrierDelivery.id).where(CarrierDelivery.digest == digest)):
        return
    made = CarrierDelivery(
        source_id=source.id, digest=digest, body=body.decode("utf-8", "replace").replace("\x00", ""), received_at=now
    )
    db.session.add(made)
    db.session.flush()
    jobs.enqueue(JOB, {"delivery": made.id}, key=str(made.id))


def work(payload: dict[str, Any]) -> None:
    """Record what a delivery tells of items that are known; what cannot be read is counted and left."""
    found = lock(CarrierDelivery, payload["delivery"])
    if found.done_at is not None:
        return
    now, source = clock.now(), db.session.get_one(TrackingSource, found.source_id)
    results = [_report(source, one, found.received_at, now) for one in _checkpoints(found.body)]
    found.applied, found.refused = results.count(True), results.count(False)
    found.done_at, found.body = now, ""


def _checkpoints(body: str) -> list[Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return [None]
    listed = told.get("checkpoints") if isinstance(told, dict) else None
    return listed[:MOST] if isinstance(listed, list) else [None]


def _report(source: TrackingSource, one: Any, received_at: datetime, now: datetime) -> bool:
    if not isinstance(one, dict) or not all(isinstance(value, str) for value in one.values()):
        return False
    try:
        row = importing.meaning_of({name: text for name, text in one.items() if name in importing.COLUMNS}, source.zone)
    except BadRow:
        return False
    item = queries.by_reference(row.kind, row.reference)
    if item is None:
        return False
    told = actions.Report(row.state, row.at, row.zone, row.code, row.place, row.note, received_at=received_at)
    actions.report(item, source, told, None, now, quiet=row.at < now - imports.OLD_NEWS)
    return True
