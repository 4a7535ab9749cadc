"""Finding services and forms."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import ancestors, grants_of, has_role


def in_audience(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that one row of the service's audience names the person (forms.md 19)."""
    everyone = "partners" if has_role(person, Role.PARTNER, now) else "employees"
    above = [department.id for department in ancestors(person.department_id)]
    roles = sorted({role for role, _ in grants_of(person, now)})
    return exists().where(
        AudienceRow.service_id == Service.id,
        or_(
            AudienceRow.kind == everyone,
            and_(AudienceRow.kind == "department", AudienceRow.department_id.in_(above)),
            and_(AudienceRow.kind == "role", AudienceRow.value.in_(roles)),
            and_(AudienceRow.kind == "site", AudienceRow.value == person.site, AudienceRow.value != ""),
            and_(AudienceRow.kind == "person", AudienceRow.person_id == person.id),
        ),
    )


def visible_to(person: Person, now: datetime) -> Select[Service]:
    """Select the published services for which the person may ask; auditors ask for nothing (permissions.md 2)."""
    if has_role(person, Role.AUDITOR, now):
        return select(Service).where(Service.id.is_(None))
    return select(Service).where(Service.state == "published", in_audience(person, now))


def published_version(service_id: int) -> FormVersion | None:
    """Return the form that is asked now."""
    return db.session.scalar(select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state == "published"))
