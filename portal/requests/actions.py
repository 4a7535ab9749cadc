"""The verbs of requests: the door for packages above and for the views."""

from portal.requests.assigning import assign, give_back, move_to_department, person_left, take, take_next
from portal.requests.ending import close_due, confirm, reopen, solve, withdraw
from portal.requests.linking import link
from portal.requests.merging import merge
from portal.requests.priority import assess
from portal.requests.promising import annul, expect, pause, resume
from portal.requests.saved_views import save as save_view
from portal.requests.sending import Answer, Sending, Sent, send, title_for
from portal.requests.splitting import Part, split
from portal.requests.states import move
from portal.requests.talking import (
    add_watcher,
    ask_requester,
    comment,
    correct_comment,
    remove_watcher,
    withdraw_comment,
)
from portal.requests.teaming import hand_over

__all__ = [
    "Answer",
    "Part",
    "Sending",
    "Sent",
    "add_watcher",
    "annul",
    "ask_requester",
    "assess",
    "assign",
    "close_due",
    "comment",
    "confirm",
    "correct_comment",
    "expect",
    "give_back",
    "hand_over",
    "link",
    "merge",
    "move",
    "move_to_department",
    "pause",
    "person_left",
    "remove_watcher",
    "reopen",
    "resume",
    "save_view",
    "send",
    "solve",
    "split",
    "take",
    "take_next",
    "title_for",
    "withdraw",
    "withdraw_comment",
]
