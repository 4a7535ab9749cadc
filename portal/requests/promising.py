"""What an agent does with a promise: pausing, resuming, a date beside it, and what was not kept (service-levels.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.audit import actions as audit
from portal.core.db import lock
from portal.core.errors import Refused
from portal.people.models import Person
from portal.requests import history, messages, states, talking
from portal.requests.assigning import KIND, back_to_work, locked_by_agent
from portal.requests.models import WITH_DEPARTMENT, Request, State
from portal.service_levels import actions as levels
from portal.service_levels import queries as promises
from portal.service_levels.models import PauseReason
from portal.service_levels.queries import About, Broken, Reading


def about(request: Request) -> About:
    """Return the request as service levels know it."""
    return About(KIND, request.id)


def pause(
    request: Request,
    reason: PauseReason,
    by: Person,
    now: datetime,
    *,
    resumes_at: datetime | None = None,
    note: str = "",
    question: str = "",
) -> None:
    """Let the promise wait for a reason, perhaps until a date; who waits for the requester asks them something (20)."""
    request = locked_by_agent(request, by, now)
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    _refuse_unless_running(request, now)
    if reason.ended_by_requester:
        talking.ask_requester(request, by, question, now)
    else:
        levels.pause(about(request), reason.key, now, now, by, resumes_at=resumes_at, note=note)
        _write_pause(request, reason, resumes_at, by, now)
    if note:
        history.write(request, "pause_note", by, now, internal=True, text=note)


def _refuse_unless_running(request: Request, now: datetime) -> None:
    reading = promises.clock_of(about(request))
    if reading is None or not reading.at(now).running:
        raise Refused(_("Its clock does not run."))


def _write_pause(request: Request, reason: PauseReason, resumes_at: datetime | None, by: Person, now: datetime) -> None:
    kind = "paused" if reason.stops_fulfilment else "noted_pause"
    until: dict[str, Any] = {"until": resumes_at.isoformat()} if resumes_at else {}
    history.write(request, kind, by, now, reason=dict(reason.name), **until)
    audit.record(by, "request.paused", KIND, request.id, after={"reason": reason.key, **until})
    messages.paused(request, reason.name, resumes_at, by, now)


def resume(request: Request, by: Person, now: datetime) -> None:
    """Let the promise run again; who waited for the requester waits no longer (20)."""
    request = locked_by_agent(request, by, now)
    if request.state == State.WAITING_FOR_REQUESTER:
        back_to_work(request, by, now, **{"as": "resumed"})
    else:
        reading = promises.clock_of(about(request))
        if request.state not in WITH_DEPARTMENT or reading is None or reading.at(now).paused_since is None:
            raise Refused(_("Its clock runs already."))
        levels.resume(about(request), now, now, by)
        history.write(request, "resumed", by, now)
    audit.record(by, "request.resumed", KIND, request.id, after={"state": request.state})


def expect(request: Request, expected_at: datetime, reason: str, by: Person, now: datetime) -> None:
    """Say when it is to be expected, beside the promise, which stays as it is (38)."""
    request = locked_by_agent(request, by, now)
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    levels.expect(about(request), expected_at, reason, by, now)
    history.write(request, "expected", by, now, text=reason, until=expected_at.isoformat())
    audit.record(by, "request.expected", KIND, request.id, after={"expected_at": expected_at.isoformat(), "reason": reason})
    messages.expected(request, expected_at, reason, by, now)


def annul(request: Request, missed: str, reason: str, by: Person, now: datetime) -> None:
    """Say why a promise that was not kept does not count; the fact stays, and both are shown (27)."""
    request = lock(Request, request.id)
    levels.settle(about(request), now)
    found = promises.broken_of(about(request), promises.clocks(about(request)), now)
    breach = next((one.breach for one in found if one.name == missed and one.breach), None)
    if breach is None:
        raise NotFound
    levels.annul_breach(breach, reason, by, now)
    history.write(request, "annulled", by, now, internal=True, text=reason)


def broken(request: Request, readings: Sequence[Reading], now: datetime) -> list[Broken]:
    """Return what was not kept of a request."""
    written: Any = request.has_breaches
    return promises.broken_of(about(request), readings, now, written is not False)
