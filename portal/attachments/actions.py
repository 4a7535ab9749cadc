"""Verbs of files."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from portal.attachments import queries
from portal.attachments.models import FileLink, StoredFile
from portal.core import files
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person

QUOTA_BYTES = 2 * 2**30
QUOTA_FILES = 200
DAY = timedelta(days=1)
log = structlog.get_logger()


def store(file: FileStorage, by: Person, limit: int, now: datetime) -> StoredFile:
    """Keep an uploaded file (RE-12); raise TooLarge or WrongType of `core.files`, or Refused above the quota (SE-48)."""
    _refuse_above_quota(by, now)
    name = files.clean_name(file.filename or "")
    kept = files.store(file.stream, name, limit)
    stored = StoredFile(
        path=kept.path,
        name=name,
        size=kept.size,
        digest=kept.digest,
        content_type=kept.content_type,
        uploaded_by_id=by.id,
        uploaded_at=now,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def _refuse_above_quota(by: Person, now: datetime) -> None:
    size, today = queries.used_by(by, now - DAY)
    if size >= QUOTA_BYTES:
        raise Refused(_("Your files already take up 2 GB. Remove some before you add more."))
    if today >= QUOTA_FILES:
        raise Refused(_("You have added 200 files today. You can add more tomorrow."))


def link(
    file: StoredFile,
    kind: str,
    subject_id: int,
    by: Person,
    now: datetime,
    internal: bool = False,
    field_key: str | None = None,
    comment_id: int | None = None,
) -> FileLink:
    """Hang a file on a thing; from then on whoever may read that part of the thing may read the file (PE-15)."""
    made = FileLink(
        file_id=file.id,
        subject_kind=kind,
        subject_id=subject_id,
        internal=internal,
        field_key=field_key,
        comment_id=comment_id,
        linked_by_id=by.id,
        linked_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def unlink(found: FileLink, now: datetime) -> None:
    """Take a file off a thing; bytes that hang on nothing are swept later."""
    found.removed_at = found.removed_at or now


def unlink_comment(kind: str, subject_id: int, comment_id: int, now: datetime) -> None:
    """Take the files of a comment off its thing."""
    links = update(FileLink).where(FileLink.subject_kind == kind, FileLink.subject_id == subject_id)
    db.session.execute(links.where(FileLink.comment_id == comment_id, FileLink.removed_at.is_(None)).values(removed_at=now))


def mark_unused(now: datetime) -> None:
    """Mark uploads of yesterday that hang on nothing; their bytes go with the next sweep, when this is committed (RE-12)."""
    for file in db.session.scalars(queries.unused(now - DAY)):
        file.deleted_at = now


def note_condition(whole: Mapping[int, bool], now: datetime) -> None:
    """Note which files have other bytes than were stored: they are never sent, until they are whole again (RE-13)."""
    for file in db.session.scalars(queries.in_doubt(whole)):
        file.damaged_at = None if whole[file.id] else file.damaged_at or now
        if not whole[file.id]:
            log.error("file_damaged", file=file.public_id)
