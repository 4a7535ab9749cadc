"""Who may ask for a service, in words (forms.md 19)."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.catalogue.models import AudienceRow
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person, Role
from portal.people.queries import ROLE_NAMES

SITE = 80


def rows_of(service_id: int) -> list[AudienceRow]:
    """Return the rows of the audience of a service."""
    found = select(AudienceRow).where(AudienceRow.service_id == service_id).order_by(AudienceRow.id)
    return list(db.session.scalars(found.options(joinedload(AudienceRow.department), joinedload(AudienceRow.person))))


def in_words(rows: Iterable[AudienceRow]) -> list[str]:
    """Return each row as people say it."""
    return [_row(row) for row in rows]


def offered(departments: Select[Department]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups that an audience may name, under headings: value and words."""
    units = [(f"department:{each.slug}", in_language(each.name)) for each in db.session.scalars(departments)]
    sites = db.session.scalars(select(Person.site).where(Person.site != "", Person.active).distinct().order_by(Person.site))
    everybody = [("employees", str(_("All employees"))), ("partners", str(_("All partners")))]
    return [
        (str(_("Everybody")), everybody),
        (str(_("Departments")), sorted(units, key=lambda unit: fold(unit[1]))),
        (str(_("Roles")), [(f"role:{role}", str(words)) for role, words in ROLE_NAMES.items()]),
        (str(_("Sites")), [(f"site:{site}", site) for site in sites]),
    ]


def row_for(value: str) -> AudienceRow | None:
    """Return the row for a value that `offered` gave, or None when it is none."""
    kind, _colon, name = value.partition(":")
    if kind in ("employees", "partners") and not name:
        return AudienceRow(kind=kind)
    if kind == "department":
        department = db.session.scalar(select(Department).where(Department.slug == name))
        return AudienceRow(kind=kind, department_id=department.id, department=department) if department else None
    if kind == "role" and name in set(ROLE_NAMES):
        return AudienceRow(kind=kind, value=name)
    return AudienceRow(kind=kind, value=name[:SITE]) if kind == "site" and name else None


def _row(row: AudienceRow) -> str:
    if row.kind == "employees":
        return str(_("All employees"))
    if row.kind == "partners":
        return str(_("All partners"))
    if row.department:
        return str(_("%(department)s and what belongs to it", department=in_language(row.department.name)))
    if row.person:
        return row.person.name
    if row.kind == "role":
        return str(ROLE_NAMES.get(Role(str(row.value)), row.value))
    return str(_("People in %(site)s", site=row.value))


def key_of(row: AudienceRow) -> str:
    """Return what tells a row apart from others of the same service."""
    named = row.department.slug if row.department else row.person.public_id if row.person else row.value
    return f"{row.kind}:{named}" if named else row.kind
