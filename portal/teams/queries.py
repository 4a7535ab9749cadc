"""Finding teams, who belongs to them and who leads them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, select, true
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Person, Role, RoleGrant
from portal.people.queries import current_grants, departments_as, has_role
from portal.teams.models import Team, TeamMember


@dataclass(frozen=True)
class Member:
    """Somebody of a team."""

    person: Person
    leads: bool


def visible_to(person: Person, now: datetime) -> Select[Team]:
    """Select the teams that the person may know of: those where they are an agent or head; administrators and auditors all."""
    if has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now):
        seen: ColumnElement[bool] = true()
    else:
        own = {*departments_as(person, Role.AGENT, now), *departments_as(person, Role.HEAD, now)}
        seen = Team.department_id.in_(own) if own else false()
    return select(Team).where(Team.ended_at.is_(None), seen).options(joinedload(Team.department))


def teams_of(department_id: int) -> Sequence[Team]:
    """Return the teams of a department, by name."""
    found = db.session.scalars(select(Team).where(Team.department_id == department_id, Team.ended_at.is_(None)))
    return sorted(found, key=_name)


def teams_with(department_id: int, person: Person) -> Sequence[tuple[Team, bool]]:
    """Return the teams of a department, and of each whether the person belongs to it, in one statement."""
    belongs = exists().where(TeamMember.team_id == Team.id, TeamMember.person_id == person.id, TeamMember.until_at.is_(None))
    found = select(Team, belongs).where(Team.department_id == department_id, Team.ended_at.is_(None))
    return sorted(((row[0], bool(row[1])) for row in db.session.execute(found)), key=lambda row: _name(row[0]))


def members_of(team_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[Member]]:
    """Return who belongs to teams, those who lead first: active people who are agents of the department now."""
    found: dict[int, list[Member]] = {team_id: [] for team_id in team_ids}
    rows = select(TeamMember).where(TeamMember.team_id.in_(found), *_counts(now)).join(Person, Person.id == TeamMember.person_id)
    ordered = rows.options(joinedload(TeamMember.person)).order_by(TeamMember.leads.desc(), Person.sort_name, Person.id)
    for row in db.session.scalars(ordered):
        found[row.team_id].append(Member(row.person, row.leads))
    return found


def belongs(person_id: int, team_id: int, now: datetime) -> bool:
    """Return whether somebody belongs to the team now."""
    found = select(TeamMember.id).where(TeamMember.team_id == team_id, TeamMember.person_id == person_id, *_counts(now))
    return db.session.scalar(found.limit(1)) is not None


def leads_of(team_id: int, now: datetime) -> set[int]:
    """Return the ids of those who lead the team now."""
    found = select(TeamMember.person_id).where(TeamMember.team_id == team_id, TeamMember.leads, *_counts(now))
    return set(db.session.scalars(found))


def _counts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a membership counts: of an active person who is an agent of the department now."""
    department = select(Team.department_id).where(Team.id == TeamMember.team_id).correlate(TeamMember).scalar_subquery()
    works = and_(RoleGrant.person_id == TeamMember.person_id, RoleGrant.role == Role.AGENT, RoleGrant.department_id == department)
    active = exists().where(Person.id == TeamMember.person_id, Person.active).correlate(TeamMember)
    return TeamMember.until_at.is_(None), exists().where(works, current_grants(now)).correlate(TeamMember), active


def memberships(person_id: int, department_id: int | None = None) -> Select[TeamMember]:
    """Select what a person belongs to now, everywhere or in one department."""
    own = select(TeamMember).where(TeamMember.person_id == person_id, TeamMember.until_at.is_(None))
    if department_id is None:
        return own
    return own.where(TeamMember.team_id.in_(select(Team.id).where(Team.department_id == department_id)))


def named(name: Mapping[str, str], department_id: int, but: int | None) -> bool:
    """Return whether another team of the department is called like this in some language."""
    words = {fold(text) for text in name.values() if text}
    others = (team for team in teams_of(department_id) if team.id != but)
    return any(words & {fold(text) for text in team.name.values() if text} for team in others)


def _name(team: Team) -> tuple[str, int]:
    return fold(in_language(team.name)), team.id
