"""What happens to requests, for packages above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RequestFact:
    """Something happened to a request; `by_id` is empty where the portal itself did it."""

    request_id: int
    by_id: int | None
    at: datetime


class RequestSent(RequestFact):
    """A person has asked."""


class RequestSplitOff(RequestFact):
    """An agent has made a part of another request a request of its own."""


class RequestOpened(RequestFact):
    """The last stage was approved: work can start."""


class RequestTaken(RequestFact):
    """An agent has it: taken, or assigned."""


class RequestReleased(RequestFact):
    """Nobody has it any more."""


class RequestMoved(RequestFact):
    """It stands in the queue of another department."""


class RequestHandedOver(RequestFact):
    """Another team of the department has it, or none in particular."""


class WaitingStarted(RequestFact):
    """The department has asked the requester something."""


class WaitingEnded(RequestFact):
    """The requester's side has answered."""


class RequestSolved(RequestFact):
    """The department says that it is done."""


class RequestReopened(RequestFact):
    """It was solved, and is not."""


class RequestClosed(RequestFact):
    """The requester is content, or did not object in time."""


class RequestMerged(RequestFact):
    """Another request of the queue goes on for it."""


class RequestRejected(RequestFact):
    """An approver has said no."""


class RequestWithdrawn(RequestFact):
    """The requester needs it no longer."""
