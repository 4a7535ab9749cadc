"""Finding files, and who may read them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.attachments.models import FileLink, StoredFile
from portal.core import subjects
from portal.core.db import db
from portal.people.models import Person


def files_of(kind: str, subject_id: int, internal: bool, fields: Collection[str] = ()) -> list[FileLink]:
    """Return the links of a thing with their files, oldest first.

    Internal ones only with `internal`; files of fields only for the `fields` named, which the reader may read (PE-9).
    """
    found = (
        select(FileLink)
        .join(FileLink.file)
        .options(joinedload(FileLink.file))
        .where(FileLink.subject_kind == kind, FileLink.subject_id == subject_id, FileLink.removed_at.is_(None))
        .where(StoredFile.deleted_at.is_(None))
        .where(or_(FileLink.field_key.is_(None), FileLink.field_key.in_(fields)))
        .order_by(FileLink.id)
    )
    return list(db.session.scalars(found if internal else found.where(~FileLink.internal)))


def loose(person: Person, public_ids: Collection[str]) -> list[StoredFile]:
    """Return own uploads that hang on nothing yet, oldest first (PE-22)."""
    hung = exists().where(FileLink.file_id == StoredFile.id)
    own = (StoredFile.uploaded_by_id == person.id) & StoredFile.deleted_at.is_(None) & ~hung
    return list(db.session.scalars(select(StoredFile).where(own, StoredFile.public_id.in_(public_ids)).order_by(StoredFile.id)))


def by_public_id(public_id: str) -> StoredFile | None:
    """Return the file whoever may read it: never for pages."""
    return db.session.scalar(select(StoredFile).where(StoredFile.public_id == public_id, StoredFile.deleted_at.is_(None)))


def readable(public_id: str, person: Person, now: datetime) -> StoredFile | None:
    """Return the file if one of the things it hangs on lets the person read it, or if it is an own new upload (PE-3)."""
    file = by_public_id(public_id)
    if file is None:
        return None
    links = list(db.session.scalars(select(FileLink).where(FileLink.file_id == file.id)))
    if not links:
        return file if file.uploaded_by_id == person.id else None
    return file if any(may_read(link, person, now) for link in links) else None


def may_read(link: FileLink, person: Person, now: datetime) -> bool:
    """Return whether the person may read what hangs there: the thing, and its internal or confidential part (PE-15)."""
    if link.removed_at is not None:
        return False
    row = subjects.visible(link.subject_kind, link.subject_id, person, now)
    if row is None:
        return False
    subject = subjects.of_kind(link.subject_kind)
    if link.internal and not subject.may_read_internal(person, row, now):
        return False
    if link.comment_id is not None and not subject.may_read_words(person, row, link.linked_by_id, now):
        return False
    return link.field_key is None or subject.may_read_field(person, row, link.field_key, now)


def used_by(person: Person, since: datetime) -> tuple[int, int]:
    """Return how many bytes the person's files take up, and how many files were added since."""
    recent = func.sum(case((StoredFile.uploaded_at > since, 1), else_=0))
    kept = func.sum(case((StoredFile.deleted_at.is_(None), StoredFile.size), else_=0))
    row = db.session.execute(select(kept, recent).where(StoredFile.uploaded_by_id == person.id)).one()
    return int(row[0] or 0), int(row[1] or 0)


def unused(before: datetime) -> Select[StoredFile]:
    """Select the uploads from before that hang on nothing."""
    linked = exists().where(FileLink.file_id == StoredFile.id, FileLink.removed_at.is_(None))
    return select(StoredFile).where(StoredFile.deleted_at.is_(None), StoredFile.uploaded_at < before, ~linked)


def kept_paths() -> set[str]:
    """Return the names of the bytes that rows still need."""
    return set(db.session.scalars(select(StoredFile.path).where(StoredFile.deleted_at.is_(None))))


def in_doubt(whole: Mapping[int, bool]) -> Select[StoredFile]:
    """Select the files that are damaged, or were when they were last looked at."""
    damaged = [id_ for id_, is_whole in whole.items() if not is_whole]
    were = StoredFile.damaged_at.is_not(None) & StoredFile.id.in_(whole)
    return select(StoredFile).where(or_(StoredFile.id.in_(damaged), were))


def after(id_: int, size: int) -> list[StoredFile]:
    """Return the next files by number, for work in batches (RE-40)."""
    found = select(StoredFile).where(StoredFile.id > id_, StoredFile.deleted_at.is_(None)).order_by(StoredFile.id).limit(size)
    return list(db.session.scalars(found))
