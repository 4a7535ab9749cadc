"""Words about people that templates use."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _

from portal.core.text import date_in_full, day_words
from portal.people.models import Role

ROLES = {
    Role.HEAD: _("Head of the department"),
    Role.AGENT: _("Agent of the window"),
    Role.CATALOGUE_EDITOR: _("Catalogue editor"),
    Role.TRAINER: _("Trainer"),
    Role.IMPROVER: _("Member of an improvement team"),
    Role.COMMUNICATIONS: _("Communications editor"),
    Role.PARTNER: _("Partner of another company"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.AUDITOR: _("Auditor"),
    Role.EMPLOYEE: _("Employee"),
}

# The people of a role together: those that an audience, a stage, a confidential question or a mandatory topic may name.
ROLE_NAMES = {
    Role.AGENT: _("Agents"),
    Role.HEAD: _("Heads of department"),
    Role.CATALOGUE_EDITOR: _("Catalogue editors"),
    Role.TRAINER: _("Trainers"),
    Role.IMPROVER: _("Improvement teams"),
    Role.COMMUNICATIONS: _("Communications"),
    Role.ADMINISTRATOR: _("Administrators"),
}


def role_words(role: str) -> str:
    """Return what a role is called."""
    return str(ROLES[Role(role)])


def last_day(until_at: datetime) -> str:
    """Return the last day of something that ends at midnight: [from, until) to 14 March means until 13 March."""
    return day_words(until_at - timedelta(seconds=1))


def last_full_day(until_at: datetime) -> str:
    """Return the same in full."""
    return date_in_full(until_at - timedelta(seconds=1))
