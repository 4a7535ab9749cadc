"""Which confirmed seats of a person are at the same time as a session (rule 16)."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.training.models import Enrolment, EnrolmentState, SessionDate


def overlapping(person_id: int, session_id: int) -> list[Enrolment]:
    """Return the person's confirmed enrolments in other sessions whose dates overlap those of the session."""
    here, there = aliased(SessionDate), aliased(SessionDate)
    at_the_same_time = and_(here.starts_at < there.ends_at, there.starts_at < here.ends_at)
    stand = (here.cancelled_at.is_(None), there.cancelled_at.is_(None))
    found = (
        select(Enrolment)
        .join(there, there.session_id == Enrolment.session_id)
        .join(here, and_(here.session_id == session_id, at_the_same_time))
        .where(Enrolment.person_id == person_id, Enrolment.state == EnrolmentState.CONFIRMED, *stand)
        .where(Enrolment.session_id != session_id)
        .order_by(Enrolment.id)
        .options(joinedload(Enrolment.session))
    )
    return list(db.session.scalars(found).unique())
