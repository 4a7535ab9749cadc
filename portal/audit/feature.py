"""Wiring of the audit trail."""

from flask import Flask

from portal.audit import actions, subscribers
from portal.core import policy


def register(app: Flask) -> None:
    """Add the audit trail to the portal."""
    subscribers.install()
    policy.on_refusal(actions.record_refusal)
