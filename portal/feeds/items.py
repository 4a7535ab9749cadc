"""What a calendar shows: one item is one date, with its wall time, its zone and the instants (C1)."""

from dataclasses import dataclass, field
from datetime import date, datetime

CONFIRMED, CANCELLED = STATUSES = ("confirmed", "cancelled")


@dataclass(frozen=True)
class Span:
    """From when to when: as it was meant on the wall, and as instants."""

    local_start: datetime
    local_end: datetime
    tz: str
    start_fold: int
    end_fold: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Item:
    """One date in somebody's calendar."""

    uid: str
    sequence: int
    span: Span
    title: str
    # When the schedule changed last, and when any word of it did (rule 12).
    stamp: datetime
    modified: datetime
    place: str = ""
    description: str = ""
    path: str = ""
    status: str = CONFIRMED
    # Also sent as an invitation, so that programs with both count the time once (rule 21).
    invited: bool = False
    organizer: str = ""
    attendee: str = ""
    key: str = field(default="", compare=False)

    @property
    def is_cancelled(self) -> bool:
        """Return whether it will not take place."""
        return self.status == CANCELLED

    @property
    def day(self) -> date:
        """Return the day on which it begins, on its own wall."""
        return self.span.local_start.date()


def in_order(items: list[Item]) -> list[Item]:
    """Return items by start and UID: always the same order (rule 22)."""
    return sorted(items, key=lambda item: (item.span.starts_at, item.uid))
