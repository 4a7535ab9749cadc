"""Verbs of tracking: register, report, correct, promise, issue and revoke codes. Each locks the item first (C3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from portal.audit import actions as audit
from portal.core import jobs
from portal.core.db import db, lock, public_id
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Department, Person
from portal.tracking import codes, factors, queries
from portal.tracking.events import (
    CheckpointRecorded,
    ItemRegistered,
    ItemStateChanged,
    PromiseChanged,
    TrackingCodeIssued,
    TrackingCodeRevoked,
)
from portal.tracking.models import (
    FIRST_LEVEL,
    PORTAL,
    SECOND_LEVEL,
    Checkpoint,
    TrackedItem,
    TrackingCode,
    TrackingGrant,
    TrackingPromise,
    TrackingSource,
)
from portal.tracking.promises import Promise as Promise
from portal.tracking.states import State as State

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
KIND = "tracked_item"
TELL, DELIVER = "tracking.tell", "tracking.deliver"
PAUSE = timedelta(minutes=10)
SHORTEST_LIFE, LONGEST_LIFE = 7, 365


@dataclass(frozen=True)
class Registration:
    """What is known of an item when it is first heard of."""

    kind: str
    reference: str
    department: Department
    zone: str
    postcode: str = ""
    email: str = ""
    contents: str = ""
    contact: str = ""
    language: str = "es"
    requester: Person | None = None


@dataclass(frozen=True)
class Report:
    """One checkpoint as a source tells it; (source, at, code) is what it is known by (TR-21)."""

    state: State
    at: datetime
    zone: str
    code: str = ""
    place: str = ""
    note: str = ""
    reopening: str = ""
    received_at: datetime | None = None  # None is now


def code_life() -> timedelta:
    """Return how long a code outlives the end of its item: 60 days, within limits (TR-4)."""
    days = int(str(current_app.config["PORTAL_TRACKING_DAYS"]))
    return timedelta(days=min(max(days, SHORTEST_LIFE), LONGEST_LIFE))


def register(new: Registration, by: Person | None, now: datetime) -> TrackedItem:
    """Let an item be followed from now on."""
    item = TrackedItem(
        kind=new.kind,
        reference=new.reference,
        department=new.department,
        requester=new.requester,
        zone=new.zone,
        language=new.language,
        postcode=factors.postcode(new.postcode) or None,
        email=factors.email(new.email) or None,
        contents=new.contents,
        contact=new.contact,
        registered_at=now,
        state_since=now,
        closes_at=now,
    )
    db.session.add(item)
    db.session.flush()
    publish(ItemRegistered(item.id, now))
    refresh(item, now, quiet=True)
    return item


def report(
    item: TrackedItem, source: TrackingSource, told: Report, by: Person | None, now: datetime, *, quiet: bool = False
) -> str:
    """Record what a source reports; a repeat only brings its words up to date. Return "new", "changed" or "unchanged" (TR-21)."""
    item = lock(TrackedItem, item.id)
    code = told.code or told.state
    known = (Checkpoint.item_id == item.id) & (Checkpoint.source_id == source.id) & (Checkpoint.event_at == told.at)
    row = db.session.scalar(select(Checkpoint).where(known, Checkpoint.source_code == code))
    if row is not None:
        return _say_anew(row, item, told)
    waits = quiet and _has_news(item, now)
    _add(item, source, told, code, by, now)
    publish(CheckpointRecorded(item.id, now))
    refresh(item, now, quiet=quiet, waits=waits)
    return NEW


def _say_anew(row: Checkpoint, item: TrackedItem, told: Report) -> str:
    if (row.place, row.note) == (told.place, told.note):
        return UNCHANGED
    row.place, row.note = told.place, told.note
    item.revision += 1
    return CHANGED


def _add(item: TrackedItem, source: TrackingSource, told: Report, code: str, by: Person | None, now: datetime) -> Checkpoint:
    made = Checkpoint(
        item_id=item.id,
        source=source,
        event_at=told.at,
        source_code=code,
        zone=told.zone,
        state=told.state,
        place=told.place,
        note=told.note,
        reopening=told.reopening,
        received_at=told.received_at or now,
        by=by,
    )
    db.session.add(made)
    return made


def record(item: TrackedItem, told: Report, by: Person, now: datetime) -> None:
    """Record a checkpoint by hand."""
    report(item, queries.source(PORTAL), _named(told), by, now)
    audit.record(by, "checkpoint.recorded", KIND, item.id, after={"state": told.state, "at": told.at.isoformat()})


def correct(item: TrackedItem, wrong: Checkpoint, told: Report, by: Person, now: datetime) -> None:
    """Put a new row in the place of a wrong one; both stay (TR-25)."""
    item = lock(TrackedItem, item.id)
    if db.session.scalar(select(Checkpoint.id).where(Checkpoint.supersedes_id == wrong.id)):
        raise Refused(_("Somebody has corrected this line already."))
    told = _named(told)
    row = _add(item, queries.source(PORTAL), told, told.code, by, now)
    row.supersedes_id = wrong.id
    db.session.flush()
    before = {"state": wrong.state, "at": wrong.event_at.isoformat()}
    audit.record(by, "checkpoint.corrected", KIND, item.id, before, {"state": told.state, "at": told.at.isoformat()})
    refresh(item, now)


def _named(told: Report) -> Report:
    return Report(told.state, told.at, told.zone, public_id(), told.place, told.note, told.reopening)


def promise(
    item: TrackedItem,
    new: Promise,
    reason: str,
    source: TrackingSource,
    by: Person | None,
    at: datetime,
    now: datetime,
    *,
    quiet: bool = False,
) -> str:
    """Promise another time, from `at` on, and keep the old one and the reason (TR-23). Return "changed" or "unchanged"."""
    item = lock(TrackedItem, item.id)
    before = [one for one in queries.promises_of(item) if one.at <= at]
    if before and before[-1].promise == new:
        return UNCHANGED
    waits = quiet and _has_news(item, now)
    row = TrackingPromise(item_id=item.id, source_id=source.id, reason=reason, at=at, by_id=by.id if by else None)
    row.first_day, row.last_day, row.instant = new.first, new.last, new.instant
    db.session.add(row)
    db.session.flush()
    publish(PromiseChanged(item.id, now))
    refresh(item, now, quiet=quiet, waits=waits)
    passes = new.passes_at(item.zone)
    if passes > now:
        jobs.enqueue(TELL, {"item": item.id}, at=passes)  # it may be late then, by the clock alone
    return CHANGED


def refresh(item: TrackedItem, now: datetime, *, quiet: bool = False, waits: bool = False) -> None:
    """Compute anew where an item stands; its codes end with it (TR-4, TR-19). The item is locked.

    Quiet news counts as told, unless other news `waits` to be told (TR-31).
    """
    db.session.flush()
    story = queries.story_of(item, now)
    found = story.course
    before = item.state
    item.state, item.state_since, item.closes_at = found.state, found.since, found.closes_at
    item.revision += 1
    ends = found.closes_at + code_life()
    mine = (TrackingCode.item_id == item.id) & TrackingCode.revoked_at.is_(None) & (TrackingCode.expires_at > now)
    db.session.execute(update(TrackingCode).where(mine, TrackingCode.issued_at < ends).values(expires_at=ends))
    if before != item.state:
        publish(ItemStateChanged(item.id, now))
    if not quiet:
        schedule_message(item, now)
    elif not waits:
        item.told = worth_telling(story)


def _has_news(item: TrackedItem, now: datetime) -> bool:
    return item.told != worth_telling(queries.story_of(item, now))


def worth_telling(story: queries.Story) -> str:
    """Return what a message is about: while this stays the same, none goes out (TR-26)."""
    promised = story.promise.promise if story.promise else None
    return f"{story.course.state} {promised.first} {promised.last} {promised.instant}" if promised else str(story.course.state)


def schedule_message(item: TrackedItem, now: datetime) -> None:
    """Have whoever follows the item told soon, ten minutes after the last message at the earliest (TR-26)."""
    inside = item.requester_id is not None and item.kind != "request"  # requests have messages of their own
    if item.tell_at is None and (item.email or inside):
        item.tell_at = max(now, item.told_at + PAUSE) if item.told_at else now
        jobs.enqueue(TELL, {"item": item.id}, at=item.tell_at)


def mail_code(item: TrackedItem, by: Person, now: datetime) -> None:
    """Have a new code mailed to the customer; nobody here reads it (TR-3)."""
    if item.email is None:
        raise Refused(_("The customer's e-mail is not known."))
    jobs.enqueue(DELIVER, {"item": item.id}, at=now)
    audit.record(by, "tracking_code.mailed", KIND, item.id)


def issue_code(item: TrackedItem, by: Person | None, now: datetime, *, shared: bool = False, code: str = "") -> str:
    """Return a new code of the item; nobody can read it again (TR-3, TR-4). Only the demo names a code that all may know."""
    item = lock(TrackedItem, item.id)
    code, level = code or codes.generate(), FIRST_LEVEL if shared else SECOND_LEVEL
    ends = item.closes_at + code_life() if item.closes_at + code_life() > now else now + code_life()
    row = TrackingCode(code_hash=codes.stored(code), item_id=item.id, level=level, issued_at=now, expires_at=ends)
    row.issued_by_id = by.id if by else None
    db.session.add(row)
    db.session.flush()
    audit.record(by, "tracking_code.issued", KIND, item.id, after={"level": level})
    publish(TrackingCodeIssued(item.id, now))
    return code


def revoke_code(code: TrackingCode, by: Person | None, now: datetime) -> None:
    """Let a code open nothing any more, at once and in every browser (TR-4, TR-14)."""
    item = lock(TrackedItem, code.item_id)
    if code.revoked_at is not None:
        return
    code.revoked_at = now
    item.revision += 1
    db.session.execute(delete(TrackingGrant).where(TrackingGrant.code_id == code.id))
    audit.record(by, "tracking_code.revoked", KIND, item.id, after={"level": code.level})
    publish(TrackingCodeRevoked(item.id, now))


def stop_sharing(item: TrackedItem, now: datetime) -> None:
    """Revoke every share code, as the customer wishes (TR-4, TR-12)."""
    lock(TrackedItem, item.id)
    for code in queries.codes_of(item):
        if code.level == FIRST_LEVEL:
            revoke_code(code, None, now)


def change_factor(item: TrackedItem, postcode: str, email: str, by: Person | None, now: datetime) -> None:
    """Give the item another second factor, which ends every right that the old one gave (TR-14, TR-34)."""
    item = lock(TrackedItem, item.id)
    new = (factors.postcode(postcode) or None, factors.email(email) or None)
    if new == (item.postcode, item.email):
        return
    item.postcode, item.email = new
    item.factor_locked_until = None
    item.revision += 1
    factors.end_grants(item.id)
    audit.record(by, "tracking_factor.changed", KIND, item.id, after={"factor": "changed"})
