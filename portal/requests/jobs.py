"""Timed work of requests."""

from datetime import timedelta
from typing import Any

from portal.core import clock, jobs
from portal.requests import actions

EVERY = timedelta(hours=1)


def install() -> None:
    """Register the work that recurs."""
    jobs.handler("requests.close", close, every=EVERY)


def close(payload: dict[str, Any]) -> None:
    """Write down the requests that are closed by time (requests.md 4, C5)."""
    actions.close_due(clock.now())
