"""Verbs of conversations. Who may is asked by the feature that owns the thing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from portal.attachments import actions as attachments
from portal.attachments.models import StoredFile
from portal.audit import actions as audit
from portal.conversations import events, queries
from portal.conversations.models import Comment, CommentDraft, CommentText, Watcher
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person

DRAFT_LIFE = timedelta(days=90)


def comment(
    kind: str,
    subject_id: int,
    by: Person,
    text: str,
    internal: bool,
    now: datetime,
    files: Sequence[StoredFile] = (),
    send_key: str | None = None,
) -> Comment:
    """Say something about a thing; the same `send_key` again leads to the first comment (CM rules 1 and 8, RE-10)."""
    if not text.strip() and not files:
        raise Refused(_("Write something, or add a file."))
    made = Comment(
        subject_kind=kind, subject_id=subject_id, author_id=by.id, internal=internal, send_key=send_key, at=now, text=text
    )
    first = _first_with_key(made)
    if first is None:
        first = _insert(made)
    if first is not made:
        return _same(first, made)
    for file in files:
        attachments.link(file, kind, subject_id, by, now, internal=internal, comment_id=made.id)
    _drop_draft(kind, subject_id, by)
    audit.record(by, "comment.written", kind, subject_id, after={"comment": made.public_id, "internal": internal})
    publish(events.Commented(made.id, kind, subject_id, by.id, internal))
    return made


def _first_with_key(made: Comment) -> Comment | None:
    if made.send_key is None:
        return None
    with db.session.no_autoflush:
        return db.session.scalar(
            select(Comment)
            .options(undefer(Comment.text))
            .where(Comment.author_id == made.author_id, Comment.send_key == made.send_key)
        )


def _insert(made: Comment) -> Comment:
    """Insert the comment, or return the one that a parallel sending with the same key has just written (RE-11)."""
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        first = _first_with_key(made)
        if first is None:
            raise
        return first
    return made


def _same(first: Comment, made: Comment) -> Comment:
    what = ("subject_kind", "subject_id", "internal", "text")
    if any(getattr(first, name) != getattr(made, name) for name in what):
        raise Refused(_("This was already sent with another text. Reload the page to write something new."))
    return first


def correct(found: Comment, by: Person, text: str, now: datetime) -> None:
    """Replace the text of an own comment within 15 minutes and before anybody answered, keeping the earlier one (CM rule 2)."""
    _must_be_own(found, by)
    if not queries.may_still_be_corrected(found, now):
        raise Refused(_("A comment can be corrected for 15 minutes and until somebody answers. You can still withdraw it."))
    if not text.strip():
        raise Refused(_("Write something, or withdraw your comment."))
    _keep_text(found, now)
    found.text, found.corrected_at = text, now
    audit.record(by, "comment.corrected", found.subject_kind, found.subject_id, after={"comment": found.public_id})


def withdraw(found: Comment, by: Person, now: datetime) -> None:
    """Take back an own comment: text and files are no longer there, and the text is kept for the audit right (CM rule 2)."""
    _must_be_own(found, by)
    if found.withdrawn_at is not None:
        return
    _keep_text(found, now)
    attachments.unlink_comment(found.subject_kind, found.subject_id, found.id, now)
    found.text, found.withdrawn_at = "", now
    audit.record(by, "comment.withdrawn", found.subject_kind, found.subject_id, after={"comment": found.public_id})


def _must_be_own(found: Comment, by: Person) -> None:
    if found.author_id != by.id:
        raise Refused(_("Only who wrote it can change it."))


def _keep_text(found: Comment, now: datetime) -> None:
    db.session.add(CommentText(comment_id=found.id, text=found.text, until_at=now))


def keep_draft(kind: str, subject_id: int, by: Person, text: str, internal: bool, files: str, now: datetime) -> None:
    """Keep what somebody wrote whose session had ended, in the place of what was kept before (RE-29)."""
    draft = queries.draft_of(kind, subject_id, by)
    if draft is None:
        draft = CommentDraft(person_id=by.id, subject_kind=kind, subject_id=subject_id)
        db.session.add(draft)
    draft.text, draft.internal, draft.files, draft.saved_at = text, internal, files, now


def _drop_draft(kind: str, subject_id: int, by: Person) -> None:
    draft = queries.draft_of(kind, subject_id, by)
    if draft is not None:
        db.session.delete(draft)


def forget_drafts(now: datetime) -> None:
    """Forget what nobody has come back to for 90 days."""
    db.session.execute(delete(CommentDraft).where(CommentDraft.saved_at < now - DRAFT_LIFE))


def watch(kind: str, subject_id: int, person: Person, by: Person, now: datetime) -> Watcher:
    """Let an active person follow a thing; following twice is following once (CM rule 6, PE-8)."""
    if not person.active:
        raise Refused(_("Only people who work here can follow this."))
    found = _current(kind, subject_id, person)
    if found is not None:
        return found
    made = Watcher(subject_kind=kind, subject_id=subject_id, person_id=person.id, added_by_id=by.id, added_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(_current_query(kind, subject_id, person)).one()
    audit.record(by, "watcher.added", kind, subject_id, after={"person": person.public_id})
    publish(events.WatcherAdded(kind, subject_id, person.id, by.id))
    return made


def unwatch(kind: str, subject_id: int, person: Person, by: Person, now: datetime) -> None:
    """End following; access that came by it ends at once (PE-3)."""
    found = _current(kind, subject_id, person)
    if found is None:
        return
    found.left_at = now
    audit.record(by, "watcher.left", kind, subject_id, after={"person": person.public_id})
    publish(events.WatcherLeft(kind, subject_id, person.id, by.id))


def _current(kind: str, subject_id: int, person: Person) -> Watcher | None:
    return db.session.scalar(_current_query(kind, subject_id, person))


def _current_query(kind: str, subject_id: int, person: Person) -> Select[Watcher]:
    return select(Watcher).where(
        Watcher.subject_kind == kind,
        Watcher.subject_id == subject_id,
        Watcher.person_id == person.id,
        Watcher.left_at.is_(None),
    )
