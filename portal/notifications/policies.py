"""Who may look after outgoing mail and timed work."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import has_role


def may_look_after_machines(person: Person, now: datetime) -> Decision:
    """Administrators alone see and repeat mails and jobs (permissions.md 35)."""
    if has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("Only administrators look after mail and timed work."))
