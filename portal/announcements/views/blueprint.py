"""The blueprint that all pages of announcements share, and how they find what they are about."""

from flask import Blueprint

from portal.announcements import policies, queries
from portal.announcements.models import Announcement
from portal.core import clock
from portal.core.policy import authorize, get_or_404
from portal.people.queries import me

bp = Blueprint("announcements", __name__)


def known(public_id: str) -> Announcement:
    """Return what the person may open."""
    return get_or_404(queries.known_to(me(), clock.now()), Announcement.public_id == public_id)


def managed(public_id: str) -> Announcement:
    """Return what the person publishes, corrects or withdraws."""
    found = known(public_id)
    authorize(policies.may_publish(me(), clock.now()))
    return found
