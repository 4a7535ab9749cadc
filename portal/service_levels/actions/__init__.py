"""The verbs of service levels. Each takes the instant at which it happened and `now`; none commits."""

from portal.service_levels.actions.calendars import assign, create_calendar, draft_change, propose_holidays, save_draft
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
    "assign",
    "create_calendar",
    "draft_change",
    "end_all",
    "expect",
    "pause",
    "propose_holidays",
    "reopen",
    "requester_wrote",
    "resume",
    "retarget",
    "save_draft",
    "settle",
    "start",
    "stop",
]
