"""What training does when something happens in packages below."""

from sqlalchemy import select

from portal.approvals.events import ApprovalGranted, ApprovalRejected
from portal.core import clock
from portal.core.db import db
from portal.core.events import subscribe
from portal.people.events import PersonDeactivated
from portal.people.models import Person
from portal.training.actions import asking, demanding, enrolling
from portal.training.events import Enrolled
from portal.training.models import LIVE, Enrolment, TrainingSession


def install() -> None:
    """Listen to approvals and people."""
    subscribe(ApprovalGranted, granted)
    subscribe(ApprovalRejected, rejected)
    subscribe(PersonDeactivated, left)
    subscribe(Enrolled, close_demand)


def close_demand(event: Enrolled) -> None:
    """Close the wish for a topic of somebody who has a seat now (rule 33)."""
    topic_id = db.session.get_one(TrainingSession, event.session_id).topic_id
    if topic_id is not None:
        demanding.close(topic_id, event.person_id, event.enrolment_id, clock.now())


def granted(event: ApprovalGranted) -> None:
    """Put an approved enrolment into the queue."""
    if event.kind == asking.KIND:
        asking.grant(db.session.get_one(Enrolment, event.subject_id), event.by_id, clock.now())


def rejected(event: ApprovalRejected) -> None:
    """End an enrolment that was not approved."""
    if event.kind == asking.KIND:
        enrolment = db.session.get_one(Enrolment, event.subject_id)
        asking.refuse(enrolment, event.reason, db.session.get_one(Person, event.by_id), clock.now())


def left(event: PersonDeactivated) -> None:
    """Free the coming seats of somebody who has left, session by session in one order (TR8, C3)."""
    now = clock.now()
    found = select(Enrolment).join(Enrolment.session).where(Enrolment.person_id == event.person_id, Enrolment.state.in_(LIVE))
    coming = found.where(TrainingSession.first_starts_at > now).order_by(Enrolment.session_id)
    by = db.session.get(Person, event.by_id) if event.by_id else None
    for enrolment in db.session.scalars(coming).all():
        enrolling.remove(enrolment, "", by, now)
