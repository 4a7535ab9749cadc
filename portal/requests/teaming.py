"""Whose turn it is within the department: handing a request to a team, and the end of teams (service-levels.md 18).

A team changes nobody's rights: all agents of the queue go on seeing the request and working on it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.conversations import actions as conversations
from portal.core import events as core_events
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.text import in_language
from portal.people.models import Person
from portal.requests import events, history, messages, states
from portal.requests.assigning import KIND, end_assignment, locked, locked_by_agent
from portal.requests.models import ACTIVE, WITH_DEPARTMENT, Request, State, stored_in
from portal.teams import queries as teams
from portal.teams.models import Team


def hand_over(request: Request, team: Team | None, note: str, by: Person, now: datetime) -> None:
    """Let a team of the department have it, or none in particular, with a note that the service reads (SL40).

    Who has it keeps it if they belong to that team; else nobody has it until somebody of the team takes it. The team is
    locked before the request, as when it ends (C3).
    """
    team = lock(Team, team.id) if team else None
    request = locked_by_agent(request, by, now)
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    _refuse_unless_fit(request, team)
    conversations.comment(KIND, request.id, by, note, internal=True, now=now)
    before, request.team = request.team, team
    history.write(request, "handed_over" if team else "handed_back", by, now, internal=True, team=_name(team or before))
    if request.assignee_id and team and not teams.belongs(request.assignee_id, team.id, now):
        _release(request, by, now)
    audit.record(by, "request.handed_over", KIND, request.id, before={"team": _id(before)}, after={"team": _id(team)})
    core_events.publish(events.RequestHandedOver(request.id, by.id, now))
    if team:
        messages.handed_over(request, team, teams.leads_of(team.id, now), by, now)


def team_ended(team: Team, by: Person | None, now: datetime) -> None:
    """Let what an ended team had be nobody's in particular, also what may be reopened; it stays with who has it."""
    for request in _held_by(team):
        request = locked(request, now)
        if request.team_id == team.id:
            request.team = None
            history.write(request, "team_ended", by, now, internal=True, team=_name(team))
            core_events.publish(events.RequestHandedOver(request.id, by.id if by else None, now))


def _held_by(team: Team) -> Sequence[Request]:
    own = (Request.department_id == team.department_id, Request.team_id == team.id, stored_in((*ACTIVE, State.SOLVED)))
    return db.session.scalars(select(Request).where(*own).order_by(Request.id)).all()


def _refuse_unless_fit(request: Request, team: Team | None) -> None:
    if team is None and request.team_id is None:
        raise Refused(_("No team has this request."))
    if team is None:
        return
    if team.department_id != request.department_id or team.ended_at is not None:
        raise Refused(_("Choose a team of this department."))
    if team.id == request.team_id:
        raise Refused(_("%(team)s has this request already.", team=in_language(team.name)))


def _release(request: Request, by: Person, now: datetime) -> None:
    end_assignment(request, "passed_on", now)
    if request.state == State.IN_PROGRESS:
        states.move(request, State.OPEN, by, now, **{"as": "nobody"})


def _name(team: Team | None) -> dict[str, str]:
    return dict(team.name) if team else {}


def _id(team: Team | None) -> Any:
    return team.public_id if team else None
