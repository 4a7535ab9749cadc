"""The promise before sending: what the engine would say if it were sent now, on the same calculation (37)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from flask_babel import gettext as _

from portal.core.text import date_in_full
from portal.service_levels.calendar import BusinessCalendar, CalendarExhausted
from portal.service_levels.choosing import Facts, fitting
from portal.service_levels.explaining import Pair, before_words
from portal.service_levels.queries.calendars import calendars_of
from portal.service_levels.reckoning import Line, lines_of_days, lines_of_segments, shortened
from portal.service_levels.timing import Run, Target, days_until_due, due_of, segments_until_due
from portal.service_levels.words import length_words, moment_words, target_words

HOUR, FIVE_MINUTES = 3600, 300
FEW = 5  # decisions, below which nothing is said of how long they take


@dataclass(frozen=True)
class Stage:
    """A stage of approval before the work starts: who decides, by whose calendar, and their last decisions, asked and given."""

    who: str
    department_id: int | None = None
    decided: Sequence[tuple[datetime, datetime]] = ()

    def usual(self, calendar: BusinessCalendar) -> timedelta | None:
        """Return how much working time a decision usually takes, rounded; nothing where there are too few to say."""
        if len(self.decided) < FEW:
            return None
        middle = median(calendar.working_time(asked, given).total_seconds() for asked, given in self.decided)
        step = FIVE_MINUTES if middle < HOUR else HOUR
        return timedelta(seconds=max(round(middle / step), 1) * step)


@dataclass(frozen=True)
class Promise:
    """What is promised "if you send it now", ready for `ui.promise` and `ui.sum`."""

    caption: str
    date: str
    time: str = ""
    rows: Sequence[Pair] = ()
    total: Pair | None = None
    notes: Sequence[str] = ()
    due: datetime | None = None


def promise_for(facts: Facts, now: datetime, stages: Sequence[Stage] = (), answered: bool = False) -> Promise:
    """Return the promise for a thing that is sent now, stage after stage and then the work.

    `answered`: who asks has spoken with the service already, so that no first response is to come (14).
    """
    level, targets = fitting(facts)
    if answered:
        targets.pop("first_response", None)
    hours = calendars_of({facts.department_id, *(stage.department_id for stage in stages)})
    own = level.calendar.business if level and level.calendar else hours[facts.department_id]
    rows: list[Pair] = []
    try:
        decided = [(stage, own if stage.department_id is None else hours[stage.department_id]) for stage in stages]
        start = _after_approvals(decided, targets.get("approval"), now, rows)
        return _promised(targets, own, start, now, rows)
    except CalendarExhausted:
        notes = [_("No date: the calendar has no open time in the next three years.")]
        return Promise(_("If you send it now, it is ready on"), _("no date"), rows=rows, notes=notes)


def _after_approvals(
    stages: Sequence[tuple[Stage, BusinessCalendar]], target: Target | None, now: datetime, rows: list[Pair]
) -> datetime:
    """Return when the last stage is to be decided, adding a row for each."""
    at = now
    for stage, calendar in stages:
        label = _("Approval by %(name)s", name=stage.who)
        if target is None:
            rows.append((label, _("no time is promised")))
            continue
        at, usual = due_of([Run(at)], calendar, target) or at, stage.usual(calendar)
        rows.append((label, _("by %(date)s", date=moment_words(at, calendar.zone))))
        if usual is not None:
            rows.append((_("It usually takes"), _("%(length)s of working time", length=length_words(usual))))
    return at


def work_words(facts: Facts) -> str:
    """Return what is promised for the work once it is approved, or nothing (16)."""
    _level, targets = fitting(facts)
    work = targets.get("fulfilment")
    return str(_("After the decision, the work has %(target)s.", target=target_words(work))) if work else ""


def _promised(
    targets: Mapping[str, Target], calendar: BusinessCalendar, start: datetime, now: datetime, rows: list[Pair]
) -> Promise:
    target, answer = targets.get("fulfilment"), targets.get("first_response")
    total: Pair | None = None
    if answer:
        due = due_of([Run(start)], calendar, answer)
        total = (_("You are answered"), _("by %(date)s", date=moment_words(due, calendar.zone))) if due else None
    if target is None:
        caption, notes = _("If you send it now"), [_("Nothing is promised for this.")]
        return Promise(caption, _("no date"), rows=rows, total=total, notes=notes)
    lines = _lines(calendar, start, target)
    found = due_of([Run(start)], calendar, target)
    assert found is not None  # noqa: S101  a run that goes on reaches its target or exhausts the calendar
    done = [*rows, (_("The work"), target_words(target)), *_rows(lines)]
    return Promise(
        _("If you send it now, it is ready on"),
        date_in_full(found),
        before_words(found, calendar),
        rows=done,
        total=total,
        due=found,
    )


def _lines(calendar: BusinessCalendar, start: datetime, target: Target) -> list[Line]:
    runs = [Run(start)]
    if target.unit == "working_days":
        return lines_of_days(days_until_due(runs, calendar, target, start, stopped=False))
    return lines_of_segments(segments_until_due(runs, calendar, target, start, stopped=False), calendar.zone)


def _rows(lines: list[Line]) -> list[Pair]:
    return [(line.what, line.how_much) for line in shortened(lines)]
