"""What was merged into what: where a request goes on, and what another one took in (requests.md 12, CM rule 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CTE, Select, literal, select
from sqlalchemy.orm import joinedload, undefer

from portal.attachments.models import FileLink, StoredFile
from portal.conversations.models import Comment
from portal.core.db import db
from portal.people.models import Person
from portal.requests import queries, timeline
from portal.requests.models import Request, RequestEvent
from portal.requests.tables import RequestMerge

if TYPE_CHECKING:
    from portal.requests.page import Page

KIND = queries.KIND
LONGEST_WALK = 20


@dataclass(frozen=True)
class Part:
    """A request that another one took in, with what was said in it, as one reader may see it."""

    request: Request
    entries: Sequence[timeline.Entry]


def _walk(request_id: int, start: Any, end: Any) -> CTE:
    """Return all ids that follow from one along the merges, with how far they are."""
    first = select(end.label("id"), literal(1).label("steps")).where(start == request_id).cte("walk", recursive=True)
    further = select(end, first.c.steps + 1).join(first, start == first.c.id).where(first.c.steps < LONGEST_WALK)
    return first.union_all(further)


def target_of(request: Request) -> Request | None:
    """Return the request in which this one goes on, over any number of merges; None if it was not merged (CM10)."""
    walk = _walk(request.id, RequestMerge.request_id, RequestMerge.into_id)
    last = select(walk.c.id).order_by(walk.c.steps.desc()).limit(1).scalar_subquery()
    return db.session.scalar(select(Request).where(Request.id == last))


def visible_target(request: Request, reader: Person, now: datetime) -> Request | None:
    """Return the request in which this one goes on, if the reader may see it (PE-23)."""
    target = target_of(request)
    return target if target is not None and queries.sees(reader, target, now) else None


def may_read_words(person: Person, request: Request, author_id: int, now: datetime) -> bool:
    """Return whether somebody who sees the request reads what the author said: own words stay, others' may not (RQ12)."""
    return author_id == person.id or target_of(request) is None or visible_target(request, person, now) is not None


def taken_in(request_id: int) -> Select[int]:
    """Select the ids of all requests that go on in this one."""
    walk = _walk(request_id, RequestMerge.into_id, RequestMerge.request_id)
    return select(walk.c.id)


def asked_in_part(person: Person, request: Request) -> bool:
    """Return whether the person asked for something that goes on in this request, and follows it."""
    part = select(Request.id).where(Request.id.in_(taken_in(request.id)), queries.of(person)).limit(1)
    return queries.is_watching(person, request) and db.session.scalar(part) is not None


def parts_of(page: "Page") -> Sequence[Part]:
    """Return what the request took in, as far as the reader may see each part by its own rule, in four statements."""
    ids = taken_in(page.request.id)
    seen = select(Request).options(joinedload(Request.requester)).where(Request.id.in_(ids))
    seen = seen.where(queries.may_see(page.reader, page.now)).order_by(Request.created_at, Request.id)
    requests = db.session.scalars(seen).all()
    visible = [request.id for request in requests]
    comments, files, events = _comments(visible, page.internal), _files(visible, page.internal), _events(visible)
    return [Part(request, _entries(page, request, comments, files, events)) for request in requests]


def _entries(page: "Page", request: Request, comments: Any, files: Any, events: Any) -> Sequence[timeline.Entry]:
    own = [event for event in events if event.request_id == request.id]
    said = [comment for comment in comments if comment.subject_id == request.id]
    hung = [link for link in files if link.subject_id == request.id]
    return timeline.entries(page, said, hung, own, read_only=True)


def _comments(ids: Sequence[int], internal: bool) -> Sequence[Comment]:
    found = select(Comment).options(undefer(Comment.text), joinedload(Comment.author))
    found = found.where(Comment.subject_kind == KIND, Comment.subject_id.in_(ids)).order_by(Comment.id)
    return db.session.scalars(found if internal else found.where(~Comment.internal)).all()


def _files(ids: Sequence[int], internal: bool) -> Sequence[FileLink]:
    found = select(FileLink).join(FileLink.file).options(joinedload(FileLink.file)).order_by(FileLink.id)
    found = found.where(FileLink.subject_kind == KIND, FileLink.subject_id.in_(ids), FileLink.comment_id.is_not(None))
    found = found.where(FileLink.removed_at.is_(None), StoredFile.deleted_at.is_(None))
    return db.session.scalars(found if internal else found.where(~FileLink.internal)).all()


def _events(ids: Sequence[int]) -> Sequence[RequestEvent]:
    found = select(RequestEvent).options(joinedload(RequestEvent.by)).where(RequestEvent.request_id.in_(ids))
    return db.session.scalars(found.order_by(RequestEvent.id)).all()
