"""Certificates: everything printed is kept as it was when issued; one per enrolment (rules 20, 22, 23)."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.models import Person
from portal.training import codes, messages
from portal.training.actions import recording
from portal.training.actions.recording import completed_on
from portal.training.models import Certificate, Enrolment, EnrolmentState, TrainingRecord, TrainingSession
from portal.training.queries.mandatory import validity_of
from portal.training.queries.results import certificates_in, results_of
from portal.training.queries.sessions import dates_of


def issue(session: TrainingSession, by: Person, now: datetime) -> list[Certificate]:
    """Give a certificate to everybody with the result present who has none yet; again is nothing new (TR14)."""
    session = lock(TrainingSession, session.id)
    if session.is_event:
        raise Refused(_("An event has no certificates."))
    if not session.has_ended(now):
        raise Refused(_("The session is not over yet."))
    there, made = certificates_in(session.id), []
    seats = select(Enrolment).where(Enrolment.session_id == session.id, Enrolment.state == EnrolmentState.CONFIRMED)
    enrolments = db.session.scalars(seats.order_by(Enrolment.id)).all()
    results = results_of(session, [each.id for each in enrolments], dates_of(session.id))
    for enrolment in enrolments:
        if results.get(enrolment.id) == "present" and enrolment.id not in there:
            made.append(_issue(session, enrolment, by, now))
    return made


def _issue(session: TrainingSession, enrolment: Enrolment, by: Person, now: datetime) -> Certificate:
    recording.follow(session, enrolment, by, now)
    person, day = enrolment.person, completed_on(session)
    kept = db.session.scalar(select(TrainingRecord).where(TrainingRecord.enrolment_id == enrolment.id))
    certificate = Certificate(
        enrolment_id=enrolment.id,
        code=codes.new_code(),
        person_id=person.id,
        topic_id=session.topic_id,
        person_name=person.name,
        title=dict(session.title),
        minutes=sum(date.minutes for date in dates_of(session.id) if date.cancelled_at is None),
        completed_on=day,
        place=session.place or session.site,
        taught_by=session.taught_by or session.trainer.name,
        signed_by=by.name,
        signed_for=dict(by.job_title or by.department.name),
        company=current_app.config["PORTAL_NAME"],
        valid_until=validity_of(kept).valid_until if kept else None,
        issued_at=now,
        issued_by_id=by.id,
    )
    db.session.add(certificate)
    db.session.flush()
    _replace_older(certificate)
    messages.certified(enrolment, now)
    audit.record(by, "certificate.issued", messages.KIND, session.id, after={"person": person.id})
    return certificate


def _replace_older(certificate: Certificate) -> None:
    """Let older certificates of the same person and topic say by which they are replaced (rule 23)."""
    older = select(Certificate).where(
        Certificate.person_id == certificate.person_id,
        Certificate.topic_id == certificate.topic_id,
        Certificate.id != certificate.id,
        Certificate.replaced_by_id.is_(None),
        Certificate.completed_on <= certificate.completed_on,
    )
    for each in db.session.scalars(older):
        each.replaced_by_id = certificate.id


def revoke(certificate: Certificate, reason: str, by: Person, now: datetime) -> None:
    """Take a certificate back; outsiders read when, and not why (rule 23)."""
    locked = lock(Certificate, certificate.id)
    if locked.revoked_at is not None:
        return
    locked.revoked_at, locked.revoked_by_id, locked.revoke_reason = now, by.id, reason
    audit.record(by, "certificate.revoked", messages.KIND, locked.enrolment.session_id, after={"reason": reason})
