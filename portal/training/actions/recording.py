"""What is completed: records follow from attendance or are entered with evidence; none is rewritten (rules 24, 25, 28)."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person
from portal.training import competence
from portal.training.models import Enrolment, RecordValidity, Requirement, Topic, TrainingRecord, TrainingSession
from portal.training.queries.mandatory import held_before, rule_for, validity_of
from portal.training.queries.results import result_of
from portal.training.queries.sessions import dates_of


def follow(session: TrainingSession, enrolment: Enrolment, by: Person, now: datetime) -> TrainingRecord | None:
    """Let the record of a finished session follow from the result; a corrected result makes the record count or not."""
    if session.topic_id is None or session.is_event or not session.has_ended(now):
        return None
    there = db.session.scalar(select(TrainingRecord).where(TrainingRecord.enrolment_id == enrolment.id))
    completed = result_of(session, enrolment, dates_of(session.id)) == "present"
    if there is not None:
        _correct(there, completed, by, now)
        return there
    return _new(session, enrolment, by, now) if completed else None


def _correct(record: TrainingRecord, counts: bool, by: Person, now: datetime) -> None:
    standing = validity_of(record)
    if standing.counts != counts:
        add_validity(record, counts, record.valid_until, "attendance_corrected", by, now)


def _new(session: TrainingSession, enrolment: Enrolment, by: Person, now: datetime) -> TrainingRecord | None:
    topic = session.topic
    assert topic is not None  # noqa: S101 - asked before
    day = completed_on(session)
    known = select(TrainingRecord.id).where(
        TrainingRecord.person_id == enrolment.person_id,
        TrainingRecord.topic_id == topic.id,
        TrainingRecord.completed_on == day,
    )
    if db.session.scalar(known) is not None:
        return None
    return _add(enrolment.person, topic, day, by, now, enrolment_id=enrolment.id)


def completed_on(session: TrainingSession) -> date:
    """Return the day of the last date that stands, on its own wall clock (rule 26)."""
    last = [each for each in dates_of(session.id) if each.cancelled_at is None][-1]
    return last.ends_at.astimezone(ZoneInfo(last.tz)).date()


def _add(person: Person, topic: Topic, day: date, by: Person, now: datetime, **more: object) -> TrainingRecord:
    rule = rule_for(person, topic.id, now)
    months = rule.validity_months if rule and rule.validity_months else topic.validity_months
    window = rule.window_days if rule else 0
    until = competence.valid_until(day, months, window, held_before(person.id, topic.id, day))
    record = TrainingRecord(person_id=person.id, topic_id=topic.id, completed_on=day, valid_until=until, by_id=by.id, at=now)
    for key, value in more.items():
        setattr(record, key, value)
    db.session.add(record)
    db.session.flush()
    return record


def enter(person: Person, topic: Topic, day: date, evidence: str, by: Person, now: datetime) -> TrainingRecord:
    """Enter what somebody completed elsewhere, with its evidence."""
    known = (TrainingRecord.person_id == person.id, TrainingRecord.topic_id == topic.id, TrainingRecord.completed_on == day)
    if db.session.scalar(select(TrainingRecord.id).where(*known)) is not None:
        raise Refused(_("There is a record of this day already."))
    record = _add(person, topic, day, by, now, evidence=evidence)
    audit.record(by, "training.recorded", "topic", topic.id, after={"person": person.id, "on": day.isoformat()})
    return record


def add_validity(record: TrainingRecord, counts: bool, until: date | None, reason: str, by: Person, now: datetime) -> None:
    """Say what a record is worth from now on; the record itself stays (rule 24)."""
    row = RecordValidity(record_id=record.id, counts=counts, valid_until=until, reason=reason, at=now, by_id=by.id)
    db.session.add(row)
    db.session.flush()


def reapply(requirement: Requirement, records: Sequence[tuple[TrainingRecord, date | None]], by: Person, now: datetime) -> int:
    """Apply changed months to the existing records that were previewed; rows are added, none rewritten (rule 28)."""
    for record, until in records:
        add_validity(record, True, until, "months_changed", by, now)
    audit.record(by, "requirement.reapplied", "topic", requirement.topic_id, after={"records": len(records)})
    return len(records)
