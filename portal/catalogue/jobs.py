"""Timed work of the catalogue."""

from typing import Any

from portal.catalogue.actions.drafts import drop_ended_drafts
from portal.core import clock


def forget_drafts(_payload: dict[str, Any]) -> None:
    """Drop the drafts that have ended (forms.md 12)."""
    drop_ended_drafts(clock.now())
