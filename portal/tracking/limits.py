"""How often a network may ask for nothing: counted in the database before the answer (TR-7, TR-9, TR-10)."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core import security
from portal.core.db import apart, db
from portal.tracking.models import TrackingMiss

MINUTE = HOUR = 60
MISS, MALFORMED = "miss", "malformed"
MISSES_A_MINUTE, MISSES_AN_HOUR = 10, 60
MALFORMED_A_MINUTE = 30
ALARM = 1_000
MISSES_A_MINUTE_UNDER_ATTACK = 3
log = structlog.get_logger()


@dataclass(frozen=True)
class Tried:
    """What was counted: in this minute and this hour by one network, and in this hour by all."""

    minute: int
    hour: int
    total: int
    oldest: int


def wait_after_miss(network: str, now: datetime) -> int:
    """Count a code that opens nothing; return for how many seconds the network must wait, 0 if it need not."""
    tried = apart(lambda: _count(MISS, network, now))
    if tried.total == ALARM + 1:
        log.error("tracking_codes_guessed", misses=tried.total)
    allowed = MISSES_A_MINUTE_UNDER_ATTACK if tried.total > ALARM else MISSES_A_MINUTE
    seconds = int(now.timestamp())
    if tried.hour > MISSES_AN_HOUR:
        return (tried.oldest + HOUR) * MINUTE - seconds
    return MINUTE - seconds % MINUTE if tried.minute > allowed else 0


def wait_after_malformed(network: str, now: datetime) -> int:
    """Count a text that is no code, which is no miss; return for how many seconds the network must wait (TR-7)."""
    tried = apart(lambda: _count(MALFORMED, network, now))
    return MINUTE - int(now.timestamp()) % MINUTE if tried.minute > MALFORMED_A_MINUTE else 0


def _count(kind: str, network: str, now: datetime) -> Tried:
    minute, key = int(now.timestamp()) // MINUTE, security.keyed("tracking network", network).hex()[:40]
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(TrackingMiss).values(kind=kind, network=key, minute=minute, count=1)
    raised = row.on_conflict_do_update(index_elements=["kind", "network", "minute"], set_={"count": TrackingMiss.count + 1})
    counted = db.session.scalar(raised.returning(TrackingMiss.count)) or 0
    own = TrackingMiss.network == key
    sums = select(
        func.coalesce(func.sum(case((own, TrackingMiss.count), else_=0)), 0),
        func.coalesce(func.sum(TrackingMiss.count), 0),
        func.min(case((own, TrackingMiss.minute))),
    ).where(TrackingMiss.kind == kind, TrackingMiss.minute > minute - HOUR)
    hour, total, oldest = db.session.execute(sums).one()
    return Tried(counted, int(hour), int(total), int(oldest or minute))


def sweep(now: datetime) -> None:
    """Forget what was tried more than an hour ago."""
    db.session.execute(delete(TrackingMiss).where(TrackingMiss.minute < int(now.timestamp()) // MINUTE - HOUR))
