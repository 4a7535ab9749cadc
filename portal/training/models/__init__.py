"""Tables of training."""

from portal.training.models.enrolments import (
    ENDS,
    LIVE,
    MODES,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    PriorityCredit,
)
from portal.training.models.sessions import SessionAudience, SessionDate, TrainingSession
from portal.training.models.topics import Topic

__all__ = [
    "ENDS",
    "LIVE",
    "MODES",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentState",
    "PriorityCredit",
    "SessionAudience",
    "SessionDate",
    "Topic",
    "TrainingSession",
]
