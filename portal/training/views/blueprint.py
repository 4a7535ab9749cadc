"""What all views of training share: finding a session, and one's own enrolment in it."""

from flask import Blueprint

from portal.core import clock
from portal.core.errors import Refused
from portal.core.policy import authorize, get_or_404
from portal.people.queries import me
from portal.training import policies, queries
from portal.training.models import LIVE, Enrolment, TrainingSession

bp = Blueprint("training", __name__)


def find(public_id: str) -> TrainingSession:
    """Return the session if the signed-in person may know of it, else answer 404 (PE-25)."""
    return get_or_404(queries.get_session(public_id, me(), clock.now()))


def managed(public_id: str) -> TrainingSession:
    """Return a session that the signed-in person teaches."""
    session = find(public_id)
    authorize(policies.may_manage(me(), session, clock.now()))
    return session


def own(session: TrainingSession, nothing: str) -> Enrolment:
    """Return the person's own live enrolment, or refuse with the sentence `nothing`."""
    place = queries.place_of(me(), session.id, clock.now())
    if place is None or place.enrolment.state not in LIVE:
        raise Refused(nothing)
    return place.enrolment
