"""What happens to one clock: its intervals and its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.people.models import Person
from portal.service_levels.actions.settling import record
from portal.service_levels.choosing import Chosen
from portal.service_levels.models import Clock, ClockInterval, ClockTarget
from portal.service_levels.models.clocks import RUNNING, STOPPED
from portal.service_levels.queries.clocks import About, Reading
from portal.service_levels.timing import Target


@dataclass
class Moment:
    """What a change works on: the subject's clocks as they are, and when and by whom they are changed."""

    about: About
    at: datetime
    by: Person | None
    readings: list[Reading]

    def found(self, kind: str, part: str | None = None) -> list[Reading]:
        """Return the clocks of one kind; of all its parts unless one is named."""
        return [one for one in self.readings if one.clock.kind == kind and part in (None, one.clock.part)]


def aim(reading: Reading, chosen: Chosen, at: datetime, by: Person | None, reason: str) -> None:
    """Give a clock the target of another level; the old one is kept with until when it counted (22)."""
    clock, old, new = reading.clock, reading.target, chosen.targets.get(reading.clock.kind)
    clock.level_id = chosen.level.id if chosen.level else None
    clock.level_version = chosen.level.version if chosen.level else None
    if old == new:
        return
    if reading.target_row:
        reading.target_row.until_at = at
        db.session.flush()
    _add_target(clock, new, chosen, at, by, reason)
    record(clock, "target_changed", at, by, old=_words(old), new=_words(new), reason=reason)


def start_one(moment: Moment, kind: str, part: str, chosen: Chosen, cause: str) -> None:
    """Start a clock now, aimed at what its level promises."""
    clock = Clock(
        subject_kind=moment.about.kind,
        subject_id=moment.about.id,
        kind=kind,
        part=part,
        level_id=chosen.level.id if chosen.level else None,
        level_version=chosen.level.version if chosen.level else None,
        calendar_id=chosen.calendar_id,
        standing=RUNNING,
    )
    db.session.add(clock)
    db.session.flush()
    db.session.add(ClockInterval(clock_id=clock.id, started_at=moment.at, start_cause=cause))
    _add_target(clock, chosen.targets.get(kind), chosen, moment.at, moment.by, "")
    record(clock, "clock_started", moment.at, moment.by, cause=cause)


def _add_target(clock: Clock, target: Target | None, chosen: Chosen, at: datetime, by: Person | None, reason: str) -> None:
    if target is None or target.amount <= 0:
        return
    level = chosen.level
    db.session.add(
        ClockTarget(
            clock_id=clock.id,
            amount=target.amount,
            unit=target.unit,
            level_id=level.id if level else None,
            level_version=level.version if level else None,
            from_at=at,
            by_id=by.id if by else None,
            reason=reason,
        )
    )


def stop_one(reading: Reading, moment: Moment, cause: str) -> None:
    """Close what runs; a clock that waits ends with an interval of no length, so that the time of its end is known."""
    if reading.stopped:
        return
    if reading.intervals[-1].ended_at is not None:
        open_run(reading, max(moment.at, reading.intervals[-1].ended_at), cause, moment.by, told=False)
    close_run(reading, moment, cause)
    reading.clock.standing = STOPPED
    reading.clock.calendar_version = reading.calendar_version
    record(reading.clock, "stopped", moment.at, moment.by, cause=cause)


def close_run(reading: Reading, moment: Moment, cause: str) -> ClockInterval:
    """End the interval that runs."""
    last = reading.intervals[-1]
    last.ended_at, last.end_cause = max(moment.at, last.started_at), cause
    return last


def open_run(reading: Reading, at: datetime, cause: str, by: Person | None, told: bool = True) -> None:
    """Let the clock run from an instant on."""
    interval = ClockInterval(clock_id=reading.clock.id, started_at=at, start_cause=cause)
    db.session.add(interval)
    db.session.flush()
    reading.intervals.append(interval)
    if told:
        record(reading.clock, "resumed", at, by, cause=cause)


def _words(target: Target | None) -> str:
    return f"{target.amount} {target.unit}" if target else ""


def iso(instant: datetime | None) -> str:
    """Return an instant as text, or nothing."""
    return instant.isoformat() if instant else ""
