"""Who has a request: the only writer of assignments, and moving between queues (requests.md 6 to 8)."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound

from portal.audit import actions as audit
from portal.conversations import actions as conversations
from portal.conversations import queries as spoken
from portal.core import events as core_events
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as
from portal.requests import events, history, messages, queries, states
from portal.requests.models import QUEUE_ORDER, WITH_DEPARTMENT, Assignment, Request, State, stored_in
from portal.search import actions as search

KIND = "request"


def locked(request: Request, now: datetime) -> Request:
    """Lock the request and return it as it is now, closed if its days are over (C3, RE-1)."""
    found: Request = lock(Request, request.id)
    if found.state_at(now) == State.CLOSED and found.state == State.SOLVED and found.closes_at:
        states.move(found, State.CLOSED, None, found.closes_at, **{"as": "expired"})
    return found


def locked_by_agent(request: Request, by: Person, now: datetime) -> Request:
    """Lock the request for somebody who works in its queue at this moment; to others it is not there (PE-6, RQ7)."""
    found = locked(request, now)
    if found.department_id not in departments_as(by, Role.AGENT, now):
        raise NotFound
    return found


def take(request: Request, by: Person, now: datetime) -> None:
    """Have it oneself; what somebody else has is not taken away by this (requests.md 6)."""
    request = locked_by_agent(request, by, now)
    if request.assignee_id == by.id:
        return
    if request.assignee is not None:
        raise Refused(_("%(name)s has it now.", name=request.assignee.name))
    _give(request, by, by, now)


def take_next(department_id: int, by: Person, now: datetime) -> Request | None:
    """Take the first of the queue that nobody has; two agents never get the same one (requests.md 6, RQ2)."""
    first = (
        select(Request)
        .where(Request.department_id == department_id, stored_in((State.OPEN,)))
        .order_by(*QUEUE_ORDER)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    request = db.session.scalar(first)
    if request is not None:
        take(request, by, now)
    return request


def assign(request: Request, person: Person, by: Person, now: datetime) -> None:
    """Let an agent of the same department have it (requests.md 6)."""
    request = locked_by_agent(request, by, now)
    if not queries.works_in(person, request.department_id, now):
        raise Refused(_("%(name)s is not an agent of this department.", name=person.name))
    if request.assignee_id != person.id:
        _give(request, person, by, now)


def give_back(request: Request, by: Person, now: datetime) -> None:
    """Let nobody have it: it stands in the queue again (requests.md 6)."""
    request = locked_by_agent(request, by, now)
    if request.assignee_id is None:
        raise Refused(_("Nobody has this request."))
    if request.state != State.IN_PROGRESS:
        states.refuse(request, now)
    end_assignment(request, "given_back", now)
    states.move(request, State.OPEN, by, now)
    _audit(request, by, "request.given_back")


def move_to_department(
    request: Request, department: Department, text: str, by: Person, now: datetime, share_notes: bool = False
) -> None:
    """Pass it to another queue with a sentence to the requester; access follows (requests.md 7, PE-4)."""
    request = locked_by_agent(request, by, now)
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    if department.id == request.department_id or department.number is None:
        raise Refused(_("Choose another department."))
    made = conversations.comment(KIND, request.id, by, text, internal=False, now=now)
    end_assignment(request, "moved", now)
    origin, request.department_id, request.unassigned_since = request.department, department.id, now
    request.team_id = None  # a team is one of its department
    if request.state == State.IN_PROGRESS:
        states.move(request, State.OPEN, by, now, **{"as": "nobody"})
    boundary = spoken.last_id(KIND, request.id)
    history.write(
        request,
        "moved",
        by,
        now,
        origin=dict(origin.name),
        target=dict(department.name),
        origin_id=origin.id,
        target_id=department.id,
        comment_id=boundary,
        shared=share_notes,
    )
    audit.record(by, "request.moved", KIND, request.id, before={"department": origin.slug}, after={"department": department.slug})
    search.index(KIND, request, now)
    messages.moved(request, department, made, by, now)
    core_events.publish(events.RequestMoved(request.id, by.id, now))


def person_left(person: Person, now: datetime, department_id: int | None = None) -> None:
    """End what somebody has who no longer works here, or in one department; nobody has it then (RQ10)."""
    held = _held_by(person)
    if department_id is not None:
        held = held.where(Request.department_id == department_id)
    for request in db.session.scalars(held).all():
        request = locked(request, now)
        if request.assignee_id != person.id or request.state not in WITH_DEPARTMENT:
            continue
        end_assignment(request, "left", now)
        if request.state == State.IN_PROGRESS:
            states.move(request, State.OPEN, None, now, person=person.name, **{"as": "left"})
        else:
            history.write(request, "left", None, now, person=person.name)
        _audit(request, None, "request.unassigned")


def _held_by(person: Person) -> Select[Request]:
    held = select(Assignment.request_id).where(Assignment.person_id == person.id, Assignment.until_at.is_(None))
    return select(Request).where(Request.id.in_(held), stored_in(WITH_DEPARTMENT)).order_by(Request.id)


def end_assignment(request: Request, why: str, now: datetime) -> None:
    """Close the open assignment, if there is one."""
    current = db.session.scalar(select(Assignment).where(Assignment.request_id == request.id, Assignment.until_at.is_(None)))
    if current is not None:
        current.until_at, current.ended = now, why
    request.assignee_id, request.unassigned_since = None, now
    db.session.flush()


def back_to_work(request: Request, by: Person | None, now: datetime, **data: str) -> None:
    """Let the work go on: with who had it, else the request stands in the queue as nobody's."""
    states.move(request, State.IN_PROGRESS, by, now, **data)
    if request.assignee_id is None:
        states.move(request, State.OPEN, None, now, **{"as": "nobody"})


def _give(request: Request, person: Person, by: Person, now: datetime) -> None:
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    end_assignment(request, "passed_on", now)
    db.session.add(Assignment(request_id=request.id, person_id=person.id, by_id=by.id, from_at=now))
    request.assignee_id, request.unassigned_since = person.id, None
    said: dict[str, Any] = {} if person.id == by.id else {"as": "assigned", "person": person.name}
    if request.state == State.OPEN:
        states.move(request, State.IN_PROGRESS, by, now, **said)
    else:
        history.write(request, "taken", by, now, **said)
        core_events.publish(events.RequestTaken(request.id, by.id, now))
    _audit(request, by, "request.assigned", person=person.public_id)
    messages.taken(request, person, by, now)


def _audit(request: Request, by: Person | None, action: str, **after: str) -> None:
    audit.record(by, action, KIND, request.id, after={"state": request.state, **after})
