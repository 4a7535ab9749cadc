"""Who was there: by the trainer's list, by a code, or made up elsewhere; and what they say of it (rules 19 to 21)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.models import Person
from portal.training.actions import recording
from portal.training.messages import KIND
from portal.training.models import (
    MARKS,
    Attendance,
    CheckInCode,
    Enrolment,
    EnrolmentState,
    Feedback,
    SessionDate,
    TrainingSession,
)
from portal.training.queries.results import WAS_THERE, has_answered, marks_of, result_of, same_dates_elsewhere
from portal.training.queries.sessions import dates_of

EARLY = timedelta(minutes=30)
LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 6
BEST = 5

Marks = Mapping[tuple[int, int], str]


def record(session: TrainingSession, marks: Marks, by: Person, now: datetime) -> int:
    """Take the trainer's list, {(enrolment, date): mark}; only what is new is written. Return how much that was."""
    lock(TrainingSession, session.id)
    dates = {date.id: date for date in dates_of(session.id)}
    seats = {each.id: each for each in _seats(session.id)}
    before, written = marks_of(list(seats)), 0
    for (enrolment_id, date_id), mark in marks.items():
        date = dates.get(date_id)
        if mark not in MARKS or date is None or enrolment_id not in seats or before[enrolment_id].get(date_id) == mark:
            continue
        _refuse_unless_begun(date, now)
        _add(enrolment_id, date_id, mark, "list", by, now)
        written += 1
    db.session.flush()
    if written:
        audit.record(by, "session.attendance", KIND, session.id, after={"rows": written})
    if session.has_ended(now):
        _follow(session, list(seats.values()), by, now)
    return written


def catch_up(session_id: int, now: datetime) -> None:
    """Let the records of a session follow that was marked before its end, as its trainer's (rule 24); again is nothing new."""
    session = lock(TrainingSession, session_id)
    _follow(session, _seats(session_id), session.trainer, now)


def _follow(session: TrainingSession, seats: Sequence[Enrolment], by: Person, now: datetime) -> None:
    for enrolment in seats:
        recording.follow(session, enrolment, by, now)


def _seats(session_id: int) -> list[Enrolment]:
    found = select(Enrolment).where(Enrolment.session_id == session_id, Enrolment.state == EnrolmentState.CONFIRMED)
    return list(db.session.scalars(found.order_by(Enrolment.id)))


def _refuse_unless_begun(date: SessionDate, now: datetime) -> None:
    if date.cancelled_at is not None:
        raise Refused(_("This date was cancelled."))
    if now < date.starts_at - EARLY:
        raise Refused(_("This date has not begun."))


def _add(enrolment_id: int, date_id: int, mark: str, how: str, by: Person, now: datetime, elsewhere: int | None = None) -> None:
    row = Attendance(enrolment_id=enrolment_id, date_id=date_id, mark=mark, how=how, by_id=by.id, at=now)
    row.made_up_date_id = elsewhere
    db.session.add(row)


def open_check_in(date: SessionDate, by: Person, now: datetime) -> CheckInCode:
    """Give a date its code; asked again, it is the same one."""
    lock(TrainingSession, date.session_id)
    there = db.session.scalar(select(CheckInCode).where(CheckInCode.date_id == date.id))
    if there is not None:
        return there
    made = CheckInCode(date_id=date.id, code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)), at=now)
    db.session.add(made)
    db.session.flush()
    return made


def check_in(date: SessionDate, enrolment: Enrolment | None, person: Person, now: datetime) -> None:
    """Say by the code that one is there, from half an hour before to the end; only for who has a seat."""
    lock(TrainingSession, date.session_id)
    if enrolment is None or not _has_seat(enrolment):
        raise Refused(_("You have no seat in this session. Ask the trainer."))
    if not date.starts_at - EARLY <= now <= date.ends_at or date.cancelled_at is not None:
        raise Refused(_("The code counts from half an hour before the start to the end."))
    if marks_of([enrolment.id])[enrolment.id].get(date.id) is None:
        _add(enrolment.id, date.id, "present", "code", person, now)
        db.session.flush()


def _has_seat(enrolment: Enrolment) -> bool:
    """Return whether somebody has a seat now that the session is locked; it may have been given up meanwhile (C3)."""
    db.session.refresh(enrolment)
    return enrolment.state == EnrolmentState.CONFIRMED


def make_up(enrolment: Enrolment, date: SessionDate, other: SessionDate, by: Person, now: datetime) -> None:
    """Let a missed date count because the person was at the same date of another session of the topic (rule 20)."""
    session = lock(TrainingSession, enrolment.session_id)
    if not _has_seat(enrolment):
        raise Refused(_("Only somebody with a seat makes a date up."))
    if now < date.ends_at:
        raise Refused(_("This date is not over yet."))
    standing = [each.id for each in dates_of(session.id) if each.cancelled_at is None]
    allowed = [each.id for each in same_dates_elsewhere(session, standing.index(date.id), now)] if date.id in standing else []
    if other.id not in allowed:
        raise Refused(_("A date is made up at the same date of another session of the topic."))
    _add(enrolment.id, date.id, "present", "made_up", by, now, other.id)
    db.session.flush()
    recording.follow(session, enrolment, by, now)


def give_feedback(enrolment: Enrolment, rating: int, text: str, now: datetime) -> None:
    """Say once what one thinks of a session; only who was there (rule 21)."""
    session = lock(TrainingSession, enrolment.session_id)
    if not _has_seat(enrolment):
        raise Refused(_("Only people who were there say how it was."))
    if not session.has_ended(now):
        raise Refused(_("The session is not over yet."))
    if result_of(session, enrolment, dates_of(session.id)) not in WAS_THERE:
        raise Refused(_("Only people who were there say how it was. The trainer's list does not have you as present."))
    if has_answered(enrolment.id):
        raise Refused(_("You have already said how it was."))
    if not 1 <= rating <= BEST:
        raise Refused(_("Choose from 1 to 5."))
    db.session.add(Feedback(enrolment_id=enrolment.id, rating=rating, text=text, at=now))
    db.session.flush()
