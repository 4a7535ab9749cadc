"""The arithmetic of seats and the queue, without a database: what may happen when (training.md 2 to 18)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LONGEST_ANSWER = timedelta(hours=24)
SHORTEST_ANSWER = timedelta(hours=2)
DUE_SOON_DAYS = 30


class Phase(StrEnum):
    """How free seats are given away: one after the other, to the first click, or no more (rule 12)."""

    OFFERS = "offers"
    LAST_MINUTE = "last_minute"
    OVER = "over"


class Queued(Protocol):
    """What the order of the queue depends on."""

    id: int
    priority: int
    queued_at: datetime


def phase(now: datetime, stop_at: datetime, starts_at: datetime) -> Phase:
    """Return how seats are given away now (rule 12)."""
    if now >= starts_at:
        return Phase.OVER
    return Phase.LAST_MINUTE if now >= stop_at else Phase.OFFERS


def offer_ends(now: datetime, stop_at: datetime) -> datetime:
    """Return until when an offer made now holds the seat: 24 hours, at most half of what is left, never under 2 (rule 11)."""
    half = (stop_at - now) / 2
    length = max(SHORTEST_ANSWER, min(LONGEST_ANSWER, half))
    return (now + length).replace(microsecond=0)


def order(queued: Queued) -> tuple[int, datetime, int]:
    """Return the key by which the queue is sorted (rule 9)."""
    return -queued.priority, queued.queued_at, queued.id


def overlap(ones: Sequence[tuple[datetime, datetime]], others: Sequence[tuple[datetime, datetime]]) -> bool:
    """Return whether two sets of dates are at the same time somewhere."""
    return any(start < other_end and other_start < end for start, end in ones for other_start, other_end in others)


def is_late(now: datetime, stop_at: datetime, confirmed_at: datetime | None, moved_at: datetime | None) -> bool:
    """Return whether leaving a confirmed seat now is late: never when the session moved after the person confirmed (rule 17)."""
    moved_since = moved_at is not None and confirmed_at is not None and moved_at >= confirmed_at
    return now >= stop_at and not moved_since
