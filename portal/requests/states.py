"""The states of a request and the only function that changes them (requests.md 1 and 2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from portal.core import events as core_events
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.text import time_words
from portal.people.models import Person
from portal.requests import events, history
from portal.requests.models import ACTIVE, Request, RequestEvent, State, moving
from portal.requests.sentences import line

S = State
Step = tuple[State, State]

# (from, to): the line of the history and the event that the step writes
STEPS: Mapping[Step, tuple[str, type[events.RequestFact]]] = {
    (S.WAITING_FOR_APPROVAL, S.OPEN): ("opened", events.RequestOpened),
    (S.WAITING_FOR_APPROVAL, S.REJECTED): ("rejected", events.RequestRejected),
    (S.WAITING_FOR_APPROVAL, S.WITHDRAWN): ("withdrawn", events.RequestWithdrawn),
    (S.OPEN, S.IN_PROGRESS): ("taken", events.RequestTaken),
    (S.OPEN, S.SOLVED): ("solved", events.RequestSolved),
    (S.OPEN, S.WITHDRAWN): ("withdrawn", events.RequestWithdrawn),
    (S.IN_PROGRESS, S.OPEN): ("released", events.RequestReleased),
    (S.IN_PROGRESS, S.WAITING_FOR_REQUESTER): ("asked", events.WaitingStarted),
    (S.IN_PROGRESS, S.SOLVED): ("solved", events.RequestSolved),
    (S.IN_PROGRESS, S.WITHDRAWN): ("withdrawn", events.RequestWithdrawn),
    (S.WAITING_FOR_REQUESTER, S.IN_PROGRESS): ("answered", events.WaitingEnded),
    (S.WAITING_FOR_REQUESTER, S.SOLVED): ("solved", events.RequestSolved),
    (S.WAITING_FOR_REQUESTER, S.WITHDRAWN): ("withdrawn", events.RequestWithdrawn),
    # an administrator corrected a mistaken rejection with a reason (AP-18)
    (S.REJECTED, S.WAITING_FOR_APPROVAL): ("asked_again", events.RequestReopened),
    (S.SOLVED, S.CLOSED): ("closed", events.RequestClosed),
    (S.SOLVED, S.IN_PROGRESS): ("reopened", events.RequestReopened),
}

# Merging closes what was open, whatever state that was (requests.md 12).
MERGED = ("merged", events.RequestMerged)

LINES_OF_STATES = {line_ for line_, _event in STEPS.values()} | {"sent", "merged"}

WORDS: Mapping[State, Any] = {
    S.WAITING_FOR_APPROVAL: _("Waiting for approval"),
    S.OPEN: _("Received"),
    S.IN_PROGRESS: _("In progress"),
    S.WAITING_FOR_REQUESTER: _("Waiting for the requester"),
    S.SOLVED: _("Solved"),
    S.CLOSED: _("Closed"),
    S.REJECTED: _("Rejected"),
    S.WITHDRAWN: _("Withdrawn"),
}


def can(request: Request, to: State, now: datetime) -> bool:
    """Return whether the table lets the request go there from where it stands now."""
    return (request.state_at(now), to) in STEPS


def refuse(request: Request, now: datetime) -> NoReturn:
    """Answer 409 with where it stands, what happened last, who did it and when (README C7)."""
    last = db.session.scalar(
        select(RequestEvent)
        .where(RequestEvent.request_id == request.id, RequestEvent.kind.in_(LINES_OF_STATES), ~RequestEvent.internal)
        .order_by(RequestEvent.id.desc())
        .limit(1)
    )
    happened = f"{line(last, None).title}, {time_words(last.at)}" if last else ""
    state = str(WORDS[request.state_at(now)])
    raise Refused(_("This is no longer possible. The request is now “%(state)s”. %(happened)s.", state=state, happened=happened))


def move(request: Request, to: State, by: Person | None, now: datetime, **data: Any) -> None:
    """Change the state, write the line of history and tell the packages above; refuse any other step (409)."""
    step = (State(request.state), to)
    if step not in STEPS:
        refuse(request, now)
    _change(request, to, STEPS[step], by, now, data)


def close_merged(request: Request, by: Person, now: datetime) -> None:
    """Close an open request, whatever its state, because another one goes on for it (requests.md 12)."""
    if request.state not in ACTIVE:
        refuse(request, now)
    _change(request, S.CLOSED, MERGED, by, now, {})


def _change(
    request: Request,
    to: State,
    told: tuple[str, type[events.RequestFact]],
    by: Person | None,
    now: datetime,
    data: Mapping[str, Any],
) -> None:
    line, event = told
    was = request.state
    with moving():
        request.state = to
    request.state_since = now
    if was == S.SOLVED:
        request.closes_at = None
    history.write(request, line, by, now, **data)
    core_events.publish(event(request.id, by.id if by else None, now))
