"""Whom an announcement is addressed to: rows of groups, read from the side of the announcement and from that of a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select
from sqlalchemy.orm import aliased

from portal.announcements.models import Announcement, AnnouncementAudience
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person, Role, RoleGrant
from portal.people.queries import ROLE_NAMES, above, grants_of, has_role
from portal.teams.models import Team, TeamMember

INTERNAL = ("employees", "department", "role", "site")
VALUE = 80


@dataclass(frozen=True)
class Group:
    """One row of an audience, before or after it is stored."""

    kind: str
    value: str = ""
    id: int | None = None
    label: Mapping[str, str] | str = ""

    @property
    def key(self) -> str:
        """Return what tells it apart from the other groups of an audience."""
        return f"{self.kind}:{self.value}" if self.value else self.kind

    @property
    def words(self) -> str:
        """Return the group as people say it."""
        if self.kind == "employees":
            return str(_("All employees"))
        if self.kind == "partners":
            return str(_("All partners"))
        if self.kind == "department":
            return str(_("%(department)s and what belongs to it", department=in_language(_local(self.label))))
        if self.kind == "role":
            return str(ROLE_NAMES.get(Role(self.value), self.value))
        if self.kind == "site":
            return str(_("People in %(site)s", site=self.value))
        if self.kind == "group":
            return str(_("Team %(team)s", team=in_language(_local(self.label))))
        return str(self.label)


def _local(label: Mapping[str, str] | str) -> Mapping[str, str]:
    return {"": label} if isinstance(label, str) else label


def groups_of(announcement_id: int) -> list[Group]:
    """Return the audience of an announcement in its order."""
    found = select(AnnouncementAudience, Department, Person, Team)
    found = found.outerjoin(Department, Department.id == AnnouncementAudience.department_id)
    found = found.outerjoin(Person, Person.id == AnnouncementAudience.person_id)
    found = found.outerjoin(Team, and_(AnnouncementAudience.kind == "group", Team.public_id == AnnouncementAudience.value))
    found = found.where(AnnouncementAudience.announcement_id == announcement_id).order_by(AnnouncementAudience.id)
    return [_group(*row) for row in db.session.execute(found)]


def _group(row: AnnouncementAudience, department: Department | None, person: Person | None, team: Team | None) -> Group:
    if department is not None:
        return Group(row.kind, department.slug, department.id, department.name)
    if person is not None:
        return Group(row.kind, person.public_id, person.id, person.name)
    if team is not None:
        return Group(row.kind, team.public_id, team.id, team.name)
    return Group(row.kind, row.value or "")


def row_of(group: Group, announcement_id: int) -> AnnouncementAudience:
    """Return the row that stores a group."""
    return AnnouncementAudience(
        announcement_id=announcement_id,
        kind=group.kind,
        department_id=group.id if group.kind == "department" else None,
        person_id=group.id if group.kind == "person" else None,
        value=group.value[:VALUE] if group.kind in ("role", "site", "group") else None,
    )


def offered() -> list[Group]:
    """Return the groups that the composer offers, apart from single people."""
    departments = db.session.execute(select(Department.id, Department.slug, Department.name)).all()
    units = [Group("department", slug, id_, name) for id_, slug, name in departments]
    teams = db.session.scalars(select(Team).where(Team.ended_at.is_(None)).order_by(Team.id))
    groups = [Group("group", team.public_id, team.id, team.name) for team in teams]
    sites = db.session.scalars(select(Person.site).where(Person.site != "", Person.active).distinct().order_by(Person.site))
    return [
        Group("employees"),
        Group("partners"),
        *sorted(units, key=lambda unit: fold(in_language(_local(unit.label)))),
        *(Group("role", role) for role in ROLE_NAMES),
        *(Group("site", site) for site in sites),
        *sorted(groups, key=lambda group: fold(group.words)),
    ]


# --- from the side of the announcement -------------------------------------------------------------------------------


def is_in(group: Group, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `person` belongs to the group.

    For partners only groups that name partners count (permissions.md 2); an auditor's account belongs to no group of colleagues.
    """
    if group.kind == "partners":
        return _holds(Role.PARTNER, now)
    if group.kind == "person":
        return Person.id == group.id
    if group.kind == "group":
        return Person.id.in_(_team(Team.public_id == group.value).with_only_columns(TeamMember.person_id))
    if group.kind not in INTERNAL:
        return false()
    colleague = and_(~_holds(Role.PARTNER, now), ~_holds(Role.AUDITOR, now))
    if group.kind == "department":
        return and_(colleague, Person.department_id.in_(_within(group.id)))
    if group.kind == "role":
        return and_(colleague, _holds(Role(group.value), now))
    return and_(colleague, Person.site == group.value) if group.kind == "site" else colleague


def members(groups: Iterable[Group], now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `person` is addressed: active, and in one of the groups."""
    return and_(Person.active, or_(false(), *(is_in(group, now) for group in groups)))


def _holds(role: Role, now: datetime) -> ColumnElement[bool]:
    grant = aliased(RoleGrant)
    counts = and_(grant.from_at <= now, or_(grant.until_at.is_(None), grant.until_at > now))
    return exists().where(grant.person_id == Person.id, grant.role == role, counts)


def _team(which: ColumnElement[bool]) -> Select[TeamMember]:
    """Select who belongs now to the teams meant."""
    found = select(TeamMember).join(TeamMember.team).where(Team.ended_at.is_(None), TeamMember.until_at.is_(None))
    return found.where(which)


def _within(department_id: int | None) -> Select[int]:
    """Select the department and all below it; closed ones too, since nobody's content is read here."""
    tree = select(Department.id).where(Department.id == department_id).cte(recursive=True)
    tree = tree.union(select(Department.id).join(tree, Department.parent_id == tree.c.id))
    return select(tree.c.id)


# --- from the side of the person -------------------------------------------------------------------------------------


def addressed_to(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that one row of the announcement's audience names the person."""
    row = AnnouncementAudience
    teams = _team(TeamMember.person_id == person.id).with_only_columns(Team.public_id)
    named = [and_(row.kind == "person", row.person_id == person.id), and_(row.kind == "group", row.value.in_(teams))]
    if has_role(person, Role.PARTNER, now):
        named.append(row.kind == "partners")
    elif not has_role(person, Role.AUDITOR, now):
        roles = sorted({role for role, _scope in grants_of(person, now)})
        named += [
            row.kind == "employees",
            and_(row.kind == "department", row.department_id.in_(above([person.department_id]))),
            and_(row.kind == "role", row.value.in_(roles)),
            and_(row.kind == "site", row.value == person.site, literal(person.site) != ""),
        ]
    return exists().where(row.announcement_id == Announcement.id, or_(*named))
