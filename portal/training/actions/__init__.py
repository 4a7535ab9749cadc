"""Verbs of training. Each takes who does it and when; none commits."""

from portal.training.actions.enrolling import accept, add_by_hand, decline, enrol, give_priority, leave, remove
from portal.training.actions.publishing import Plan, add_topic, change_capacity, publish
from portal.training.actions.serving import serve

__all__ = [
    "Plan",
    "accept",
    "add_by_hand",
    "add_topic",
    "change_capacity",
    "decline",
    "enrol",
    "give_priority",
    "leave",
    "publish",
    "remove",
    "serve",
]
