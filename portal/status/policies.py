"""Who may do what inside the public window (permissions.md rows 1, 2 and 20)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import has_role
from portal.status import queries


def may_publish(person: Person, now: datetime) -> Decision:
    """Communications and administrators publish incidents and maintenance and keep the components."""
    if queries.is_editor(person, now):
        return yes()
    return no(_("Only Communications and administrators publish incidents and maintenance."))


def may_read_notes(person: Person, now: datetime) -> Decision:
    """Employees read what colleagues tell each other; partners do not (SP-34)."""
    if has_role(person, Role.PARTNER, now):
        return no(_("Notes are for employees only."))
    return yes()
