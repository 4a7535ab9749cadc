"""Finding approvals: who is asked what, what the subject's page shows of it, and what a route would ask."""

from portal.approvals.bands import band_words
from portal.approvals.queries.asked import administered_by, asked, decidable_by, known_to, seats_known_to, visible_to
from portal.approvals.queries.comparing import Marks, marks_of
from portal.approvals.queries.covering import INVENTED, Amounts, Company, Gap, amounts_of, company, gaps_of
from portal.approvals.queries.inbox import (
    InboxRow,
    decided_before,
    inbox_page,
    lately_decided,
    oldest,
    read_by,
    row_of,
    waiting_for,
    waiting_or_none,
)
from portal.approvals.queries.lately import decided_by
from portal.approvals.queries.measuring import measure_with, working_time
from portal.approvals.queries.preview import PreviewStage, StandIn, preview
from portal.approvals.queries.promising import Promised, promise_of, promise_with, promised
from portal.approvals.queries.standing import (
    Correction,
    Strip,
    StripStage,
    blocked,
    blocked_for,
    correction,
    is_undecided,
    open_stage,
    receipts_of,
    reference_of,
    returned,
    strip,
)
from portal.approvals.stage_words import MARKS, in_place_of, to_decide_by

__all__ = [
    "INVENTED",
    "MARKS",
    "Amounts",
    "Company",
    "Correction",
    "Gap",
    "InboxRow",
    "Marks",
    "PreviewStage",
    "Promised",
    "StandIn",
    "Strip",
    "StripStage",
    "administered_by",
    "amounts_of",
    "asked",
    "band_words",
    "blocked",
    "blocked_for",
    "company",
    "correction",
    "decidable_by",
    "decided_before",
    "decided_by",
    "gaps_of",
    "in_place_of",
    "inbox_page",
    "is_undecided",
    "known_to",
    "lately_decided",
    "marks_of",
    "measure_with",
    "oldest",
    "open_stage",
    "preview",
    "promise_of",
    "promise_with",
    "promised",
    "read_by",
    "receipts_of",
    "reference_of",
    "returned",
    "row_of",
    "seats_known_to",
    "strip",
    "to_decide_by",
    "visible_to",
    "waiting_for",
    "waiting_or_none",
    "working_time",
]
