"""Finding standards, what they said when, and who has acknowledged them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.db import db
from portal.knowledge.models import ServiceStandard, StandardAcknowledgement, StandardRemark, StandardVersion
from portal.knowledge.months import bounds
from portal.people.models import Person, Role
from portal.people.queries import holds
from portal.service_levels.queries import calendar_of


def visible_to(person: Person, now: datetime) -> Select[ServiceStandard]:
    """Select the standards that the person may know of: all that stand are for everybody who signs in."""
    return select(ServiceStandard).where(ServiceStandard.withdrawn_at.is_(None)).options(joinedload(ServiceStandard.department))


def versions_of(department_id: int) -> Sequence[StandardVersion]:
    """Return every version of the department's standards, by standard, the oldest first."""
    found = select(StandardVersion).join(StandardVersion.standard).where(ServiceStandard.department_id == department_id)
    whole = (contains_eager(StandardVersion.standard), joinedload(StandardVersion.service), joinedload(StandardVersion.level))
    return db.session.scalars(found.options(*whole).order_by(StandardVersion.standard_id, StandardVersion.number)).all()


def current(standard: ServiceStandard) -> StandardVersion:
    """Return what a standard says now."""
    last = select(func.max(StandardVersion.number)).where(StandardVersion.standard_id == standard.id).scalar_subquery()
    found = select(StandardVersion).where(StandardVersion.standard_id == standard.id, StandardVersion.number == last)
    return db.session.scalars(found).one()


def version_in(standard: ServiceStandard, number: int, month: str, now: datetime) -> StandardVersion | None:
    """Return a version of a standard if it stood in a month that is over."""
    known = {version.number: version for version in versions_of(standard.department_id) if version.standard_id == standard.id}
    found, following = known.get(number), known.get(number + 1)
    whole = bounds(month, calendar_of(standard.department_id).zone)
    if found is None or whole is None:
        return None
    stood = found.at < whole[1] <= now and (following is None or following.at > whole[0])
    return found if stood else None


def remarks_of(version_ids: Collection[int], month: str) -> Mapping[int, Sequence[StandardRemark]]:
    """Return what was said to the results of a month by version, the newest first."""
    found = select(StandardRemark).where(StandardRemark.version_id.in_(version_ids), StandardRemark.month == month)
    said: dict[int, list[StandardRemark]] = defaultdict(list)
    newest = found.options(joinedload(StandardRemark.by)).order_by(StandardRemark.number.desc())
    for remark in db.session.scalars(newest) if version_ids else ():
        said[remark.version_id].append(remark)
    return said


def acknowledged(version_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (version, person) of all who have acknowledged one of these versions."""
    found = select(StandardAcknowledgement.version_id, StandardAcknowledgement.person_id)
    return {(row[0], row[1]) for row in db.session.execute(found.where(StandardAcknowledgement.version_id.in_(version_ids)))}


def people_of(department_id: int, now: datetime) -> Sequence[Person]:
    """Return who is to acknowledge: active people who work in the department or are agents of it, by name."""
    works = or_(Person.department_id == department_id, Person.id.in_(holds(Role.AGENT, department_id, now)))
    return db.session.scalars(select(Person).where(Person.active, works).order_by(Person.sort_name)).all()
