"""Finding sessions and their dates; who may know of one is decided here for every path (C6)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import above, has_role
from portal.training.models import Enrolment, SessionAudience, SessionDate, Topic, TrainingSession

KIND = "training_session"
MOST = 500
FEW = 4
READERS = (Role.TRAINER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(person: Person, now: datetime) -> Select[TrainingSession]:
    """Select the sessions that the person may know of: those for them, those they teach or are enrolled in (PE rows 23, 24)."""
    if any(has_role(person, role, now) for role in READERS):
        return select(TrainingSession)
    enrolled = exists().where(Enrolment.session_id == TrainingSession.id, Enrolment.person_id == person.id)
    own = or_(TrainingSession.trainer_id == person.id, enrolled)
    return select(TrainingSession).where(or_(own, is_for(person, now)))


def is_for(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a session is for the person; for partners only what names them counts (permissions.md 2)."""
    named = SessionAudience.session_id == TrainingSession.id
    if has_role(person, Role.PARTNER, now):
        return exists().where(named, SessionAudience.kind == "partners")
    groups = or_(
        and_(SessionAudience.kind == "department", SessionAudience.department_id.in_(above([person.department_id]))),
        and_(SessionAudience.kind == "site", SessionAudience.site == person.site, SessionAudience.site != ""),
    )
    return or_(TrainingSession.for_everybody, exists().where(named, groups))


def is_meant_for(session: TrainingSession, person: Person, now: datetime) -> bool:
    """Return whether a session is for the person; one for everybody is so for all but partners."""
    if session.for_everybody and not has_role(person, Role.PARTNER, now):
        return True
    found = select(TrainingSession.id).where(TrainingSession.id == session.id, is_for(person, now))
    return db.session.scalar(found) is not None


def listed(person: Person, now: datetime) -> Select[TrainingSession]:
    """Select the sessions to come that the person may know of."""
    coming = (TrainingSession.first_starts_at > now, TrainingSession.cancelled_at.is_(None))
    return visible_to(person, now).where(*coming)


def get_session(public_id: str, person: Person, now: datetime) -> Select[TrainingSession]:
    """Select one session with what its page shows."""
    whole = (joinedload(TrainingSession.topic), joinedload(TrainingSession.trainer))
    return visible_to(person, now).where(TrainingSession.public_id == public_id).options(*whole)


def dates_of(session_id: int) -> Sequence[SessionDate]:
    """Return the dates of a session in order, cancelled ones among them."""
    return dates_of_all([session_id])[session_id]


def dates_of_all(session_ids: Collection[int]) -> dict[int, list[SessionDate]]:
    """Return the dates of several sessions in one statement."""
    found = select(SessionDate).where(SessionDate.session_id.in_(session_ids)).order_by(SessionDate.starts_at, SessionDate.id)
    by_session: dict[int, list[SessionDate]] = defaultdict(list)
    for each in db.session.scalars(found):
        by_session[each.session_id].append(each)
    return by_session


def next_sessions(person: Person, now: datetime) -> dict[int, TrainingSession]:
    """Return the next session of each topic that the person may know of."""
    found = listed(person, now).where(TrainingSession.topic_id.is_not(None)).order_by(TrainingSession.first_starts_at.desc())
    return {session.topic_id: session for session in db.session.scalars(found.limit(MOST)) if session.topic_id is not None}


def topics() -> Sequence[Topic]:
    """Return the topics that are taught."""
    return db.session.scalars(select(Topic).where(Topic.retired.is_(False)).order_by(Topic.id)).all()


def other_dates(session: TrainingSession, person: Person, now: datetime) -> Sequence[TrainingSession]:
    """Return the next sessions of the same topic that the person may know of."""
    if session.topic_id is None:
        return []
    others = listed(person, now).where(TrainingSession.topic_id == session.topic_id, TrainingSession.id != session.id)
    return db.session.scalars(others.order_by(TrainingSession.first_starts_at).limit(FEW)).all()
