"""Verbs of approvals. Each takes who does it and when; none commits."""

from portal.approvals.actions.administering import new_round, override, remove_stage
from portal.approvals.actions.asking import delegation_started, forward, look_again, person_left
from portal.approvals.actions.changing import content_changed, end, hold, resubmit, start
from portal.approvals.actions.deciding import (
    MINIMUM_REASON,
    Choice,
    ContentChanged,
    Done,
    decide,
    decide_many,
    return_for_correction,
)
from portal.approvals.actions.reminding import remind_due
from portal.approvals.rules import Facts

__all__ = [
    "MINIMUM_REASON",
    "Choice",
    "ContentChanged",
    "Done",
    "Facts",
    "content_changed",
    "decide",
    "decide_many",
    "delegation_started",
    "end",
    "forward",
    "hold",
    "look_again",
    "new_round",
    "override",
    "person_left",
    "remind_due",
    "remove_stage",
    "resubmit",
    "return_for_correction",
    "start",
]
