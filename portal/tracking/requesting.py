"""Requests that may be followed: what their form allows and what of their life is a checkpoint (TR-16).

Comments, hand-overs between teams and clocks are none; a request that moves to another queue takes its item along.
"""

from portal.core.db import db
from portal.core.events import subscribe
from portal.requests.events import (
    RequestFact,
    RequestMerged,
    RequestMoved,
    RequestOpened,
    RequestRejected,
    RequestReopened,
    RequestSent,
    RequestSolved,
    RequestSplitOff,
    RequestTaken,
    RequestWithdrawn,
    WaitingEnded,
    WaitingStarted,
)
from portal.requests.models import Request
from portal.requests.models import State as RequestState
from portal.tracking import actions, queries
from portal.tracking.forms import zone
from portal.tracking.models import PORTAL, TrackedItem
from portal.tracking.states import State

KIND = "request"
REOPENED = "not solved yet"
CHECKPOINTS: dict[type[RequestFact], State] = {
    RequestOpened: State.ACCEPTED,
    RequestTaken: State.IN_PROGRESS,
    WaitingStarted: State.ON_HOLD,
    WaitingEnded: State.IN_PROGRESS,
    RequestSolved: State.COMPLETED,
    RequestReopened: State.IN_PROGRESS,
    RequestRejected: State.CANCELLED,
    RequestWithdrawn: State.CANCELLED,
    RequestMerged: State.CANCELLED,
}


def install() -> None:
    """Listen to requests."""
    for begun in (RequestSent, RequestSplitOff):
        subscribe(begun, follow)
    subscribe(RequestMoved, take_along)
    for event in CHECKPOINTS:
        subscribe(event, record)


def follow(event: RequestFact) -> None:
    """Let a request or a part of one be followed if its form says so; a confidential one never is."""
    request = db.session.get_one(Request, event.request_id)
    if not request.service.trackable or request.confidential:
        return
    new = actions.Registration(KIND, request.reference, request.department, zone(), requester=request.requester)
    item = actions.register(new, None, event.at)
    _tell(item, State.RECEIVED, event)
    if request.state == RequestState.OPEN:
        _tell(item, State.ACCEPTED, event)


def record(event: RequestFact) -> None:
    """Write the checkpoint that an event of a followed request is."""
    item = item_of(event)
    if item is not None:
        _tell(item, CHECKPOINTS[type(event)], event)


def take_along(event: RequestMoved) -> None:
    """Give the item to the people of the new queue; whoever follows it sees no change (TR16)."""
    item = item_of(event)
    if item is not None:
        item.department_id = db.session.get_one(Request, event.request_id).department_id


def item_of(event: RequestFact) -> TrackedItem | None:
    """Return the item of a request that is followed."""
    return queries.by_reference(KIND, db.session.get_one(Request, event.request_id).reference)


def _tell(item: TrackedItem, state: State, event: RequestFact) -> None:
    reopening = REOPENED if isinstance(event, RequestReopened) else ""
    told = actions.Report(state, event.at, zone(), reopening=reopening)
    actions.report(item, queries.source(PORTAL), told, None, event.at)
