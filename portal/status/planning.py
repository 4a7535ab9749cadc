"""The state and the active period of a window, from its facts and the clock; pure (SP-19, SP-20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from portal.status.spans import Period
from portal.status.vocabulary import CANCELLED, COMPLETED, IN_PROGRESS, SCHEDULED, VERIFYING


class Times(Protocol):
    """When a window was planned, and what people did by hand."""

    scheduled_for: datetime
    scheduled_until: datetime
    auto_complete: bool
    started_at: datetime | None
    verifying_at: datetime | None
    ended_at: datetime | None
    cancelled_at: datetime | None


class Announced(Protocol):
    """Times as they stood from an instant on."""

    published_at: datetime
    scheduled_for: datetime
    scheduled_until: datetime


def start_of(window: Times) -> datetime:
    """Return when it began or is to begin: by hand, else by the clock."""
    return min(window.started_at, window.scheduled_for) if window.started_at else window.scheduled_for


def end_of(window: Times) -> datetime | None:
    """Return when it ended or ends by itself; none while nobody has ended it."""
    by_clock = window.scheduled_until if window.auto_complete else None
    ends = [one for one in (window.ended_at, by_clock) if one is not None]
    if window.ended_at is not None and window.ended_at > window.scheduled_until:
        return window.ended_at
    return min(ends, default=None)


def state_of(window: Times, now: datetime) -> str:
    """Return the state at an instant; what people did by hand overrides the clock."""
    if window.cancelled_at is not None and window.cancelled_at <= now:
        return CANCELLED
    end = end_of(window)
    if end is not None and end <= now:
        return COMPLETED
    if start_of(window) > now:
        return SCHEDULED
    return VERIFYING if window.verifying_at is not None and window.verifying_at <= now else IN_PROGRESS


def is_overrunning(window: Times, now: datetime) -> bool:
    """Return whether it still runs after its announced end."""
    return state_of(window, now) in (IN_PROGRESS, VERIFYING) and window.scheduled_until <= now


def active_period(window: Times) -> Period | None:
    """Return the period in which it replaces the baseline; none if it was cancelled before it began."""
    start, ends = start_of(window), [one for one in (end_of(window), window.cancelled_at) if one is not None]
    end = min(ends, default=None)
    return None if end is not None and end <= start else Period(start, end)


def announced_periods(versions: Sequence[Announced]) -> list[Period]:
    """Return the periods that a published version covered before they began, each while it was in force (SP-20)."""
    there = sorted(versions, key=lambda one: one.published_at)
    replaced = [*(one.published_at for one in there[1:]), None]
    found = []
    for version, until in zip(there, replaced, strict=True):
        begin = max(version.published_at, version.scheduled_for)
        end = version.scheduled_until if until is None else min(version.scheduled_until, until)
        if begin < end:
            found.append(Period(begin, end))
    return found
