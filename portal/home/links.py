"""Quick links by role: at most six short ways to what the navigation does not hold (knowledge-and-home.md 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.policies import may_open_editor
from portal.people.models import Person, Role
from portal.people.queries import has_role

MOST = 6


@dataclass(frozen=True)
class Link:
    """A place to go and what one does there."""

    endpoint: str
    label: Any
    icon: str


def asks(person: Person, now: datetime) -> bool:
    """Return whether the person asks for things and works here; an auditor's account only reads (permissions.md 2)."""
    return not has_role(person, Role.AUDITOR, now)


def for_person(person: Person, now: datetime) -> Sequence[Link]:
    """Return the links that the person's roles give, the rarest first."""
    agent, employee = has_role(person, Role.AGENT, now), asks(person, now)
    offered = (
        (bool(may_open_editor(person, now)), Link("catalogue_editor.index", _("Edit what your department offers"), "pencil")),
        (agent, Link("requests.forgotten_list", _("See what may be forgotten"), "history")),
        (has_role(person, Role.ADMINISTRATOR, now), Link("machines.timed_work", _("See how timed work runs"), "clock")),
        (employee, Link("request_form.index", _("Go on with a draft"), "file-text")),
        (True, Link("people.departments", _("Find out who does what"), "sitemap")),
        (employee, Link("people.absences", _("Say when you are away"), "calendar")),
        (True, Link("people.profile", _("Keep your entry up to date"), "user")),
    )
    return [link for shown, link in offered if shown][:MOST]
