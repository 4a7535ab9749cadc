"""Making and changing calendars: checked before, saved once, the open clocks settled first (7, 35)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from portal.audit import actions as audit
from portal.core import jobs
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.models import Person
from portal.service_levels.actions.clocks import rewrite_open_caches
from portal.service_levels.actions.settling import settle_readings
from portal.service_levels.dry_run import Moved, moved_by, open_readings
from portal.service_levels.entering import Content
from portal.service_levels.exceptions import read_exceptions
from portal.service_levels.holidays_of import holidays_of
from portal.service_levels.models import (
    Calendar,
    CalendarDraft,
    CalendarVersion,
    Clock,
    ClockEvent,
    DepartmentCalendar,
    HolidayProposal,
)
from portal.service_levels.writing import insert_once

TELL = "service_levels.tell_moved"
TOLD_AT_ONCE = 200


class StaleCalendar(Refused):
    """Somebody else saved the calendar meanwhile: 409 with both versions (SL54)."""

    def __init__(self, draft: CalendarDraft) -> None:
        super().__init__(_("Somebody else has changed this calendar since you opened it."))
        self.draft = draft


def create_calendar(content: Content, by: Person, now: datetime) -> Calendar:
    """Add a calendar with its first version."""
    calendar = Calendar(**content, created_at=now, updated_at=now)
    db.session.add(calendar)
    db.session.flush()
    _keep_version(calendar, by, now)
    audit.record(by, "calendar.created", "calendar", calendar.id, after=content)
    return calendar


def content_of(calendar: Calendar) -> Content:
    """Return what a version keeps of a calendar."""
    return {"name": calendar.name, "zone": calendar.zone, "hours": calendar.hours, "exceptions": calendar.exceptions}


def _keep_version(calendar: Calendar, by: Person, now: datetime) -> None:
    row = {"calendar_id": calendar.id, "version": calendar.version, "content": content_of(calendar)}
    insert_once(CalendarVersion, [{**row, "at": now, "by_id": by.id}])


def draft_change(
    calendar: Calendar, content: Content, seen_version: int, by: Person, now: datetime, accepts: Sequence[int] = ()
) -> CalendarDraft:
    """Keep an edit until its effect has been read; nothing counts by it yet (35)."""
    draft = CalendarDraft(calendar=calendar, person=by, seen_version=seen_version, content=content, accepts=list(accepts), at=now)
    db.session.add(draft)
    db.session.flush()
    return draft


def renew_draft(draft: CalendarDraft, now: datetime) -> None:
    """Put an edit on top of the version that somebody else saved meanwhile."""
    draft.seen_version, draft.at = draft.calendar.version, now


def save_draft(draft: CalendarDraft, by: Person, now: datetime) -> int:
    """Save an edit that was checked: settle by the old hours, count by the new ones; return how many dates moved."""
    calendar: Calendar = lock(Calendar, draft.calendar_id)
    if draft.saved_at is not None:
        return 0
    if calendar.version != draft.seen_version:
        raise StaleCalendar(draft)
    before = content_of(calendar)
    moved = _count_again(calendar, draft, now)
    _keep_version(calendar, by, now)  # of a calendar that is older than its versions
    for name, value in draft.content.items():
        setattr(calendar, name, value)
    calendar.version, calendar.updated_at, draft.saved_at = calendar.version + 1, now, now
    _accept(draft, by, now)
    db.session.flush()
    _keep_version(calendar, by, now)
    audit.record(by, "calendar.changed", "calendar", calendar.id, before=before, after=dict(draft.content))
    return moved


def _accept(draft: CalendarDraft, by: Person, now: datetime) -> None:
    accepted = update(HolidayProposal).where(HolidayProposal.id.in_(draft.accepts))
    db.session.execute(accepted.values(state="accepted", decided_by_id=by.id, decided_at=now))


def _count_again(calendar: Calendar, draft: CalendarDraft, now: datetime) -> int:
    """Settle all open clocks by the old hours, then count them by the new ones; note whose date moved (35)."""
    changed = CalendarVersion(content=draft.content).business
    count = 0
    for batch in open_readings(Clock.calendar_id == calendar.id):
        settle_readings(batch, now, now)
        moved = [found for reading in batch if (found := moved_by(reading, reading.target, changed, now))]
        for reading in batch:
            reading.calendar = changed
        rewrite_open_caches(batch, now)
        note_moved(moved, "calendar_changed", now, version=calendar.version + 1)
        count += len(moved)
    return count


def note_moved(moved: Sequence[Moved], name: str, now: datetime, **data: Any) -> None:
    """Write one event per clock whose date moved, and jobs that tell (35)."""
    rows = [{"old": _iso(one.old), "new": _iso(one.new), **data} for one in moved]
    events = [{"clock_id": one.clock.id, "name": name, "at": now, "data": row} for one, row in zip(moved, rows, strict=True)]
    if not events:
        return
    db.session.execute(insert(ClockEvent), events)
    told = [[one.clock.id, _iso(one.old), _iso(one.new)] for one in moved]
    for start in range(0, len(told), TOLD_AT_ONCE):
        jobs.enqueue(TELL, {"moved": told[start : start + TOLD_AT_ONCE], "saved_at": _iso(now)})


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


# --- departments ------------------------------------------------------------------------------------------------------


def assign(calendar: Calendar, wanted: Collection[int], allowed: Collection[int], by: Person) -> None:
    """Let departments work by a calendar; those outside `allowed` stay as they are. New things count by it."""
    for row in db.session.scalars(select(DepartmentCalendar).where(DepartmentCalendar.department_id.in_(allowed))):
        if row.department_id in wanted:
            row.calendar_id = calendar.id
        elif row.calendar_id == calendar.id:
            db.session.delete(row)
    there = set(db.session.scalars(select(DepartmentCalendar.department_id)))
    missing = (set(wanted) & set(allowed)) - there
    db.session.add_all(DepartmentCalendar(department_id=id_, calendar_id=calendar.id) for id_ in sorted(missing))
    db.session.flush()
    audit.record(by, "calendar.assigned", "calendar", calendar.id, after={"departments": sorted(set(wanted) & set(allowed))})


# --- holidays ---------------------------------------------------------------------------------------------------------


def propose_holidays(calendar: Calendar, country: str, region: str, year: int, by: Person) -> int:
    """Propose the holidays of a year; those known already keep their state, so a rejected one stays rejected (6)."""
    source = "-".join(filter(None, (country, region)))
    rows = [
        {"calendar_id": calendar.id, "day": day, "label": dict(label), "source": source, "state": "proposed"}
        for day, label in sorted(holidays_of(country, region, year).items())
    ]
    made = insert_once(HolidayProposal, rows) if rows else []
    audit.record(by, "calendar.holidays_proposed", "calendar", calendar.id, after={"source": source, "year": year})
    return len(made)


def reject_holidays(calendar: Calendar, ids: Collection[int], by: Person, now: datetime) -> None:
    """Reject proposed holidays for good."""
    found = update(HolidayProposal).where(HolidayProposal.calendar_id == calendar.id, HolidayProposal.id.in_(ids))
    db.session.execute(
        found.where(HolidayProposal.state == "proposed").values(state="rejected", decided_by_id=by.id, decided_at=now)
    )


def accept_holidays(calendar: Calendar, ids: Collection[int], by: Person, now: datetime) -> CalendarDraft | None:
    """Draft the calendar with the chosen holidays closed; they count once the draft is saved (6, 35)."""
    chosen = select(HolidayProposal).where(HolidayProposal.calendar_id == calendar.id, HolidayProposal.id.in_(ids))
    found = list(db.session.scalars(chosen.where(HolidayProposal.state == "proposed").order_by(HolidayProposal.day)))
    if not found:
        return None
    known = read_exceptions(calendar.exceptions).dated
    added = [
        {"from": one.day.isoformat(), "until": one.day.isoformat(), "yearly": False, "hours": {}, "label": dict(one.label)}
        for one in found
        if one.day not in known
    ]
    content = {**content_of(calendar), "exceptions": [*calendar.exceptions, *added]}
    return draft_change(calendar, content, calendar.version, by, now, [one.id for one in found])
