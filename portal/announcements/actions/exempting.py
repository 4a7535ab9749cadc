"""Exempting somebody, such as a person on long leave: nobody asks any more, and the numbers say so (rule 3)."""

from datetime import datetime

from portal.announcements import queries
from portal.announcements.actions.recipients import EXEMPT, recipient
from portal.announcements.models import Announcement
from portal.audit import actions as audit
from portal.people.models import Person


def exempt(announcement: Announcement, person: Person, by: Person, now: datetime) -> None:
    """Close the row of somebody who need not confirm."""
    row = recipient(announcement, person, now)
    if row.close_reason is None:
        row.closed_at, row.close_reason = now, EXEMPT
        audit.record(by, "announcement.exempted", queries.KIND, announcement.id, after={"person": person.public_id})
