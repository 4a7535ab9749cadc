"""What announcements tell the home page: what to confirm, what is important, and what is new (rule 8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from portal.announcements import queries
from portal.announcements.models import Announcement, Level
from portal.core import blocks
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Person

READ, MOST, NEW = 50, 8, 5
LAST_MINUTE = timedelta(minutes=1)


def register() -> None:
    """Offer the errand and the block."""
    blocks.register(Errand("to_do", lazy_gettext("Announcements to read or confirm"), to_do))
    blocks.register(
        Block("announcements", lazy_gettext("New for you"), 30, "announcements/block.html", new_for, more=_all, aside=True)
    )


def to_do(person: Person, now: datetime) -> Pile:
    """Return what the person has to confirm, and what is important and unread."""
    rows = [row for row in _waiting_for(person, now) if row.level != Level.INFO]
    return Pile([_waiting(row) for row in rows[:MOST]], len(rows), url_for("announcements.index", show="to_confirm"))


def new_for(person: Person, now: datetime) -> Sequence[Any]:
    """Return at most five that the person has not read and need not confirm."""
    return [row for row in _waiting_for(person, now) if row.level == Level.INFO][:NEW]


def _waiting_for(person: Person, now: datetime) -> Sequence[Any]:
    """Return what home still shows the person, read once for the errand and the block."""
    read: dict[int, Sequence[Any]] = g.setdefault("waiting_announcements", {})
    if person.id not in read:
        found = queries.listed(queries.for_person(person, now).where(queries.waits_for(person)))
        newest = (Announcement.publish_at.desc(), Announcement.id.desc())
        read[person.id] = db.session.execute(found.order_by(*newest).limit(READ)).all()
    return read[person.id]


def _waiting(row: Any) -> Waiting:
    page = url_for("announcements.show", public_id=row.public_id)
    title, department = in_language(row.title), in_language(row.department)
    if row.level == Level.TO_CONFIRM:
        consequence = _("%(department)s asks you to confirm that you have read it.", department=department)
        name, by = _("Read and confirm: %(title)s", title=title), row.due_at - LAST_MINUTE if row.due_at else None
    else:
        consequence = _("%(department)s says that it is important. It stands here until you open it.", department=department)
        name, by = _("Read: %(title)s", title=title), None
    return Waiting(name, page, consequence, _("Read it"), by=by, since=row.publish_at)


def _all(content: Sequence[Any]) -> tuple[str, str]:
    return url_for("announcements.index"), _("All announcements")
