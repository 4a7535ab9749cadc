"""Who may do what with an account."""

from datetime import datetime

from flask_babel import gettext as _

from portal.accounts import factors
from portal.core.policy import Decision, no, yes
from portal.people.models import Person


def may_remove_factor(person: Person, now: datetime) -> Decision:
    """SE-15: not while a role of the person demands it."""
    if factors.is_required(person, now):
        return no(_("Your role needs a second factor. You can set up another app, but not do without."))
    return yes()


def may_secure(administrator: Person, person: Person) -> Decision:
    """Administrators end sessions and factors of others; their own stand on their account page."""
    if administrator.id == person.id:
        return no(_("For your own account, use the page of your password and devices."))
    return yes()
