"""What approvals tell the home page: what waits for the person's decision."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from portal.approvals import queries
from portal.approvals.queries import InboxRow
from portal.core.blocks import Errand, Pile, Waiting
from portal.people.models import Person

MOST = 8


def load(person: Person, now: datetime) -> Pile:
    """Return the oldest decisions that wait, and how many there are: the number of the list and of the navigation."""
    rows, count = queries.oldest(person, now, MOST)
    return Pile([_waiting(row) for row in rows], count, url_for("approvals.index"))


def _waiting(row: InboxRow) -> Waiting:
    page = url_for("approvals.show", public_id=row.approval.public_id, seat=row.seat.public_id)
    name = row.approval.requester.name
    consequence = _("%(name)s cannot go on until you decide.", name=name)
    if row.absent:
        consequence = _("You stand in for %(absent)s. %(name)s cannot go on until you decide.", absent=row.absent, name=name)
    title, by = _("Decide on “%(title)s”", title=row.title), row.promised.due if row.promised else None
    return Waiting(title, page, consequence, _("See and decide"), by=by, since=row.seat.from_at)


ERRAND = Errand("approvals", lazy_gettext("To approve"), load)
