"""Tables of approvals: the routes of services, what runs of them, and the record that stands on its own."""

from portal.approvals.models.links import ApprovalLink
from portal.approvals.models.records import (
    ApprovalContent,
    ApprovalDecision,
    ApprovalEvent,
    ApprovalReceipt,
    Decided,
    MarkedField,
)
from portal.approvals.models.routes import Route, RouteStage
from portal.approvals.models.running import Approval, ApprovalSeat, ApprovalStage, Parties

__all__ = [
    "Approval",
    "ApprovalContent",
    "ApprovalDecision",
    "ApprovalEvent",
    "ApprovalLink",
    "ApprovalReceipt",
    "ApprovalSeat",
    "ApprovalStage",
    "Decided",
    "MarkedField",
    "Parties",
    "Route",
    "RouteStage",
]
