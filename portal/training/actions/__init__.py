"""Verbs of training. Each takes who does it and when; none commits."""

from portal.training.actions.attending import catch_up, check_in, give_feedback, make_up, open_check_in, record
from portal.training.actions.certifying import issue, revoke
from portal.training.actions.changing import Correction, StaleSession, cancel, cancel_date, correct, move_date, reconfirm
from portal.training.actions.demanding import need, need_no_more
from portal.training.actions.enrolling import accept, add_by_hand, decline, enrol, give_priority, leave, remove
from portal.training.actions.publishing import Plan, When, add_topic, change_capacity, on, plan_of, publish, publish_weekly
from portal.training.actions.recording import enter, reapply
from portal.training.actions.requiring import Terms, change_months, end_requirement, exempt, preview, require
from portal.training.actions.serving import serve

__all__ = [
    "Correction",
    "Plan",
    "StaleSession",
    "Terms",
    "When",
    "accept",
    "add_by_hand",
    "add_topic",
    "cancel",
    "cancel_date",
    "catch_up",
    "change_capacity",
    "change_months",
    "check_in",
    "correct",
    "decline",
    "end_requirement",
    "enrol",
    "enter",
    "exempt",
    "give_feedback",
    "give_priority",
    "issue",
    "leave",
    "make_up",
    "move_date",
    "need",
    "need_no_more",
    "on",
    "open_check_in",
    "plan_of",
    "preview",
    "publish",
    "publish_weekly",
    "reapply",
    "reconfirm",
    "record",
    "remove",
    "require",
    "revoke",
    "serve",
]
