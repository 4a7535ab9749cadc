"""Open requests that may be the same one again: a hint for who asks and for agents, never a hindrance (PE-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, or_, select

from portal.core.db import db
from portal.people.models import Person
from portal.requests import queries
from portal.requests.models import ACTIVE, Request, State
from portal.requests.states import WORDS

OWN, OTHERS = 3, 5


@dataclass(frozen=True)
class Similar:
    """A request as the hint shows it."""

    reference: str
    title: str
    state: str
    since: datetime


def own(person: Person, service_id: int, now: datetime) -> Sequence[Similar]:
    """Return what the person has asked for at the same service and still waits for, newest first, in one statement."""
    still_open = queries.in_state((*ACTIVE, State.SOLVED), now)
    found = select(Request).where(queries.of(person), Request.service_id == service_id, still_open)
    return _shown(found.order_by(Request.created_at.desc(), Request.id.desc()).limit(OWN), now)


def others(request: Request, reader: Person, now: datetime) -> Sequence[Similar]:
    """Return open requests of the same service and queue with the same title or people, as far as the reader may see them."""
    people = {request.requester_id, request.beneficiary_id}
    same_title = Request.title_folded == request.title_folded
    alike: list[Any] = [Request.requester_id.in_(people), Request.beneficiary_id.in_(people)]
    if request.title not in request.service.name.values():  # else it says nothing of its own
        alike.append(same_title)
    found = (
        select(Request)
        .where(queries.may_see(reader, now), Request.id != request.id, Request.department_id == request.department_id)
        .where(Request.service_id == request.service_id, Request.state.in_(sorted(ACTIVE)), or_(*alike))
        .order_by(case((same_title, 0), else_=1), Request.created_at.desc(), Request.id.desc())
    )
    return _shown(found.limit(OTHERS), now)


def _shown(found: Any, now: datetime) -> Sequence[Similar]:
    rows = db.session.scalars(found)
    return [Similar(each.reference, each.title, str(WORDS[each.state_at(now)]), each.created_at) for each in rows]
