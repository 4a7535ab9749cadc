"""What of one thing was not kept: facts that were written, and what a reading sees before anybody has written it (26, 27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists

from portal.service_levels.models import BreachAnnulment, Clock, ClockBreach, ClockTarget
from portal.service_levels.queries.clocks import About, Reading, breaches_of


@dataclass(frozen=True)
class Broken:
    """One promise that was not kept: of which clock, its due, and why it does not count if somebody said so."""

    clock_id: int
    kind: str
    at: datetime
    # of a target that has been replaced since (22)
    replaced: bool = False
    breach: ClockBreach | None = None
    annulment: BreachAnnulment | None = None

    @property
    def name(self) -> str:
        """Return what addresses call it: its clock and its due, which never change."""
        return f"{self.kind}-{self.at:%Y%m%dT%H%M%S}"

    @property
    def counts(self) -> bool:
        """Return whether it counts as broken."""
        return self.annulment is None


def is_broken(kind: str, subject_id: Any) -> ColumnElement[bool]:
    """Return the condition that a breach was written about a subject."""
    about = (Clock.subject_kind == kind, Clock.subject_id == subject_id)
    return exists().where(ClockBreach.clock_id == Clock.id, *about).correlate_except(Clock, ClockBreach)


def is_aimed_anew(kind: str, subject_id: Any) -> ColumnElement[bool]:
    """Return the condition that the work has a new target after an earlier one was not kept, which still counts (27, SL39)."""
    about = (Clock.subject_kind == kind, Clock.subject_id == subject_id, Clock.kind == "fulfilment")
    replaced = (ClockTarget.id == ClockBreach.target_id, ClockTarget.until_at.is_not(None))
    annulled = exists().where(BreachAnnulment.breach_id == ClockBreach.id).correlate(ClockBreach)
    found = exists().where(ClockBreach.clock_id == Clock.id, *about, *replaced, ~annulled)
    return found.correlate_except(Clock, ClockBreach, ClockTarget)


def broken_of(about: About, readings: Sequence[Reading], now: datetime, written: bool = True) -> list[Broken]:
    """Return what was not kept, those written first.

    `written` tells whether there are facts at all; without any, the database is not asked.
    """
    clocks = {one.clock.id: one for one in readings}
    found = breaches_of(about) if written else []
    known = {(one.breach.clock_id, one.breach.target_id) for one in found}
    facts = [
        Broken(clock.clock.id, clock.clock.kind, one.breach.at, _of(clock) != one.breach.target_id, one.breach, one.annulment)
        for one in found
        if (clock := clocks.get(one.breach.clock_id))
    ]
    unwritten = [one for one in readings if (one.clock.id, _of(one)) not in known]
    return facts + [Broken(one.clock.id, one.clock.kind, at.due) for one in unwritten if (at := one.at(now)).late and at.due]


def _of(reading: Reading) -> int | None:
    return reading.target_row.id if reading.target_row else None
