"""Verbs of announcements."""

from portal.announcements.actions.confirming import NewText, confirm, record_on_paper
from portal.announcements.actions.delivering import deliver
from portal.announcements.actions.publishing import Composition, OverBudget, Words, correct, publish, withdraw
from portal.announcements.actions.recipients import keep_in_step

__all__ = [
    "Composition",
    "NewText",
    "OverBudget",
    "Words",
    "confirm",
    "correct",
    "deliver",
    "keep_in_step",
    "publish",
    "record_on_paper",
    "withdraw",
]
