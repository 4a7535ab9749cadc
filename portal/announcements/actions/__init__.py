"""Verbs of announcements."""

from portal.announcements.actions.confirming import NewText, confirm, record_on_paper
from portal.announcements.actions.delivering import deliver
from portal.announcements.actions.exempting import exempt
from portal.announcements.actions.mailing import remind, remind_of, send_digests, tell_heads
from portal.announcements.actions.pinning import BadEnd, NoPlace, pin, unpin
from portal.announcements.actions.preferring import prefer, unsubscribe
from portal.announcements.actions.publishing import Composition, OverBudget, Stale, Words, correct, publish, withdraw
from portal.announcements.actions.readings import note_reading
from portal.announcements.actions.recipients import keep_in_step
from portal.announcements.audiences import Group

__all__ = [
    "BadEnd",
    "Composition",
    "Group",
    "NewText",
    "NoPlace",
    "OverBudget",
    "Stale",
    "Words",
    "confirm",
    "correct",
    "deliver",
    "exempt",
    "keep_in_step",
    "note_reading",
    "pin",
    "prefer",
    "publish",
    "record_on_paper",
    "remind",
    "remind_of",
    "send_digests",
    "tell_heads",
    "unpin",
    "unsubscribe",
    "withdraw",
]
