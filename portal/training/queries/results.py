"""Who was there, with which result, and what they said of it (rules 19 to 21)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Person
from portal.training import competence
from portal.training.models import (
    Attendance,
    Certificate,
    CheckInCode,
    Enrolment,
    EnrolmentState,
    Feedback,
    SessionDate,
    TrainingRecord,
    TrainingSession,
)

FEWEST_ANSWERS = 5
USUAL_SHARE = 80
WAS_THERE = ("present", "partial")


@dataclass(frozen=True)
class Answers:
    """What people said of a session; below five answers only how many (rule 21)."""

    number: int
    average: float | None = None
    texts: Sequence[str] = ()


def marks_of(enrolment_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return {enrolment: {date: mark}}; of several rows the latest counts."""
    latest = select(func.max(Attendance.id)).where(Attendance.enrolment_id.in_(enrolment_ids))
    latest = latest.group_by(Attendance.enrolment_id, Attendance.date_id)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    columns = select(Attendance.enrolment_id, Attendance.date_id, Attendance.mark)
    for enrolment_id, date_id, mark in db.session.execute(columns.where(Attendance.id.in_(latest))):
        found[enrolment_id][date_id] = mark
    return found


def results_of(session: TrainingSession, enrolment_ids: Collection[int], dates: Sequence[SessionDate]) -> dict[int, str]:
    """Return the result of each enrolment; events have none (rules 19, 34)."""
    if session.is_event:
        return {}
    standing = [date for date in dates if date.cancelled_at is None]
    marks = marks_of(enrolment_ids)
    minimum = session.topic.minimum_share if session.topic else USUAL_SHARE
    return {
        each: competence.result([(marks[each].get(date.id, "absent"), date.minutes) for date in standing], minimum)
        for each in enrolment_ids
        if marks[each]
    }


def result_of(session: TrainingSession, enrolment: Enrolment, dates: Sequence[SessionDate]) -> str | None:
    """Return the result of one enrolment, None while nobody has marked it."""
    return results_of(session, [enrolment.id], dates).get(enrolment.id)


def feedback_of(session_id: int) -> Answers:
    """Return what people said of a session, as far as it may be shown."""
    found = select(Feedback.rating, Feedback.text).join(Feedback.enrolment).where(Enrolment.session_id == session_id)
    rows = db.session.execute(found.order_by(Feedback.id)).all()
    if len(rows) < FEWEST_ANSWERS:
        return Answers(len(rows))
    texts = sorted(text for _rating, text in rows if text)  # so that their order tells nobody's name
    return Answers(len(rows), sum(rating for rating, _text in rows) / len(rows), texts)


def feedback_on_topic(topic_id: int | None) -> Answers:
    """Return the average of all sessions of a topic, from five answers up (rule 21)."""
    counted = select(func.count(), func.avg(Feedback.rating)).join(Feedback.enrolment).join(Enrolment.session)
    number, average = db.session.execute(counted.where(TrainingSession.topic_id == topic_id)).one()
    return Answers(number, float(average)) if number >= FEWEST_ANSWERS else Answers(number)


def has_answered(enrolment_id: int) -> bool:
    """Return whether somebody has said already what they think of a session."""
    return db.session.scalar(select(Feedback.id).where(Feedback.enrolment_id == enrolment_id)) is not None


def certificates_in(session_id: int) -> dict[int, Certificate]:
    """Return the certificates of a session, by enrolment."""
    found = select(Certificate).join(Certificate.enrolment).where(Enrolment.session_id == session_id)
    return {each.enrolment_id: each for each in db.session.scalars(found)}


def certificate_of(enrolment_id: int) -> Certificate | None:
    """Return the certificate of an enrolment."""
    return db.session.scalar(select(Certificate).where(Certificate.enrolment_id == enrolment_id))


def certificates_of(person: Person) -> Sequence[Certificate]:
    """Return the certificates of a person, the newest first."""
    found = select(Certificate).where(Certificate.person_id == person.id)
    return db.session.scalars(found.order_by(Certificate.completed_on.desc(), Certificate.id.desc())).all()


def certificate(code: str) -> Certificate | None:
    """Return the certificate with a code."""
    found = select(Certificate).where(Certificate.code == code)
    return db.session.scalar(found.options(joinedload(Certificate.replaced_by)))


def check_in_code(date_id: int) -> CheckInCode | None:
    """Return the code of a date, if its check-in was opened."""
    return db.session.scalar(select(CheckInCode).where(CheckInCode.date_id == date_id))


def check_in(code: str) -> CheckInCode | None:
    """Return what a typed code stands for."""
    found = select(CheckInCode).where(CheckInCode.code == code.strip().upper())
    return db.session.scalar(found.options(joinedload(CheckInCode.date).joinedload(SessionDate.session)))


def confirmed_of(person: Person, session_id: int) -> Enrolment | None:
    """Return the person's seat in a session."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.person_id == person.id, Enrolment.session_id == session_id, Enrolment.state == EnrolmentState.CONFIRMED
        )
    )


def without_record(since: datetime, now: datetime) -> Sequence[int]:
    """Return the trainings that ended meanwhile where somebody was marked present and has no record of it yet."""
    there = exists().where(Attendance.enrolment_id == Enrolment.id, Attendance.mark == "present")
    record = exists().where(
        TrainingRecord.person_id == Enrolment.person_id,
        TrainingRecord.topic_id == TrainingSession.topic_id,
        TrainingRecord.enrolment_id == Enrolment.id,
    )
    ended = (TrainingSession.last_ends_at > since, TrainingSession.last_ends_at <= now, TrainingSession.cancelled_at.is_(None))
    found = select(Enrolment.session_id).join(Enrolment.session).where(TrainingSession.kind == "training", *ended)
    found = found.where(Enrolment.state == EnrolmentState.CONFIRMED, there, ~record)
    return db.session.scalars(found.distinct().order_by(Enrolment.session_id)).all()


def same_dates_elsewhere(session: TrainingSession, position: int, now: datetime) -> list[SessionDate]:
    """Return the same date of other sessions of the topic, where a missed one is made up (rule 20)."""
    others = select(TrainingSession.id).where(
        TrainingSession.topic_id == session.topic_id, TrainingSession.id != session.id, TrainingSession.cancelled_at.is_(None)
    )
    found = select(SessionDate).where(SessionDate.session_id.in_(others), SessionDate.cancelled_at.is_(None))
    by_session: dict[int, list[SessionDate]] = defaultdict(list)
    for date in db.session.scalars(found.order_by(SessionDate.starts_at)):
        by_session[date.session_id].append(date)
    return [dates[position] for dates in by_session.values() if len(dates) > position and dates[position].starts_at <= now]
