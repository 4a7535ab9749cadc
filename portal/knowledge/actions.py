"""Writing, changing, withdrawing and acknowledging standards; a changed one gets a new version and nothing is rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.catalogue.models import Service
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.knowledge import policies, queries
from portal.knowledge.models import ServiceStandard, StandardAcknowledgement, StandardRemark, StandardVersion
from portal.people.models import Department, Person
from portal.service_levels.models import ServiceLevel, ServiceTarget


class StaleStandard(Refused):
    """Somebody else has changed the standard since the page was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this standard meanwhile."))


@dataclass(frozen=True)
class Content:
    """What a version says, and on what it rests."""

    sentence: Mapping[str, str]
    service: Service | None
    clock: str
    level: ServiceLevel | None


def promise(department: Department, content: Content, by: Person, now: datetime) -> ServiceStandard:
    """Add a standard with its first version."""
    standard = ServiceStandard(department_id=department.id)
    db.session.add(standard)
    db.session.flush()
    _write(standard, 1, content, by, now)
    return standard


def change(standard: ServiceStandard, content: Content, seen: int, by: Person, now: datetime) -> None:
    """Add a version to a standard; what it said before keeps its months (KH15)."""
    lock(ServiceStandard, standard.id)
    if standard.withdrawn_at is not None or queries.current(standard).number != seen:
        raise StaleStandard
    _write(standard, seen + 1, content, by, now)


def withdraw(standard: ServiceStandard, by: Person, now: datetime) -> None:
    """End a standard; its old months stay."""
    lock(ServiceStandard, standard.id)
    standard.withdrawn_at = standard.withdrawn_at or now
    audit.record(by, "standard.withdrawn", "service_standard", standard.id)


def acknowledge(standard: ServiceStandard, by: Person, now: datetime) -> None:
    """Record that somebody of the department stands by what the standard says now; once is enough."""
    decision = policies.may_acknowledge(by, standard.department_id, now)
    if not decision:
        raise Refused(decision.reason)
    lock(ServiceStandard, standard.id)
    version = queries.current(standard)
    if (version.id, by.id) not in queries.acknowledged([version.id]):
        db.session.add(StandardAcknowledgement(version_id=version.id, person_id=by.id, at=now))


def remark(version: StandardVersion, month: str, text: Mapping[str, str], seen: int, by: Person, now: datetime) -> None:
    """Say something to the result of a month, or take it back; what was said before is kept, and no number changes (9)."""
    decision = policies.may_remark(by, version.standard.department_id, now)
    if not decision:
        raise Refused(decision.reason)
    lock(ServiceStandard, version.standard_id)
    before = next(iter(queries.remarks_of([version.id], month).get(version.id, ())), None)
    if (before.number if before else 0) != seen:
        raise StaleStandard
    said = {language: words for language, words in text.items() if words}
    if said == (dict(before.text) if before else {}):
        return
    row = StandardRemark(version_id=version.id, month=month, number=seen + 1, text=said, at=now, by_id=by.id)
    db.session.add(row)
    after = {"month": month, "version": version.number, **said}
    audit.record(by, "standard.remarked", "service_standard", version.standard_id, after=after)


def _write(standard: ServiceStandard, number: int, content: Content, by: Person, now: datetime) -> None:
    level = content.level
    wanted = select(ServiceTarget).where(
        ServiceTarget.kind == content.clock, ServiceTarget.level_id == (level.id if level else None)
    )
    target = db.session.scalar(wanted)
    version = StandardVersion(
        standard_id=standard.id,
        number=number,
        sentence=dict(content.sentence),
        service_id=content.service.id if content.service else None,
        clock=content.clock,
        level_id=level.id if level else None,
        amount=target.amount if target else None,
        unit=target.unit if target else None,
        at=now,
        by_id=by.id,
    )
    db.session.add(version)
    db.session.flush()
    audit.record(by, "standard.written", "service_standard", standard.id, after={"number": number, **content.sentence})
