"""The verbs of service levels. Each takes the instant at which it happened and `now`; none commits."""

from portal.service_levels.actions.clocks import (
    answered,
    apply_clock_event,
    end_all,
    pause,
    reopen,
    requester_wrote,
    resume,
    retarget,
    start,
    stop,
)
from portal.service_levels.actions.settling import annul_breach, expect, settle

__all__ = [
    "annul_breach",
    "answered",
    "apply_clock_event",
    "end_all",
    "expect",
    "pause",
    "reopen",
    "requester_wrote",
    "resume",
    "retarget",
    "settle",
    "start",
    "stop",
]
