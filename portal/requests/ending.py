"""How a request ends, and how it goes on after all (requests.md 4 and 5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from flask_babel import gettext as _
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.approvals import queries as approval_queries
from portal.attachments.models import StoredFile
from portal.audit import actions as audit
from portal.conversations import actions as conversations
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.text import in_language
from portal.people.models import Person
from portal.requests import messages, states
from portal.requests.assigning import KIND, back_to_work, locked, locked_by_agent
from portal.requests.kinds.registry import kind_of
from portal.requests.models import Request, State, stored_in
from portal.service_levels.queries import calendar_of

DAYS_TO_REOPEN = 14


def solve(
    request: Request, by: Person, text: str, now: datetime, send_key: str | None = None, files: Sequence[StoredFile] = ()
) -> None:
    """Say in a sentence to the requester that it is done; never while a stage is open (RQ3)."""
    request = locked_by_agent(request, by, now)
    if request.state == State.WAITING_FOR_APPROVAL:
        refuse_unapproved(request)
    if not states.can(request, State.SOLVED, now):
        states.refuse(request, now)
    made = conversations.comment(KIND, request.id, by, text, internal=False, now=now, files=files, send_key=send_key)
    request.solved_at, request.closes_at = now, end_of_days(request, now)
    states.move(request, State.SOLVED, by, now)
    kind_of(request.service.kind).on_solved(request, by, now)
    audit.record(by, "request.solved", KIND, request.id, after={"state": request.state})
    messages.solved(request, made, by, now)


def refuse_unapproved(request: Request) -> NoReturn:
    """Answer 409 with the name of the stage that is still open (AP-10)."""
    stage = approval_queries.open_stage(KIND, request.id)
    name = in_language(stage.name) if stage else ""
    raise Refused(_("Not yet: the approval “%(stage)s” is still open.", stage=name))


def end_of_days(request: Request, now: datetime) -> datetime:
    """Return the end of day 14 in the zone of the department's calendar (RQ4)."""
    zone = calendar_of(request.department_id).zone
    local = now.astimezone(zone)
    return (local + timedelta(days=DAYS_TO_REOPEN + 1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def confirm(request: Request, by: Person, now: datetime) -> None:
    """Close it: the requester says that all is fine (requests.md 4)."""
    request = locked(request, now)
    if not states.can(request, State.CLOSED, now):
        states.refuse(request, now)
    states.move(request, State.CLOSED, by, now)
    audit.record(by, "request.closed", KIND, request.id, after={"state": request.state})
    messages.confirmed(request, by, now)


def reopen(
    request: Request, by: Person, text: str, now: datetime, send_key: str | None = None, files: Sequence[StoredFile] = ()
) -> None:
    """Let the work go on with a sentence, until the end of day 14; afterwards one asks again, linked (RQ4)."""
    request = locked(request, now)
    if request.state == State.CLOSED:
        raise Refused(_("This request is closed since the 14 days are over. Ask again: the new request will be linked to it."))
    if not states.can(request, State.IN_PROGRESS, now) or request.state != State.SOLVED:
        states.refuse(request, now)
    made = conversations.comment(KIND, request.id, by, text, internal=False, now=now, files=files, send_key=send_key)
    request.solved_at = None
    back_to_work(request, by, now)
    audit.record(by, "request.reopened", KIND, request.id, after={"state": request.state})
    messages.reopened(request, made, by, now)


def withdraw(request: Request, by: Person, reason: str, now: datetime) -> None:
    """Need it no longer; open approval seats end first, in the order of locks (requests.md 5, RQ8, C3)."""
    approvals.end(KIND, request.id, reason, now, by)
    request = locked(request, now)
    if not states.can(request, State.WITHDRAWN, now):
        states.refuse(request, now)
    states.move(request, State.WITHDRAWN, by, now, text=reason)
    audit.record(by, "request.withdrawn", KIND, request.id, after={"state": request.state})
    messages.withdrawn(request, reason, by, now)


def close_due(now: datetime, limit: int = 500) -> int:
    """Write down what is closed by time already; pages have said so since then (requests.md 4)."""
    due = select(Request).where(stored_in((State.SOLVED,)), Request.closes_at <= now).order_by(Request.closes_at).limit(limit)
    found = list(db.session.scalars(due))
    for request in found:
        locked(request, now)
    return len(found)
