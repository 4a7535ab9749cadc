"""Who may ask for a service, in words (forms.md 19)."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from portal.catalogue.models import AudienceRow
from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Role

ROLE_NAMES = {
    Role.AGENT: lazy_gettext("Agents"),
    Role.HEAD: lazy_gettext("Heads of department"),
    Role.CATALOGUE_EDITOR: lazy_gettext("Catalogue editors"),
    Role.TRAINER: lazy_gettext("Trainers"),
    Role.IMPROVER: lazy_gettext("Improvement teams"),
    Role.COMMUNICATIONS: lazy_gettext("Communications"),
    Role.ADMINISTRATOR: lazy_gettext("Administrators"),
}
"""The roles that an audience, a stage or a confidential question may name."""


def rows_of(service_id: int) -> list[AudienceRow]:
    """Return the rows of the audience of a service."""
    return list(db.session.scalars(select(AudienceRow).where(AudienceRow.service_id == service_id).order_by(AudienceRow.id)))


def in_words(rows: Iterable[AudienceRow]) -> list[str]:
    """Return each row as people say it."""
    return [_row(row) for row in rows]


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
