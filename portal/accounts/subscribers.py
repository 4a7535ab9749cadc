"""What accounts do when something happens to a person."""

from portal.accounts import actions, factors, sessions
from portal.core import clock
from portal.core.db import db
from portal.people.events import PersonDeactivated, RoleGranted
from portal.people.models import Person


def end_access(event: PersonDeactivated) -> None:
    """End sessions and tokens in the transaction of the deactivation (PE-12)."""
    actions.forget(event.person_id, clock.now())


def demand_factor(event: RoleGranted) -> None:
    """Let a person whose new role needs a second factor sign in anew, and set it up there (SE-15)."""
    if factors.is_enforced() and event.role in factors.REQUIRED_OF and not factors.has_factor(event.person_id):
        sessions.end_all(db.session.get_one(Person, event.person_id))
