"""History and conversation as one list, as one reader may see it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.attachments.models import FileLink
from portal.conversations.models import Comment
from portal.conversations.queries import CORRECTION
from portal.core.db import db
from portal.people.models import Role
from portal.people.queries import has_role
from portal.requests.models import Request, RequestEvent
from portal.requests.sentences import line

if TYPE_CHECKING:
    from portal.requests.page import Page

# what remains of the history for who may not see the request that goes on (RQ12)
KEPT = {"sent", "merged"}
CAUSED_BY_WORDS = {"asked", "answered", "solved", "reopened", "moved"}


@dataclass(frozen=True)
class Entry:
    """One thing that happened: a line of history, or what a person wrote."""

    at: datetime
    line: Any = None
    comment: Comment | None = None
    files: Sequence[FileLink] = ()
    mine: bool = False
    correctable: bool = False


def of(page: "Page") -> list[Entry]:
    """Return the entries, oldest first."""
    events = history_of(page.request)
    if page.only_own:
        events = [event for event in events if event.kind in KEPT]
    return entries(page, page.comments, page.files, events)


def entries(
    page: "Page", said: Sequence[Comment], files: Sequence[FileLink], events: Sequence[RequestEvent], read_only: bool = False
) -> list[Entry]:
    """Return words and history of one request together, as the reader of the page may see them."""
    comments = [comment for comment in said if not comment.internal or note_stays_visible(page, comment, events)]
    shown = [event for event in events if not event.internal or page.internal]
    words = [_said(page, comment, comments, files) for comment in comments]
    if read_only:
        words = [replace(entry, mine=False, correctable=False) for entry in words]
    return list(_merged(shown, words, page.reader.id))


def _merged(events: Sequence[RequestEvent], said: Sequence[Entry], reader_id: int) -> Iterator[Entry]:
    """Yield both in their own order (RE-23); within one second words stand before what they caused."""
    left = deque(said)
    for event in events:
        while left and (left[0].at < event.at or (left[0].at == event.at and event.kind in CAUSED_BY_WORDS)):
            yield left.popleft()
        yield Entry(event.at, line=line(event, reader_id))
    yield from left


def history_of(request: Request) -> Sequence[RequestEvent]:
    """Return the history with the people in it."""
    found = select(RequestEvent).options(joinedload(RequestEvent.by)).where(RequestEvent.request_id == request.id)
    return db.session.scalars(found.order_by(RequestEvent.id)).all()


def note_stays_visible(page: "Page", note: Comment, events: Iterable[RequestEvent]) -> bool:
    """Return whether a note was written in the present queue, or went along with each move since (PE-4)."""
    if has_role(page.reader, Role.AUDITOR, page.now):
        return True
    readers: set[int] | None = None
    for event in events:
        if event.kind != "moved" or event.data["comment_id"] < note.id:
            continue
        readers = readers or {event.data["origin_id"]}
        if event.data["shared"]:
            readers.add(event.data["target_id"])
    return readers is None or page.request.department_id in readers


def _said(page: "Page", comment: Comment, comments: Sequence[Comment], hung: Sequence[FileLink]) -> Entry:
    mine = comment.author_id == page.reader.id
    answers = (other for other in comments if comment.internal or not other.internal)
    answered = any(other.id > comment.id and other.author_id != comment.author_id for other in answers)
    young = page.now - comment.at < CORRECTION and comment.withdrawn_at is None and not answered
    files = [link for link in hung if link.comment_id == comment.id] if comment.withdrawn_at is None else []
    return Entry(comment.at, comment=comment, files=files, mine=mine, correctable=mine and young)
