"""Drafts of the composer: kept on the server as typed, so that nothing is lost (C10)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.announcements.models import Announcement, AnnouncementDraft
from portal.core.db import db, lock
from portal.people.models import Person


class StaleDraft(Exception):
    """Somebody else, or another window, has saved the draft since this page was drawn."""


def begin(
    by: Person, now: datetime, announcement: Announcement | None = None, content: Mapping[str, Any] | None = None
) -> AnnouncementDraft:
    """Return a draft to go on with: an own one of the same announcement, an untouched one, or a new one."""
    row = AnnouncementDraft
    same = row.announcement_id == (announcement.id if announcement else None)
    own = select(row).where(row.author_id == by.id, row.ended_at.is_(None), same)
    found = db.session.scalars((own if announcement else own.where(row.revision == 1)).order_by(row.id.desc())).first()
    if found is not None:
        return found
    made = row(author_id=by.id, announcement_id=announcement.id if announcement else None, content=dict(content or {}))
    made.created_at = made.saved_at = now
    db.session.add(made)
    db.session.flush()
    return made


def of_owner(draft_id: str, person_id: str) -> AnnouncementDraft | None:
    """Return an open draft that an active person has open in the composer, as the page itself has signed it."""
    found = select(AnnouncementDraft).join(Person, Person.public_id == person_id)
    return db.session.scalar(
        found.where(Person.active, AnnouncementDraft.public_id == draft_id, AnnouncementDraft.ended_at.is_(None))
    )


def save(draft: AnnouncementDraft, content: Mapping[str, Any], seen: int, now: datetime) -> None:
    """Keep what was typed; raise StaleDraft when the page was older than what is kept."""
    lock(AnnouncementDraft, draft.id)
    if draft.content == content:
        return
    if draft.revision != seen:
        raise StaleDraft
    draft.content, draft.saved_at, draft.revision = dict(content), now, draft.revision + 1


def hand_in(draft: AnnouncementDraft, now: datetime) -> None:
    """Offer a draft to those who publish."""
    draft.handed_in_at = draft.handed_in_at or now


def end(draft: AnnouncementDraft, now: datetime) -> None:
    """Put a draft away: it was published, or nobody wants it any more."""
    draft.ended_at = draft.ended_at or now
