"""Writing what readers compute already: breaches, and why one does not count (26, 27)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.service_levels.events import ClockBreached, ClocksMoved, ExpectedDateGiven
from portal.service_levels.models import BreachAnnulment, Clock, ClockBreach, ClockEvent, ExpectedDate
from portal.service_levels.queries.clocks import About, Reading, clocks
from portal.service_levels.writing import insert_once


def record(clock: Clock, name: str, at: datetime, by: Person | None, **data: Any) -> None:
    """Add one event to the history of a clock."""
    db.session.add(ClockEvent(clock_id=clock.id, name=name, at=at, by_id=by.id if by else None, data=data))


def settle(about: About, now: datetime) -> None:
    """Write the breaches of a subject's clocks; every write that touches the subject calls it first (26)."""
    settle_readings(clocks(about), now, now)


def settle_readings(readings: Sequence[Reading], at: datetime, now: datetime) -> int:
    """Write what is broken by `at` and not written yet, each clock and target once; return how many were new."""
    broken = {reading.clock.id: (reading, due) for reading in readings if reading.target_row and (due := _broken_at(reading, at))}
    rows = [
        {"clock_id": reading.clock.id, "target_id": reading.target_row.id, "at": due, "recorded_at": now}
        for reading, due in broken.values()
        if reading.target_row
    ]
    made = insert_once(ClockBreach, rows) if rows else []
    found = select(ClockBreach.clock_id, ClockBreach.at).where(ClockBreach.id.in_(made)).order_by(ClockBreach.id)
    written = db.session.execute(found).all() if made else []
    if written:
        events: list[dict[str, Any]] = [
            {"clock_id": id_, "name": "breached", "at": due, "by_id": None, "data": {}} for id_, due in written
        ]
        db.session.execute(insert(ClockEvent), events)
    for id_, due in written:
        clock = broken[id_][0].clock
        publish(ClockBreached(clock.subject_kind, clock.subject_id, clock.id, clock.kind, due))
    return len(made)


def _broken_at(reading: Reading, at: datetime) -> datetime | None:
    found = reading.at(at) if reading.stopped else reading.standing(at)
    return found.due if found.late else None


def annul_breach(breach: ClockBreach, reason: str, by: Person, now: datetime) -> None:
    """Say why a breach does not count; it stays, and both are shown (27)."""
    if not reason.strip():
        raise Refused(_("Say why this does not count."))
    row = {"breach_id": breach.id, "reason": reason.strip(), "by_id": by.id, "at": now}
    if not insert_once(BreachAnnulment, [row]):
        raise Refused(_("Somebody has annulled this already."))
    clock = db.session.get_one(Clock, breach.clock_id)
    record(clock, "breach_annulled", now, by, reason=reason.strip())
    if clock.kind == "fulfilment":
        publish(ClocksMoved(clock.subject_kind, clock.subject_id, clock.standing, clock.due_cache))
    audit.record(by, "clock.breach_annulled", clock.subject_kind, clock.subject_id, after={"reason": reason.strip()})


def expect(about: About, expected_at: datetime, reason: str, by: Person, now: datetime) -> ExpectedDate:
    """Give a new expected date with its reason; clock, breach and report keep the promise (38)."""
    if expected_at <= now:
        raise Refused(_("Give a date in the future."))
    settle(about, now)
    row = ExpectedDate(
        subject_kind=about.kind, subject_id=about.id, expected_at=expected_at, reason=reason.strip(), by_id=by.id, at=now
    )
    db.session.add(row)
    db.session.flush()
    publish(ExpectedDateGiven(about.kind, about.id, expected_at, row.reason, by.id))
    return row
