"""What is mandatory for whom, and who is exempt for a time (rules 24 to 29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.people.models import Department, Person
from portal.training import competence
from portal.training.models import Exemption, Requirement, Topic, TrainingRecord
from portal.training.queries.mandatory import held_before, rule_for, today_of, validity_of


@dataclass(frozen=True)
class Terms:
    """For whom a topic is mandatory, one of the three, and on which terms."""

    role: str | None = None
    department: Department | None = None
    site: str | None = None
    validity_months: int | None = None
    window_days: int = 60
    grace_days: int = 30


def require(topic: Topic, terms: Terms, by: Person, now: datetime) -> Requirement:
    """Make a topic mandatory from today on: everybody is due after the days of grace, nobody at once expired (TR19)."""
    if sum(each is not None for each in (terms.role, terms.department, terms.site)) != 1:
        raise Refused(_("Say for whom: a role, a department or a site."))
    requirement = Requirement(
        topic_id=topic.id,
        role=terms.role,
        department_id=terms.department.id if terms.department else None,
        site=terms.site,
        validity_months=terms.validity_months,
        window_days=terms.window_days,
        grace_days=terms.grace_days,
        from_on=today_of(now),
        by_id=by.id,
    )
    db.session.add(requirement)
    db.session.flush()
    audit.record(by, "requirement.added", "topic", topic.id, after={"requirement": requirement.id})
    return requirement


def end_requirement(requirement: Requirement, by: Person, now: datetime) -> None:
    """End a requirement with today; records stay (rule 27)."""
    lock(Requirement, requirement.id)
    requirement.until_on = requirement.until_on or today_of(now)
    audit.record(by, "requirement.ended", "topic", requirement.topic_id)


def change_months(requirement: Requirement, months: int | None, by: Person, now: datetime) -> None:
    """Change the validity of what is completed later; what was completed stays as it is (rule 28)."""
    lock(Requirement, requirement.id)
    before, requirement.validity_months = requirement.validity_months, months
    audit.record(by, "requirement.months", "topic", requirement.topic_id, before={"months": before}, after={"months": months})


def preview(requirement: Requirement, now: datetime) -> Sequence[tuple[TrainingRecord, date | None]]:
    """Return which existing records would have another validity under the months of today (rule 28)."""
    found = select(TrainingRecord).where(TrainingRecord.topic_id == requirement.topic_id).order_by(TrainingRecord.id)
    changed = []
    for record in db.session.scalars(found):
        held = validity_of(record)
        until = _valid_under(requirement, record)
        person = db.session.get_one(Person, record.person_id)
        if held.counts and held.valid_until != until and rule_for(person, requirement.topic_id, now) is requirement:
            changed.append((record, until))
    return changed


def _valid_under(requirement: Requirement, record: TrainingRecord) -> date | None:
    """Return the validity under the months of today; a renewal counts from what was held when it was entered (rule 25)."""
    months = requirement.validity_months or requirement.topic.validity_months
    before = held_before(record.person_id, record.topic_id, record.completed_on, record.at)
    return competence.valid_until(record.completed_on, months, requirement.window_days, before)


def exempt(person: Person, topic: Topic, span: tuple[date, date], reason: str, by: Person, now: datetime) -> Exemption:
    """Let somebody off for a time; afterwards the days of grace begin anew (rule 29)."""
    if span[1] < span[0]:
        raise Refused(_("It ends before it begins."))
    if not reason:
        raise Refused(_("Say why somebody is exempt."))
    exemption = Exemption(person_id=person.id, topic_id=topic.id, reason=reason, at=now, by_id=by.id)
    exemption.from_on, exemption.until_on = span
    db.session.add(exemption)
    db.session.flush()
    audit.record(by, "exemption.given", "topic", topic.id, after={"person": person.id, "until": span[1].isoformat()})
    return exemption
