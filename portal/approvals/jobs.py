"""Timed work of approvals."""

from datetime import timedelta
from typing import Any

from portal.approvals import actions, queries
from portal.core import clock

OFTEN = timedelta(minutes=10)


def remind(payload: dict[str, Any]) -> None:
    """Remind and escalate what waits too long (AP-25)."""
    actions.remind_due(clock.now(), queries.working_time)
