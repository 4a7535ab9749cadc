"""Timed work of tracking."""

from typing import Any

from portal.core import clock
from portal.tracking import factors, limits, retention


def sweep(payload: dict[str, Any]) -> None:
    """Forget counters, rights, wrong tries, ended items and imported files that are over."""
    limits.sweep(clock.now())
    factors.sweep(clock.now())
    retention.empty_due(clock.now())
    retention.empty_imports(clock.now())
