"""Making, changing and ending teams; the trail of it is kept by who listens (`audit`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Department, Person
from portal.people.queries import agents_of
from portal.teams import queries
from portal.teams.events import TeamChanged, TeamEnded
from portal.teams.models import Team, TeamMember


class StaleTeam(Refused):
    """Somebody else has changed the team since the page was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this team meanwhile."))


@dataclass(frozen=True)
class Content:
    """What a team is called, who belongs to it, and who of them leads."""

    name: Mapping[str, str]
    members: Collection[Person]
    leads: Collection[Person] = ()


def make(department: Department, content: Content, by: Person, now: datetime) -> Team:
    """Add a team to a department."""
    lock(Department, department.id)
    team = Team(department_id=department.id, name={})
    _refuse_unless_fit(content, department.id, None, now)
    db.session.add(team)
    db.session.flush()
    _write(team, content, by, now, {})
    return team


def change(team: Team, content: Content, seen: int, by: Person, now: datetime) -> None:
    """Give a team another name or other people; an older revision is refused (C10)."""
    lock(Department, team.department_id)
    team = lock(Team, team.id)
    if team.ended_at is not None or team.revision != seen:
        raise StaleTeam
    _refuse_unless_fit(content, team.department_id, team.id, now)
    team.revision += 1
    _write(team, content, by, now, _told(team))


def end(team: Team, by: Person, now: datetime) -> None:
    """End a team; what it holds stays in the queue of the department, and services name it no longer."""
    team = lock(Team, team.id)
    if team.ended_at is not None:
        return
    team.ended_at = now
    for member in _current(team):
        member.until_at = now
    publish(TeamEnded(team.id, by.id, now))


def person_left(person_id: int, department_id: int | None, now: datetime) -> None:
    """End what somebody belongs to who no longer works here, or in one department (PE-12)."""
    for member in db.session.scalars(queries.memberships(person_id, department_id)).all():
        member.until_at = now


def _refuse_unless_fit(content: Content, department_id: int, team_id: int | None, now: datetime) -> None:
    agents = {agent.id for agent in agents_of(department_id, now)}
    for person in content.members:
        if person.id not in agents:
            raise Refused(_("%(name)s is not an agent of this department.", name=person.name))
    if {person.id for person in content.leads} - {person.id for person in content.members}:
        raise Refused(_("Who leads a team belongs to it."))
    if queries.named(content.name, department_id, team_id):
        raise Refused(_("Another team of the department has this name."))


def _write(team: Team, content: Content, by: Person, now: datetime, before: Mapping[str, Any]) -> None:
    team.name = dict(content.name)
    leads = {person.id for person in content.leads}
    wanted = {person.id: person.id in leads for person in content.members}
    for member in _current(team):
        if wanted.get(member.person_id) == member.leads:
            del wanted[member.person_id]
        else:
            member.until_at = now
    db.session.flush()
    db.session.add_all(TeamMember(team_id=team.id, person_id=id_, leads=led, from_at=now) for id_, led in wanted.items())
    db.session.flush()
    publish(TeamChanged(team.id, by.id, before, _told(team)))


def _current(team: Team) -> list[TeamMember]:
    return list(db.session.scalars(select(TeamMember).where(TeamMember.team_id == team.id, TeamMember.until_at.is_(None))))


def _told(team: Team) -> dict[str, Any]:
    members = sorted(_current(team), key=lambda member: member.person_id)
    people = {"members": [one.person_id for one in members], "leads": [one.person_id for one in members if one.leads]}
    return {"department": team.department_id, "name": dict(team.name)} | people
