"""Requests that have to do with each other: both ends are seen by who links, and each reader sees what is theirs (11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import and_, or_, select

from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person
from portal.requests import history, queries
from portal.requests.assigning import KIND, locked_by_agent
from portal.requests.models import Request, RequestLink
from portal.requests.states import WORDS

# kind: (how the request that was linked says it, how the other one does)
KINDS: Mapping[str, tuple[Any, Any]] = {
    "related": (lazy_gettext("has to do with this one"), lazy_gettext("has to do with this one")),
    "duplicate_of": (lazy_gettext("asks for the same, and was there first"), lazy_gettext("asks for the same")),
    "caused_by": (lazy_gettext("is the cause of this one"), lazy_gettext("comes from this one")),
    "follow_up_of": (lazy_gettext("was asked before"), lazy_gettext("was asked again after this one")),
}
OFFERED = ("related", "duplicate_of", "caused_by")


@dataclass(frozen=True)
class Linked:
    """The other end of a link, as a reader sees it."""

    reference: str
    title: str
    state: str
    words: str


def links_of(request: Request, reader: Person, now: datetime) -> Sequence[Linked]:
    """Return the other ends that the reader may see (PE-23)."""
    outward = and_(RequestLink.from_id == request.id, Request.id == RequestLink.to_id)
    inward = and_(RequestLink.to_id == request.id, Request.id == RequestLink.from_id)
    found = select(Request, RequestLink).join(RequestLink, or_(outward, inward)).where(queries.may_see(reader, now))
    return [
        Linked(other.reference, other.title, str(WORDS[other.state_at(now)]), str(KINDS[link.kind][link.to_id == request.id]))
        for other, link in db.session.execute(found.order_by(RequestLink.id))
    ]


def link(request: Request, other: Request, kind: str, by: Person, now: datetime) -> None:
    """Say that two requests have to do with each other; once is enough (row 14)."""
    request = locked_by_agent(request, by, now)
    if other.id == request.id:
        raise Refused(_("A request is not linked to itself."))
    ends = (RequestLink.from_id == request.id, RequestLink.to_id == other.id, RequestLink.kind == kind)
    if db.session.scalar(select(RequestLink.id).where(*ends)) is not None:
        return
    db.session.add(RequestLink(from_id=request.id, to_id=other.id, kind=kind, by_id=by.id, at=now))
    history.touch(request, now, internal=True)
    audit.record(by, "request.linked", KIND, request.id, after={"kind": kind, "to": other.reference})
