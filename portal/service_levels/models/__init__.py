"""Tables of service levels: calendars, levels with their targets, and clocks with what happened to them."""

from portal.service_levels.models.calendars import (
    Calendar,
    CalendarDraft,
    CalendarVersion,
    DepartmentCalendar,
    HolidayProposal,
    business_calendar,
)
from portal.service_levels.models.clocks import (
    BreachAnnulment,
    Clock,
    ClockBreach,
    ClockEvent,
    ClockInterval,
    ClockTarget,
    ExpectedDate,
    PauseReason,
)
from portal.service_levels.models.levels import EscalationSent, EscalationStep, ServiceLevel, ServiceTarget

__all__ = [
    "BreachAnnulment",
    "Calendar",
    "CalendarDraft",
    "CalendarVersion",
    "Clock",
    "ClockBreach",
    "ClockEvent",
    "ClockInterval",
    "ClockTarget",
    "DepartmentCalendar",
    "EscalationSent",
    "EscalationStep",
    "ExpectedDate",
    "HolidayProposal",
    "PauseReason",
    "ServiceLevel",
    "ServiceTarget",
    "business_calendar",
]
