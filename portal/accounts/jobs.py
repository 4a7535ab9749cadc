"""Timed work of accounts."""

from typing import Any

from portal.accounts import actions, api_tokens, sessions, throttle
from portal.core import clock


def announce_reset(payload: dict[str, Any]) -> None:
    """Have the link for a new password mailed, if there is such a person."""
    actions.announce_reset(payload["person"])


def sweep(payload: dict[str, Any]) -> None:
    """Forget what has expired."""
    sessions.sweep(clock.now())
    throttle.sweep(clock.now())
    api_tokens.sweep(clock.now())
