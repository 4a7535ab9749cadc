"""Noting that somebody opened a text; nobody is ever told who did (rule 18)."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from portal.announcements.models import AnnouncementReading
from portal.core.db import db


def note_reading(announcement_id: int, person_id: int, version: int, now: datetime) -> None:
    """Keep which version the person opened last."""
    make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    values = {"announcement_id": announcement_id, "person_id": person_id, "version": version, "at": now}
    added = make(AnnouncementReading).values(values)
    newer = AnnouncementReading.version < version
    keys = ["person_id", "announcement_id"]
    db.session.execute(added.on_conflict_do_update(index_elements=keys, set_={"version": version, "at": now}, where=newer))
