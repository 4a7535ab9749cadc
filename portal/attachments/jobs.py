"""Timed work on files."""

from datetime import timedelta
from typing import Any

from portal.attachments import actions
from portal.core import clock

SWEEP, VERIFY = "attachments.sweep", "attachments.verify"
EVERY = timedelta(days=1)


def sweep(payload: dict[str, Any]) -> None:
    """Remove what nobody needs any more."""
    actions.sweep(clock.now())


def verify(payload: dict[str, Any]) -> None:
    """Compare bytes with what was stored."""
    actions.verify(clock.now())
