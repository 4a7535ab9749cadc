"""What is mandatory for whom, and how each person stands: computed, never stored (rules 24 to 31)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.people.models import Department, Person, RoleGrant
from portal.people.queries import ancestors, current_grants
from portal.training import competence
from portal.training.competence import Standing, Status
from portal.training.models import Exemption, RecordValidity, Requirement, TrainingRecord

MOST_NAMED = 1000


@dataclass(frozen=True)
class Held:
    """What a record is worth now."""

    counts: bool
    valid_until: date | None


@dataclass(frozen=True)
class Cell:
    """How one person stands in one topic."""

    status: Status
    facts: Standing
    requirement: Requirement | None

    @property
    def by(self) -> date | None:
        """Return the date that counts: until when it is valid, or by when it is due."""
        covered = self.status in (*competence.COVERED, Status.EXPIRED)
        return self.facts.valid_until if covered else self.facts.due_on if self.facts.assigned_on else None


def among(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that names few people, or none where so many are meant that reading all is better."""
    return column.in_(ids) if len(ids) <= MOST_NAMED else true()


NOT_FOR_THEM = Cell(Status.NOT_APPLICABLE, Standing(None), None)


def today_of(now: datetime) -> date:
    """Return the day it is where the company is (rule 26)."""
    return now.astimezone(ZoneInfo(str(current_app.config["PORTAL_TIMEZONE"]))).date()


def requirements(today: date) -> Sequence[Requirement]:
    """Return the requirements that stand."""
    found = select(Requirement).where((Requirement.until_on.is_(None)) | (Requirement.until_on >= today))
    return db.session.scalars(found.options(joinedload(Requirement.topic)).order_by(Requirement.id)).all()


def validity_of(record: TrainingRecord) -> Held:
    """Return what a record is worth now."""
    return _validities([record])[record.id]


def _validities(records: Iterable[TrainingRecord], known_at: datetime | None = None) -> dict[int, Held]:
    """Return what records are worth; of several rows the latest counts, or the latest known at a moment."""
    held = {record.id: Held(True, record.valid_until) for record in records}
    later = select(RecordValidity).where(among(RecordValidity.record_id, held)).order_by(RecordValidity.id)
    if known_at is not None:
        later = later.where(RecordValidity.at <= known_at)
    for row in (each for each in db.session.scalars(later) if each.record_id in held):
        held[row.record_id] = Held(row.counts, row.valid_until)
    return held


def held_before(person_id: int, topic_id: int, day: date, known_at: datetime | None = None) -> date | None:
    """Return until when an earlier completion is valid, for a renewal on a day (rule 25), as it was known at a moment."""
    found = select(TrainingRecord).where(TrainingRecord.person_id == person_id, TrainingRecord.topic_id == topic_id)
    records = db.session.scalars(found.where(TrainingRecord.completed_on < day)).all()
    untils = [held.valid_until for held in _validities(records, known_at).values() if held.counts and held.valid_until]
    return max(untils, default=None)


@dataclass(frozen=True)
class Groups:
    """What requirements are told apart by: roles with their start, departments above, the site."""

    roles: Mapping[str, date]
    departments: Collection[int]
    site: str
    since: date


def groups_of(people: Sequence[Person], now: datetime, rules: Sequence[Requirement]) -> dict[int, Groups]:
    """Return the groups of each person, as far as these requirements tell people apart by them."""
    parents: dict[int, int | None] = {}
    if any(rule.department_id is not None for rule in rules):
        parents = _parents(people)
    roles: dict[int, dict[str, date]] = defaultdict(dict)
    if any(rule.role is not None for rule in rules):
        grants = select(RoleGrant.person_id, RoleGrant.role, RoleGrant.from_at).where(current_grants(now))
        for person_id, role, since in db.session.execute(
            grants.where(among(RoleGrant.person_id, [person.id for person in people]))
        ):
            day = today_of(since)
            roles[person_id][role] = min(day, roles[person_id].get(role, day))
    return {
        person.id: Groups(roles[person.id], _above(person.department_id, parents), person.site, today_of(person.created_at))
        for person in people
    }


def _parents(people: Sequence[Person]) -> dict[int, int | None]:
    if len(people) == 1:
        return {each.id: each.parent_id for each in ancestors(people[0].department_id)}
    return {row[0]: row[1] for row in db.session.execute(select(Department.id, Department.parent_id))}


def _above(department_id: int, parents: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    step: int | None = department_id
    while step is not None and step not in found:
        found.add(step)
        step = parents.get(step)
    return found


def assigned_on(requirement: Requirement, groups: Groups) -> date | None:
    """Return since when a requirement applies to somebody, None if it does not (rule 27)."""
    if requirement.role is not None:
        since = groups.roles.get(requirement.role)
        return max(requirement.from_on, since) if since else None
    here = requirement.department_id in groups.departments or (requirement.site is not None and requirement.site == groups.site)
    return max(requirement.from_on, groups.since) if here else None


def rule_for(person: Person, topic_id: int, now: datetime) -> Requirement | None:
    """Return the requirement by which a topic is mandatory for a person, the strictest of several."""
    applying = _applying(person, topic_id, now)
    return min((rule for rule, _since in applying), key=_strictness, default=None)


def _applying(person: Person, topic_id: int, now: datetime) -> list[tuple[Requirement, date]]:
    rules = [each for each in requirements(today_of(now)) if each.topic_id == topic_id]
    groups = groups_of([person], now, rules)[person.id]
    return [(rule, since) for rule in rules if (since := assigned_on(rule, groups))]


def renewal_of(person: Person, topic_id: int, now: datetime) -> Standing | None:
    """Return what renewing a topic depends on for a person, None where it is not mandatory for them (rule 25)."""
    applying = _applying(person, topic_id, now)
    if not applying:
        return None
    held = _held([person.id], [topic_id]).get((person.id, topic_id))
    return _cell(applying, held, [], today_of(now)).facts


def _strictness(requirement: Requirement) -> tuple[int, int]:
    return requirement.validity_months or requirement.topic.validity_months or 10_000, requirement.id


def standings(
    people: Sequence[Person], topic_ids: Collection[int], now: datetime, rules: Sequence[Requirement] | None = None
) -> dict[tuple[int, int], Cell]:
    """Return how people stand in topics, {(person, topic): cell}, in a constant number of statements."""
    today, ids = today_of(now), [person.id for person in people]
    rules = [each for each in (requirements(today) if rules is None else rules) if each.topic_id in topic_ids]
    if not rules:
        return {(person.id, topic_id): NOT_FOR_THEM for person in people for topic_id in topic_ids}
    groups, held, waived = groups_of(people, now, rules), _held(ids, topic_ids), _waived(ids, topic_ids)
    cells = {}
    for person in people:
        for topic_id in topic_ids:
            key = (person.id, topic_id)
            of_topic = [(each, assigned_on(each, groups[person.id])) for each in rules if each.topic_id == topic_id]
            applying = [(each, since) for each, since in of_topic if since]
            cells[key] = _cell(applying, held.get(key), waived.get(key, []), today)
    return cells


def _cell(
    applying: Sequence[tuple[Requirement, date]], held: Held | None, waived: Sequence[tuple[date, date]], today: date
) -> Cell:
    if not applying:
        return NOT_FOR_THEM
    rule, since = min(applying, key=lambda pair: _strictness(pair[0]))
    begun = [span for span in waived if span[0] <= today]  # what is waived later changes nothing before (rule 29)
    facts = Standing(since, rule.grace_days, rule.window_days, held is not None, held.valid_until if held else None, begun)
    return Cell(competence.status(facts, today), facts, rule)


def _held(person_ids: Collection[int], topic_ids: Collection[int]) -> dict[tuple[int, int], Held]:
    """Return the longest validity that each person has in each topic."""
    row = aliased(RecordValidity)
    latest = select(func.max(row.id)).where(row.record_id == TrainingRecord.id).correlate(TrainingRecord).scalar_subquery()
    found = select(TrainingRecord, RecordValidity).outerjoin(RecordValidity, RecordValidity.id == latest)
    found = found.where(among(TrainingRecord.person_id, person_ids), TrainingRecord.topic_id.in_(topic_ids))
    best: dict[tuple[int, int], Held] = {}
    for record, later in db.session.execute(found):
        held = Held(later.counts, later.valid_until) if later else Held(True, record.valid_until)
        key = (record.person_id, record.topic_id)
        if held.counts and (key not in best or _longer(held, best[key])):
            best[key] = held
    return best


def _longer(one: Held, other: Held) -> bool:
    if one.valid_until is None or other.valid_until is None:
        return one.valid_until is None
    return one.valid_until > other.valid_until


def _waived(person_ids: Collection[int], topic_ids: Collection[int]) -> dict[tuple[int, int], list[tuple[date, date]]]:
    found = select(Exemption).where(among(Exemption.person_id, person_ids), Exemption.topic_id.in_(topic_ids))
    waived: dict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
    for each in db.session.scalars(found.order_by(Exemption.from_on)):
        waived[each.person_id, each.topic_id].append((each.from_on, each.until_on))
    return waived


def cell_of(person: Person, topic_id: int, now: datetime) -> Cell:
    """Return how one person stands in one topic."""
    return standings([person], [topic_id], now)[person.id, topic_id]
