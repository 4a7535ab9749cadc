"""Finding calendars, clocks and what they promise: what other packages read of service levels."""

from portal.service_levels.choosing import Chosen, Facts, Tried, choose, try_levels
from portal.service_levels.explaining import ClockWords, Explanation, clock_words, explain
from portal.service_levels.owners import Choice, Owner, offer_choices, register_owner
from portal.service_levels.priority import IMPACTS, PRIORITIES, URGENCIES, Assessment, Impact, Urgency
from portal.service_levels.promises import Promise, Stage, promise_for, work_words
from portal.service_levels.queries.calendars import calendar_of, calendars_of, office_hours
from portal.service_levels.queries.clocks import (
    About,
    Breach,
    Reading,
    breaches_of,
    clock_of,
    clocks,
    clocks_of,
    expected_date,
    first_breach,
    last_expected,
    late_unwritten,
    pause_reasons,
    promises_of,
    targets_of_clock,
    without_promise,
)
from portal.service_levels.queries.standing import Broken, broken_of, is_aimed_anew, is_broken
from portal.service_levels.timing import Run, Target, Timing

__all__ = [
    "IMPACTS",
    "PRIORITIES",
    "URGENCIES",
    "About",
    "Assessment",
    "Breach",
    "Broken",
    "Choice",
    "Chosen",
    "ClockWords",
    "Explanation",
    "Facts",
    "Impact",
    "Owner",
    "Promise",
    "Reading",
    "Run",
    "Stage",
    "Target",
    "Timing",
    "Tried",
    "Urgency",
    "breaches_of",
    "broken_of",
    "calendar_of",
    "calendars_of",
    "choose",
    "clock_of",
    "clock_words",
    "clocks",
    "clocks_of",
    "expected_date",
    "explain",
    "first_breach",
    "is_aimed_anew",
    "is_broken",
    "last_expected",
    "late_unwritten",
    "offer_choices",
    "office_hours",
    "pause_reasons",
    "promise_for",
    "promises_of",
    "register_owner",
    "targets_of_clock",
    "try_levels",
    "without_promise",
    "work_words",
]
