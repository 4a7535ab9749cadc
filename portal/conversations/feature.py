"""Wiring of conversations."""

from datetime import timedelta
from typing import Any

from flask import Flask

from portal.conversations import actions
from portal.core import clock, jobs

EVERY = timedelta(days=1)


def register(app: Flask) -> None:
    """Add the conversations package to the portal."""
    jobs.handler("conversations.forget_drafts", forget_drafts, every=EVERY)


def forget_drafts(payload: dict[str, Any]) -> None:
    """Forget what was kept for somebody who never came back."""
    actions.forget_drafts(clock.now())
