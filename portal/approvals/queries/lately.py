"""How long people have taken to decide: what the form says about the decision before it is asked for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.approvals.models import ApprovalDecision, ApprovalSeat
from portal.core.db import db

HALF_A_YEAR = timedelta(days=182)
MOST = 50


def decided_by(person_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[tuple[datetime, datetime]]]:
    """Return of each person the last decisions of half a year: when they were asked and when they decided, latest first."""
    if not person_ids:
        return {}
    rows = db.session.execute(
        select(ApprovalDecision.acted_by_id, ApprovalSeat.from_at, ApprovalDecision.at)
        .join(ApprovalSeat, ApprovalSeat.id == ApprovalDecision.seat_id)
        .where(ApprovalDecision.acted_by_id.in_(person_ids), ApprovalDecision.at > now - HALF_A_YEAR)
        .order_by(ApprovalDecision.at.desc(), ApprovalDecision.id.desc())
        .limit(MOST * len(person_ids))
    )
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for person_id, asked, decided in rows:
        found[person_id].append((asked, decided))
    return {person_id: spans[:MOST] for person_id, spans in found.items()}
