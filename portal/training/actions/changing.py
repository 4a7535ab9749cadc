"""What happens to a session after it was posted: moved, corrected, cancelled; calendars learn of it by its sequence (rule 18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.search import actions as search
from portal.training import events, messages, rules
from portal.training.actions.publishing import Texts
from portal.training.actions.serving import Room, note, serve
from portal.training.messages import KIND
from portal.training.models import Enrolment, EnrolmentState, PriorityCredit, SessionDate, TrainingSession
from portal.training.moments import Span

HOPED = (EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.REQUESTED)


@dataclass(frozen=True)
class Correction:
    """What a session says of itself, as a trainer has changed it."""

    title: Texts
    description: Texts | None
    materials: Texts | None
    taught_by: str
    place: str
    place_note: str
    link: str
    capacity: int


class StaleSession(Refused):
    """Somebody else has changed the session since the form was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this session meanwhile. Look at it again."))


def correct(session: TrainingSession, said: Correction, seen: int, by: Person, now: datetime) -> None:
    """Change what a session says and its seats; another place is news for calendars, a text is not (calendars.md 12)."""

    def act(room: Room) -> None:
        row = room.session
        if row.revision != seen:
            raise StaleSession
        place_changed = (row.place, row.link) != (said.place, said.link)
        before = {"capacity": row.capacity, "place": row.place}
        reworded = (row.title, row.description, row.place_note) != (said.title, said.description, said.place_note)
        row.title, row.description, row.materials = dict(said.title), said.description, said.materials
        row.taught_by, row.place, row.place_note, row.link = said.taught_by, said.place, said.place_note, said.link
        row.capacity, row.revision, row.updated_at = said.capacity, row.revision + 1, now
        db.session.flush()
        coming = [each for each in _standing(row.id) if not each.space and each.starts_at > now]
        if place_changed and coming and row.cancelled_at is None:
            _moved(room, coming, ask=False)
        if reworded:
            publish(events.SessionReworded(row.id))
        if row.cancelled_at is None:
            search.index(KIND, row, now)
        audit.record(by, "session.changed", KIND, row.id, before=before, after={"capacity": said.capacity, "place": said.place})

    serve(session.id, now, act)


def move_date(date: SessionDate, span: Span, space: str, by: Person, now: datetime) -> None:
    """Move one date; seats are kept, everybody is asked again, and leaving is not late (rules 17, 18)."""

    def act(room: Room) -> None:
        db.session.refresh(date)
        if date.cancelled_at is not None or room.session.cancelled_at is not None:
            raise Refused(_("This date was cancelled."))
        if date.starts_at <= now:
            raise Refused(_("What has begun cannot be moved."))
        if span.starts_at <= now:
            raise Refused(_("A date moves only to a time that is still to come."))
        before = {"start": date.local_start.isoformat(), "space": date.space}
        if not _changes(date, span, space):
            return
        _write(date, span, space)
        _moved(room, [date], ask=True)
        audit.record(by, "session.moved", KIND, room.session.id, before=before, after={"start": span.local_start.isoformat()})

    serve(date.session_id, now, act)


def _changes(date: SessionDate, span: Span, space: str) -> bool:
    was = (date.local_start, date.local_end, date.tz, date.starts_at, date.ends_at, date.space)
    return was != (span.local_start, span.local_end, span.tz, span.starts_at, span.ends_at, space)


def _write(date: SessionDate, span: Span, space: str) -> None:
    date.local_start, date.local_end, date.tz = span.local_start, span.local_end, span.tz
    date.start_fold, date.end_fold, date.flag = span.start_fold, span.end_fold, span.flag
    date.starts_at, date.ends_at, date.space = span.starts_at, span.ends_at, space


def _moved(room: Room, dates: Sequence[SessionDate], *, ask: bool) -> None:
    """Raise the sequence of dates and session, and tell who is concerned."""
    _raise_sequence(room.session, dates, room.now)
    _recount(room.session)
    if ask:
        room.session.moved_at, room.session.last_minute_told = room.now, False
        _shorten_offers(room)
        for enrolment in room.in_state(EnrolmentState.CONFIRMED):
            enrolment.reconfirm_asked_at, enrolment.reconfirmed_at = room.now, None
            note(enrolment, "session_moved", room.now)
    db.session.flush()
    publish(events.SessionMoved(room.session.id, tuple(date.id for date in dates)))
    going = [each.person_id for each in room.in_state(EnrolmentState.CONFIRMED)]
    hoping = [each.person_id for state in HOPED for each in room.in_state(state)]
    messages.moved(room.session, going, hoping, room.now, asked=ask)


def _shorten_offers(room: Room) -> None:
    """Keep every open offer within what the new stop allows (rule 12)."""
    latest = room.session.stop_at + rules.SHORTEST_ANSWER
    for enrolment in room.in_state(EnrolmentState.OFFERED):
        if enrolment.offer_expires_at is not None and enrolment.offer_expires_at > latest:
            enrolment.offer_expires_at = max(latest, room.now + timedelta(seconds=1))


def _raise_sequence(session: TrainingSession, dates: Sequence[SessionDate], now: datetime) -> None:
    session.sequence, session.updated_at, session.revision = session.sequence + 1, now, session.revision + 1
    for date in dates:
        date.sequence, date.updated_at = date.sequence + 1, now


def _standing(session_id: int) -> list[SessionDate]:
    found = select(SessionDate).where(SessionDate.session_id == session_id, SessionDate.cancelled_at.is_(None))
    return list(db.session.scalars(found.order_by(SessionDate.id).execution_options(populate_existing=True)))


def _recount(session: TrainingSession) -> None:
    """Compute from when to when the session goes, from the dates that stand."""
    db.session.flush()
    dates = _standing(session.id)
    session.first_starts_at = min(date.starts_at for date in dates)
    session.last_ends_at = max(date.ends_at for date in dates)


def cancel_date(date: SessionDate, reason: str, by: Person, now: datetime) -> None:
    """Drop one date of several; the row stays with its reason (calendars.md 10)."""

    def act(room: Room) -> None:
        db.session.refresh(date)
        if date.cancelled_at is not None:
            return
        if date.starts_at <= now:
            raise Refused(_("What has begun cannot be cancelled."))
        if [each.id for each in _standing(date.session_id)] == [date.id]:
            raise Refused(_("This is the only date that stands: cancel the session instead."))
        date.cancelled_at, date.cancel_reason = now, reason
        _moved(room, [date], ask=False)
        audit.record(by, "session.date_cancelled", KIND, room.session.id, after={"start": date.local_start.isoformat()})

    serve(date.session_id, now, act)


def cancel(session: TrainingSession, reason: str, by: Person, now: datetime) -> None:
    """Cancel a session: everybody is told, and who waited is further forward next time (rule 18)."""

    def act(room: Room) -> None:
        row = room.session
        if row.cancelled_at is not None:
            return
        if row.has_begun(now):
            raise Refused(_("What has begun cannot be cancelled."))
        row.cancelled_at, row.cancel_reason = now, reason
        _raise_sequence(row, _standing(row.id), now)
        confirmed = [each.id for each in room.in_state(EnrolmentState.CONFIRMED)]
        people = [each.person_id for each in room.live]
        for enrolment in list(room.live):
            _end(room, enrolment, by)
        search.remove(KIND, row.id)
        publish(events.SessionCancelled(row.id, tuple(confirmed)))
        messages.cancelled(row, people, by, now)
        audit.record(by, "session.cancelled", KIND, row.id, after={"reason": reason})

    serve(session.id, now, act)


def _end(room: Room, enrolment: Enrolment, by: Person) -> None:
    hoped = enrolment.state in HOPED
    if enrolment.state == EnrolmentState.REQUESTED:
        approvals.end("enrolment", enrolment.id, "session_cancelled", room.now)
    room.move(enrolment, EnrolmentState.SESSION_CANCELLED, by.id)
    if hoped and room.session.topic_id is not None:
        credit = PriorityCredit(person_id=enrolment.person_id, topic_id=room.session.topic_id, at=room.now)
        credit.session_id = room.session.id
        db.session.add(credit)


def reconfirm(enrolment: Enrolment, now: datetime) -> None:
    """Say again that one comes, after the session was moved (rule 18)."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state != EnrolmentState.CONFIRMED:
            raise Refused(_("You have no seat here any more."))
        enrolment.reconfirmed_at = enrolment.reconfirmed_at or now
        note(enrolment, "reconfirmed", now, enrolment.person_id)

    serve(enrolment.session_id, now, act)
