"""How agents keep order in a queue of the demo: views they saved, and two requests that are one."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.demo.lives import Steps
from portal.demo.staff import Cast
from portal.requests import actions
from portal.requests.models import ACTIVE, Request, State

QUEUE = "informatica"
# Spanish name, what it shows, whether the department has it too
VIEWS = (
    ("Sin dueño y esperando", {"state": State.OPEN, "assignee": "none"}, True),
    ("Espero respuesta", {"state": State.WAITING_FOR_REQUESTER, "assignee": "me"}, False),
)


def keep_order(cast: Cast) -> Steps:
    """Save two views, and merge two requests of different people for the same service."""
    agent, queue, now = cast["agent"], cast.departments[QUEUE], clock.now()
    for name, filters, shared in VIEWS:
        actions.save_view(queue, name, filters, shared, agent, now)
    known = {person.id for key, person in cast.people.items() if "." not in key}
    pair = _pair(queue.id, known)
    if pair:
        actions.merge(*pair, {request.requester_id for request in pair}, agent, now)
    yield from ()


def _pair(department_id: int, known: set[int]) -> tuple[Request, Request] | None:
    """Return two open requests for one service, of people who do not sign in to look at the demo."""
    found = select(Request).where(Request.department_id == department_id, Request.state.in_(sorted(ACTIVE)))
    seen: dict[int, Request] = {}
    for request in db.session.scalars(found.order_by(Request.created_at.desc(), Request.id)):
        if {request.requester_id, request.beneficiary_id} & known:
            continue
        if request.service_id in seen:
            return seen[request.service_id], request
        seen[request.service_id] = request
    return None
