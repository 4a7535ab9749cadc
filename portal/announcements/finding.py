"""How announcements are found by typing; a confidential one is not in the index, whose words others could guess (rule 2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.announcements import queries
from portal.announcements.models import Access, Announcement
from portal.core.db import db
from portal.people.models import Person
from portal.search.kinds import Document, Source


def document(announcement: Announcement) -> Document:
    """Return what the index holds of an announcement."""
    return Document(
        subject_id=announcement.id,
        title=announcement.said.title,
        texts=[announcement.said.body],
        note=announcement.department.name,
        place={"public_id": announcement.public_id},
    )


def listed() -> Select[Announcement]:
    """Select what belongs in the index: the archive too, and what is scheduled, which `visible_to` hides until then."""
    found = select(Announcement).where(Announcement.withdrawn_at.is_(None), Announcement.access == Access.OPEN)
    return found.options(joinedload(Announcement.said), joinedload(Announcement.department))


def rows(person: Person, ids: Sequence[int], now: datetime) -> Mapping[int, Any]:
    """Return when the hits were published, and whether they are over (rule 14)."""
    table = Announcement.__table__.c
    found = select(table.id, table.publish_at, queries.has_expired(now).label("expired"))
    return {row.id: row for row in db.session.execute(found.where(table.id.in_(ids)))}


SOURCE = Source(
    kind=queries.KIND,
    label=_("Announcements"),
    position=60,
    model=Announcement,
    visible_to=queries.visible_to,
    listed=listed,
    document=document,
    endpoint="announcements.show",
    icon="speakerphone",
    newest_first=True,
    template="announcements/_hit.html",
    rows=rows,
)
