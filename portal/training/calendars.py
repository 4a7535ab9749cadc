"""Sessions in people's calendars: seats are sent as invitations, and taught sessions stand in the trainer's own (rule 18).

Whoever waits is not in it (TR12). Each date of each seat is an entry of its own, so that a moved date changes that one alone
(CA13); somebody who comes back has a new enrolment and so a new UID (calendars.md 11).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core import clock
from portal.core.db import db
from portal.core.events import subscribe
from portal.core.text import in_language
from portal.feeds import actions as feeds
from portal.feeds.kinds import CANCELLED, CONFIRMED, Item, Source, Span, Window, Words, item_of, register
from portal.feeds.models import CalendarEntry
from portal.people.models import Person
from portal.training import queries
from portal.training.actions.asking import KIND
from portal.training.events import Enrolled, SeatGivenUp, SessionCancelled, SessionMoved, SessionReworded
from portal.training.models import Enrolment, EnrolmentState, SessionDate, TrainingSession

HOST = "ventanilla"


def install() -> None:
    """Offer sessions to calendars, and keep the entries as seats and dates change."""
    register(Source("training", items, KIND, words))
    subscribe(Enrolled, seat_taken)
    subscribe(SeatGivenUp, seat_given_up)
    subscribe(SessionMoved, moved)
    subscribe(SessionReworded, reworded)
    subscribe(SessionCancelled, cancelled)


# What happened. All of it inside `serve`, so the session is locked.


def seat_taken(event: Enrolled) -> None:
    """Invite to all dates that stand."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    for date in queries.dates_of(event.session_id):
        if date.cancelled_at is None:
            _keep(enrolment, date)


def seat_given_up(event: SeatGivenUp) -> None:
    """Take all dates back."""
    feeds.cancel_entries(KIND, event.enrolment_id, clock.now())


def moved(event: SessionMoved) -> None:
    """Tell everybody with a seat of the dates that changed, and of no other."""
    confirmed = select(Enrolment).where(Enrolment.session_id == event.session_id, Enrolment.state == EnrolmentState.CONFIRMED)
    dates = [date for date in queries.dates_of(event.session_id) if date.id in event.date_ids]
    for enrolment in db.session.scalars(confirmed.order_by(Enrolment.id)).all():
        for date in dates:
            if date.cancelled_at is None:
                _keep(enrolment, date)
            else:
                feeds.cancel_entries(KIND, enrolment.id, clock.now(), date.id)


def reworded(event: SessionReworded) -> None:
    """Note that words were corrected; nobody is written to (calendars.md 12)."""
    ids = db.session.scalars(select(Enrolment.id).where(Enrolment.session_id == event.session_id)).all()
    feeds.reword_entries(KIND, list(ids), clock.now())


def cancelled(event: SessionCancelled) -> None:
    """Take the dates out of the calendars of those who had a seat, and of nobody else (TR9)."""
    for enrolment_id in event.confirmed_ids:
        feeds.cancel_entries(KIND, enrolment_id, clock.now())


def _keep(enrolment: Enrolment, date: SessionDate) -> None:
    uid = f"enr-{enrolment.uid}-{date.uid}@{HOST}"
    feeds.keep_entry(KIND, enrolment.id, date.id, uid, enrolment.person, span_of(date), place_of(date), clock.now())


def span_of(date: SessionDate) -> Span:
    """Return from when to when a date goes."""
    wall = (date.local_start, date.local_end, date.tz, date.start_fold, date.end_fold)
    return Span(*wall, date.starts_at, date.ends_at)


def place_of(date: SessionDate) -> str:
    """Return where a date is: its own place, that of the session, or the address of the meeting."""
    return date.space or date.session.place or date.session.link


# What calendars show


def items(person: Person, window: Window, now: datetime) -> Sequence[Item]:
    """Return the person's seats and the sessions they teach, as far as they may see them now (calendars.md 19)."""
    own = select(CalendarEntry).where(CalendarEntry.kind == KIND, CalendarEntry.person_id == person.id)
    within = own.where(CalendarEntry.starts_at < window.end, CalendarEntry.ends_at > window.start)
    entries = db.session.scalars(within).all()
    said = words(entries, person, now)
    return [item_of(entry, said[entry.id]) for entry in entries if entry.id in said] + _taught(person, window)


def words(entries: Sequence[CalendarEntry], person: Person, now: datetime) -> Mapping[int, Words]:
    """Return what entries say of their sessions, without those whose session the person may not see."""
    found = (
        select(Enrolment)
        .where(Enrolment.id.in_([entry.subject_id for entry in entries]), Enrolment.person_id == person.id)
        .where(Enrolment.session_id.in_(queries.visible_to(person, now).with_only_columns(TrainingSession.id)))
        .options(joinedload(Enrolment.session))
    )
    sessions = {enrolment.id: enrolment.session for enrolment in db.session.scalars(found)} if entries else {}
    return {entry.id: _words(sessions[entry.subject_id]) for entry in entries if entry.subject_id in sessions}


def _words(session: TrainingSession) -> Words:
    more = (in_language(session.description) if session.description else "", session.place_note, session.link)
    return Words(in_language(session.title), "\n\n".join(each for each in more if each), f"/training/{session.public_id}")


def _taught(person: Person, window: Window) -> list[Item]:
    found = (
        select(SessionDate)
        .join(TrainingSession, and_(SessionDate.session_id == TrainingSession.id, TrainingSession.trainer_id == person.id))
        .where(SessionDate.starts_at < window.end, SessionDate.ends_at > window.start)
        .options(contains_eager(SessionDate.session))
    )
    return [_item_of_trainer(date) for date in db.session.scalars(found)]


def _item_of_trainer(date: SessionDate) -> Item:
    said = _words(date.session)
    gone = date.cancelled_at or date.session.cancelled_at
    return Item(
        uid=f"ses-{date.uid}@{HOST}",
        sequence=date.sequence,
        span=span_of(date),
        title=said.title,
        stamp=date.updated_at,
        modified=max(date.updated_at, date.session.updated_at),
        place=place_of(date),
        description=said.description,
        path=said.path,
        status=CANCELLED if gone else CONFIRMED,
    )
