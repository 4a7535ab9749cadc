"""The arithmetic of attendance and of what is mandatory, without a database (training.md 19, 20, 24 to 31)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

HUNDRED = 100
LAST_DAYS = 7
DECEMBER = 12


class Status(StrEnum):
    """What a person's standing in a mandatory topic is."""

    DUE = "due"
    MISSING = "missing"
    VALID = "valid"
    IN_WINDOW = "in_window"
    EXPIRED = "expired"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not_applicable"


COVERED = (Status.VALID, Status.IN_WINDOW)
GAPS = (Status.MISSING, Status.EXPIRED)


@dataclass(frozen=True)
class Standing:
    """The facts from which a status is computed: when assigned, what is held, what is waived."""

    assigned_on: date | None
    grace_days: int = 0
    window_days: int = 0
    has_record: bool = False
    valid_until: date | None = None
    exempt: Sequence[tuple[date, date]] = ()

    @property
    def due_on(self) -> date | None:
        """Return by when it is to be completed: from the assignment, or from the last exemption (rules 27, 29)."""
        if self.assigned_on is None:
            return None
        begun = [self.assigned_on, *(until for _from, until in self.exempt)]
        return max(begun) + timedelta(days=self.grace_days)

    @property
    def window_opens(self) -> date | None:
        """Return from when on renewing keeps the old date (rule 25)."""
        return self.valid_until - timedelta(days=self.window_days) if self.valid_until else None


def status(facts: Standing, today: date) -> Status:
    """Return the status on a day; nothing of it is stored (rule 24)."""
    if facts.assigned_on is None:
        return Status.NOT_APPLICABLE
    if any(start <= today <= until for start, until in facts.exempt):
        return Status.EXEMPT
    if facts.has_record:
        return _of_record(facts, today)
    return Status.DUE if facts.due_on is None or today <= facts.due_on else Status.MISSING


def _of_record(facts: Standing, today: date) -> Status:
    until = facts.valid_until
    if until is None or today <= until:
        return Status.IN_WINDOW if facts.window_opens and today >= facts.window_opens else Status.VALID
    waived = [end for _start, end in facts.exempt if until < end < today]
    if waived and today <= max(waived) + timedelta(days=facts.grace_days):
        return Status.DUE
    return Status.EXPIRED


def stage(facts: Standing, standing: Status, today: date) -> str:
    """Return the furthest reminder that is reached: opening, half of the window, 7 days, then the manager (rule 32)."""
    if standing in GAPS:
        return "manager"
    until = facts.valid_until if standing == Status.IN_WINDOW else facts.due_on if standing == Status.DUE else None
    if until is None:
        return ""
    if today >= until - timedelta(days=LAST_DAYS):
        return "week"
    length = facts.window_days if standing == Status.IN_WINDOW else facts.grace_days
    return "half" if today >= until - timedelta(days=length // 2) else "opening"


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month (rule 26)."""
    month = day.month - 1 + months
    year, month = day.year + month // DECEMBER, month % DECEMBER + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def valid_until(completed_on: date, months: int | None, window_days: int = 0, before: date | None = None) -> date | None:
    """Return the last day of validity: within the window it counts from the old one, else from completion (rule 25)."""
    if months is None:
        return None
    within = before is not None and before - timedelta(days=window_days) <= completed_on <= before
    return add_months(before if within and before else completed_on, months)


def is_too_early(completed_on: date, window_days: int, before: date | None) -> bool:
    """Return whether renewing on a day gives up what is left, so that one is warned (TR18)."""
    return before is not None and completed_on < before - timedelta(days=window_days)


def share(numbers: dict[Status, int]) -> int | None:
    """Return the percentage of those to whom it applies and who are not exempt; None when there is nobody (rule 31)."""
    counted = sum(count for each, count in numbers.items() if each not in (Status.EXEMPT, Status.NOT_APPLICABLE))
    covered = sum(numbers.get(each, 0) for each in COVERED)
    return round(covered * HUNDRED / counted) if counted else None


def result(marks: Sequence[tuple[str, int]], minimum_share: int) -> str:
    """Return present, partial, absent or excused, from (mark, minutes) of each date; excused dates are left out (rule 19)."""
    counted = [(mark, minutes) for mark, minutes in marks if mark != "excused"]
    if not counted:
        return "excused" if marks else "absent"
    planned = sum(minutes for _mark, minutes in counted)
    there = sum(minutes for mark, minutes in counted if mark == "present")
    if there * HUNDRED >= planned * minimum_share:
        return "present"
    return "partial" if there else "absent"
