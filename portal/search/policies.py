"""Who may look after the search."""

from datetime import datetime

from flask_babel import lazy_gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import has_role


def may_read_misses(person: Person, now: datetime) -> Decision:
    """Administrators, so that somebody adds the words that people use (rule 21)."""
    return yes() if has_role(person, Role.ADMINISTRATOR, now) else no(_("This page is for administrators."))
