"""Tables of training."""

from portal.training.models.attendance import MARKS, Attendance, Certificate, CheckInCode, Feedback
from portal.training.models.enrolments import (
    ENDS,
    LIVE,
    MODES,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    PriorityCredit,
)
from portal.training.models.mandatory import Demand, Exemption, RecordValidity, RenewalReminder, Requirement, TrainingRecord
from portal.training.models.sessions import SessionAudience, SessionDate, TrainingSession
from portal.training.models.topics import Topic

__all__ = [
    "ENDS",
    "LIVE",
    "MARKS",
    "MODES",
    "Attendance",
    "Certificate",
    "CheckInCode",
    "Demand",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentState",
    "Exemption",
    "Feedback",
    "PriorityCredit",
    "RecordValidity",
    "RenewalReminder",
    "Requirement",
    "SessionAudience",
    "SessionDate",
    "Topic",
    "TrainingRecord",
    "TrainingSession",
]
