"""Finding approvals: who is asked what, what the subject's page shows of it, and what a route would ask."""

from portal.approvals.queries.asked import asked, decidable_by, known_to, visible_to
from portal.approvals.queries.inbox import InboxRow, count_waiting, has_been_asked, inbox, lately_decided, waiting_for
from portal.approvals.queries.measuring import measure_with, working_time
from portal.approvals.queries.preview import PreviewStage, StandIn, preview
from portal.approvals.queries.standing import (
    Correction,
    Strip,
    StripStage,
    blocked,
    correction,
    open_stage,
    receipts_of,
    strip,
)

__all__ = [
    "Correction",
    "InboxRow",
    "PreviewStage",
    "StandIn",
    "Strip",
    "StripStage",
    "asked",
    "blocked",
    "correction",
    "count_waiting",
    "decidable_by",
    "has_been_asked",
    "inbox",
    "known_to",
    "lately_decided",
    "measure_with",
    "open_stage",
    "preview",
    "receipts_of",
    "strip",
    "visible_to",
    "waiting_for",
    "working_time",
]
