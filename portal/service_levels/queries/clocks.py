"""Reading clocks: of one thing or of many, always in one statement (26: readings compute and write nothing)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.service_levels.calendar import BusinessCalendar, Label
from portal.service_levels.models import (
    BreachAnnulment,
    Calendar,
    CalendarVersion,
    Clock,
    ClockBreach,
    ClockInterval,
    ClockTarget,
    ExpectedDate,
    PauseReason,
)
from portal.service_levels.models.clocks import PAUSED, STOPPED
from portal.service_levels.queries.calendars import office_hours
from portal.service_levels.timing import Run, Standing, Target, Timing, standing, timing


class About(NamedTuple):
    """What a clock is about: a registered kind of subject, and the id of one."""

    kind: str
    id: int


@dataclass
class Reading:
    """A clock with all that its calculation needs."""

    clock: Clock
    intervals: list[ClockInterval]
    reasons: dict[int, Label]
    target_row: ClockTarget | None
    calendar: BusinessCalendar
    calendar_version: int | None = None

    @property
    def target(self) -> Target | None:
        """Return what it has to reach, if anything."""
        row = self.target_row
        return Target(row.amount, row.unit) if row else None  # type: ignore[arg-type]  # the database checks the unit

    @property
    def runs(self) -> list[Run]:
        """Return its running intervals; what ended one names the pause after it."""
        return [Run(one.started_at, one.ended_at, one.resumes_at, self._why(one)) for one in self.intervals]

    def _why(self, interval: ClockInterval) -> Label:
        return self.reasons.get(interval.id) or interval.end_cause or ""

    @property
    def stopped(self) -> bool:
        """Return whether it has ended for good, or until a reopening."""
        return self.clock.standing == STOPPED

    @property
    def end_cause(self) -> str:
        """Return what ended its last interval."""
        return (self.intervals[-1].end_cause or "") if self.intervals else ""

    def standing(self, now: datetime) -> Standing:
        """Return how it stands now, if it has not stopped: what lists are ordered by."""
        return standing(self.runs, self.calendar, self.target, now)

    def at(self, now: datetime, calendar: BusinessCalendar | None = None) -> Timing:
        """Return how it stands now, or how it would stand with another calendar."""
        return timing(self.runs, calendar or self.calendar, self.target, now, self.stopped)


def clocks_of(kind: str, ids: Collection[int], kinds: Collection[str] = ()) -> dict[int, list[Reading]]:
    """Return the clocks of many subjects by the subject's id, for lists: no statement per row."""
    conditions: list[Any] = [Clock.subject_kind == kind, Clock.subject_id.in_(ids)]
    if kinds:
        conditions.append(Clock.kind.in_(kinds))
    found: dict[int, list[Reading]] = defaultdict(list)
    for reading in read(*conditions) if ids else []:
        found[reading.clock.subject_id].append(reading)
    return dict(found)


def clocks(about: About) -> list[Reading]:
    """Return the clocks of one subject, oldest first."""
    return read(Clock.subject_kind == about.kind, Clock.subject_id == about.id)


def clock_of(about: About, kind: str = "fulfilment", part: str = "") -> Reading | None:
    """Return one clock of a subject, if it has it."""
    found = read(Clock.subject_kind == about.kind, Clock.subject_id == about.id, Clock.kind == kind, Clock.part == part)
    return found[0] if found else None


def promises_of(about: About) -> tuple[list[Reading], ExpectedDate | None]:
    """Return all clocks and the last date that was given beside the promise, for the page of one thing."""
    given = (ExpectedDate.subject_kind == about.kind, ExpectedDate.subject_id == about.id)
    last = select(func.max(ExpectedDate.id)).where(*given).scalar_subquery()
    wanted = (Clock.subject_kind == about.kind, Clock.subject_id == about.id)
    found = _everything().add_columns(ExpectedDate).outerjoin(ExpectedDate, ExpectedDate.id == last).where(*wanted)
    rows = db.session.execute(found).all()
    return (_put_together(rows), rows[0][-1]) if rows else ([], None)


def read(*conditions: Any) -> list[Reading]:
    """Return the clocks that meet conditions on `Clock`, in the order of their ids."""
    return _put_together(db.session.execute(_everything().where(*conditions)))


def read_open(*conditions: Any, limit: int) -> list[Reading]:
    """Return some of the clocks that have not stopped, in the order of their ids; each calendar is read once (7)."""
    wanted = select(Clock.id).where(*conditions, Clock.standing != STOPPED).order_by(Clock.id).limit(limit)
    rows = db.session.execute(_parts().where(Clock.id.in_(wanted))).all()
    by_ids = select(Calendar).where(Calendar.id.in_({row[0].calendar_id for row in rows} - {None}))
    known = {calendar.id: calendar for calendar in db.session.scalars(by_ids)} if rows else {}
    return _put_together((*row, known.get(row[0].calendar_id), None) for row in rows)


def _parts() -> Select[*tuple[Any, ...]]:
    """Select clocks with their intervals and target."""
    return (
        select(Clock, ClockInterval, ClockTarget, PauseReason.name)
        .join(ClockInterval, ClockInterval.clock_id == Clock.id)
        .outerjoin(ClockTarget, and_(ClockTarget.clock_id == Clock.id, ClockTarget.until_at.is_(None)))
        .outerjoin(PauseReason, PauseReason.id == ClockInterval.reason_id)
        .order_by(Clock.id, ClockInterval.started_at, ClockInterval.id)
        .execution_options(populate_existing=True)
    )


def _everything() -> Select[*tuple[Any, ...]]:
    """Select clocks with their intervals, target and calendar, and the version by which a stopped one was measured (35)."""
    measured = and_(CalendarVersion.calendar_id == Clock.calendar_id, CalendarVersion.version == Clock.calendar_version)
    every = _parts().add_columns(Calendar, CalendarVersion)
    return every.outerjoin(Calendar, Calendar.id == Clock.calendar_id).outerjoin(CalendarVersion, measured)


def _put_together(rows: Iterable[Any]) -> list[Reading]:
    found: dict[int, Reading] = {}
    hours: dict[Any, tuple[BusinessCalendar, int | None]] = {}
    for clock, interval, target, reason, calendar, measured, *_more in rows:
        reading = found.get(clock.id)
        if reading is None:
            key = (calendar, measured, clock.standing == STOPPED)
            if key not in hours:
                hours[key] = _calendar(clock, calendar, measured)
            reading = found[clock.id] = Reading(clock, [], {}, target, *hours[key])
        reading.intervals.append(interval)
        if reason:
            reading.reasons[interval.id] = reason
    return list(found.values())


def _calendar(clock: Clock, calendar: Calendar | None, measured: CalendarVersion | None) -> tuple[BusinessCalendar, int | None]:
    """Return by which hours a clock counts; a stopped one keeps the version by which it was measured (35)."""
    if calendar is None:
        return office_hours(current_app.config["PORTAL_TIMEZONE"]), None
    if clock.standing == STOPPED and measured is not None and measured.version != calendar.version:
        return measured.business, calendar.version
    return calendar.business, calendar.version


def late_unwritten(kind: str, ids: Select[int], clock_kind: str, now: datetime) -> dict[int, datetime]:
    """Return the due of clocks, by id, that are late by reading alone: the date on which they resume has passed (20, 26)."""
    resumed = exists().where(ClockInterval.clock_id == Clock.id, ClockInterval.resumes_at <= now).correlate(Clock)
    aim = select(ClockTarget.id).where(ClockTarget.clock_id == Clock.id, ClockTarget.until_at.is_(None)).correlate(Clock)
    written = exists().where(ClockBreach.clock_id == Clock.id, ClockBreach.target_id.in_(aim)).correlate(Clock)
    among = (Clock.subject_kind == kind, Clock.subject_id.in_(ids), Clock.kind == clock_kind)
    readings = [(one.clock.id, one.at(now)) for one in read(*among, Clock.standing == PAUSED, resumed, ~written)]
    return {clock_id: found.due for clock_id, found in readings if found.running and found.due and found.late}


# --- what happened to them --------------------------------------------------------------------------------------------


class Breach(NamedTuple):
    """A broken promise, and why it does not count if somebody said so (27)."""

    breach: ClockBreach
    annulment: BreachAnnulment | None


def breaches_of(about: About) -> list[Breach]:
    """Return the breaches of a subject with their annulments, oldest first."""
    found = (
        select(ClockBreach, BreachAnnulment)
        .join(Clock, Clock.id == ClockBreach.clock_id)
        .outerjoin(BreachAnnulment, BreachAnnulment.breach_id == ClockBreach.id)
        .where(Clock.subject_kind == about.kind, Clock.subject_id == about.id)
        .options(joinedload(BreachAnnulment.by))
        .order_by(ClockBreach.id)
    )
    return [Breach(breach, annulment) for breach, annulment in db.session.execute(found)]


def first_breach(about: About) -> datetime | None:
    """Return when the promise of the work was first broken, without what was annulled (26, 27)."""
    annulled = exists().where(BreachAnnulment.breach_id == ClockBreach.id)
    found = select(func.min(ClockBreach.at)).join(Clock, Clock.id == ClockBreach.clock_id)
    of_work = (Clock.subject_kind == about.kind, Clock.subject_id == about.id, Clock.kind == "fulfilment")
    return db.session.scalar(found.where(*of_work, ~annulled))


def targets_of_clock(clock_id: int) -> list[ClockTarget]:
    """Return the targets that a clock has had, oldest first (22)."""
    return list(db.session.scalars(select(ClockTarget).where(ClockTarget.clock_id == clock_id).order_by(ClockTarget.id)))


def expected_date(about: About) -> ExpectedDate | None:
    """Return the last expected date that was given beside the promise (38)."""
    found = select(ExpectedDate).where(ExpectedDate.subject_kind == about.kind, ExpectedDate.subject_id == about.id)
    return db.session.scalar(found.order_by(ExpectedDate.id.desc()).limit(1))


def last_expected(kind: str, subject_id: Any) -> ScalarSelect[datetime]:
    """Select that date for each row of a list of subjects (38)."""
    found = select(ExpectedDate.expected_at).where(ExpectedDate.subject_kind == kind, ExpectedDate.subject_id == subject_id)
    return found.order_by(ExpectedDate.id.desc()).limit(1).correlate_except(ExpectedDate).scalar_subquery()


def without_promise() -> list[Clock]:
    """Return running fulfilment clocks without a date, for administrators: no level fits, or no open time (25, 32)."""
    found = select(Clock).where(Clock.due_cache.is_(None), Clock.standing == "running", Clock.kind == "fulfilment")
    return list(db.session.scalars(found.order_by(Clock.id).limit(200)))


def pause_reasons() -> list[PauseReason]:
    """Return the reasons for which an agent may pause a clock."""
    return list(db.session.scalars(select(PauseReason).where(PauseReason.active).order_by(PauseReason.id)))
