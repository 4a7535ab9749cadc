"""The place of a request in its queue: late ones first, then by due, those without a date, paused last (34, requests.md 14).

It is a copy for the order of lists and no decision looks at it. A due that passes needs no write: what is late is what
runs and is due before now, and that stands first when what runs is ordered by its due.
"""

from datetime import datetime

from portal.core.db import db
from portal.core.events import subscribe
from portal.requests.models import QueueRank, Request
from portal.requests.queries import KIND
from portal.service_levels.events import ClocksMoved
from portal.service_levels.queries import About, first_breach


def install() -> None:
    """Follow the clocks of requests."""
    subscribe(ClocksMoved, place)


def place(event: ClocksMoved) -> None:
    """Write where a request stands in its queue now; the clocks have locked it."""
    if event.kind == KIND:
        request = db.session.get_one(Request, event.subject_id)
        request.queue_rank, request.queue_at = _place(event, request.created_at)


def _place(event: ClocksMoved, sent: datetime) -> tuple[QueueRank, datetime]:
    if event.standing == "paused":
        return QueueRank.PAUSED, sent
    if event.standing == "running" and event.due is not None:
        # a longer promise does not undo that an earlier one was broken (26, 27, SL39)
        broken = first_breach(About(event.kind, event.subject_id))
        return QueueRank.DUE, min(event.due, broken or event.due)
    return QueueRank.NO_DATE, sent
