"""Finding what was said and who follows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, undefer

from portal.conversations.models import Comment, CommentDraft, Watcher
from portal.core import security
from portal.core.db import db
from portal.people.models import Person

SEND_KEY = "comment"
CORRECTION = timedelta(minutes=15)


def entries(kind: str, subject_id: int, internal: bool) -> list[Comment]:
    """Return what was said, oldest first, with texts and authors; internal comments only with `internal` (CM rule 3)."""
    found = (
        select(Comment)
        .options(undefer(Comment.text), joinedload(Comment.author))
        .where(Comment.subject_kind == kind, Comment.subject_id == subject_id)
        .order_by(Comment.id)
    )
    return list(db.session.scalars(found if internal else found.where(~Comment.internal)))


def text_of(comment_id: int) -> str:
    """Return what a comment says now; nothing once it is withdrawn (CM rule 2)."""
    return db.session.scalar(select(Comment.text).where(Comment.id == comment_id)) or ""


def last_id(kind: str, subject_id: int) -> int:
    """Return the highest number of an entry about the thing: what stands at or below it was said before."""
    found = select(func.max(Comment.id)).where(Comment.subject_kind == kind, Comment.subject_id == subject_id)
    return db.session.scalar(found) or 0


def with_send_key(person_id: int, send_key: str | None) -> int | None:
    """Return the number of the comment that the person sent under a key."""
    if send_key is None:
        return None
    return db.session.scalar(select(Comment.id).where(Comment.author_id == person_id, Comment.send_key == send_key))


def others_wrote(kind: str, subject_id: int, person_id: int, last: int) -> bool:
    """Return whether somebody else has written to all after the last entry that a page showed (CM rule 7)."""
    found = select(Comment.id).where(
        Comment.subject_kind == kind,
        Comment.subject_id == subject_id,
        Comment.id > last,
        Comment.author_id != person_id,
        ~Comment.internal,
    )
    return db.session.scalar(found.limit(1)) is not None


def may_still_be_corrected(found: Comment, now: datetime) -> bool:
    """Return whether a comment is young, stands, and nobody has answered (CM rule 2).

    An internal note does not count as an answer to a public comment: it would tell its author that there is one.
    """
    answers = select(Comment.id).where(
        Comment.subject_kind == found.subject_kind,
        Comment.subject_id == found.subject_id,
        Comment.id > found.id,
        Comment.author_id != found.author_id,
    )
    if not found.internal:
        answers = answers.where(~Comment.internal)
    young = now - found.at < CORRECTION and found.withdrawn_at is None
    return young and db.session.scalar(answers.limit(1)) is None


def watching(person: Person, kind: str, subject_id_column: Any) -> ColumnElement[bool]:
    """Return the condition that the person follows the thing, for `visible_to` of its owner."""
    followed = select(Watcher.subject_id).where(
        Watcher.person_id == person.id, Watcher.subject_kind == kind, Watcher.left_at.is_(None)
    )
    condition: ColumnElement[bool] = subject_id_column.in_(followed)
    return condition


def watchers(kind: str, subject_id: int) -> list[Watcher]:
    """Return those who follow a thing and are still here, by name, with the people."""
    found = (
        select(Watcher)
        .join(Watcher.person)
        .options(joinedload(Watcher.person))
        .where(Watcher.subject_kind == kind, Watcher.subject_id == subject_id, Watcher.left_at.is_(None), Person.active)
        .order_by(Person.sort_name, Person.id)
    )
    return list(db.session.scalars(found))


def draft_of(kind: str, subject_id: int, person: Person) -> CommentDraft | None:
    """Return what the person had written about the thing when the session ended."""
    return db.session.scalar(
        select(CommentDraft).where(
            CommentDraft.person_id == person.id, CommentDraft.subject_kind == kind, CommentDraft.subject_id == subject_id
        )
    )


def owner_of(signed: str, kind: str) -> tuple[int, Person] | None:
    """Return the number of the thing and the active person that a form's key names: nobody else can have signed it."""
    found = security.unsign(SEND_KEY, signed)
    if not isinstance(found, list) or found[0] != kind:
        return None
    person = db.session.scalar(select(Person).where(Person.id == found[2], Person.active))
    return (int(found[1]), person) if person else None


def new_send_key(kind: str, subject_id: int, by: Person) -> str:
    """Return the signed key that a comment form carries, so that sending twice writes once (RE-9)."""
    return security.sign(SEND_KEY, [kind, subject_id, by.id, security.new_token()])


def read_send_key(signed: str, kind: str, subject_id: int, by: Person) -> str | None:
    """Return the key of this person for this thing, or None if it is missing, malformed or another's (RE-10)."""
    found = security.unsign(SEND_KEY, signed)
    if not isinstance(found, list) or found[:3] != [kind, subject_id, by.id]:
        return None
    return str(found[3])
