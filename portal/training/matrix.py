"""The matrix of people and topics: who is covered, who is not, and what is planned (rules 30 to 32)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.training import competence, queries
from portal.training.competence import GAPS, Status
from portal.training.models import Enrolment, EnrolmentState, Topic, TrainingSession
from portal.training.queries.mandatory import Cell, among

LETTERS = {
    Status.VALID: "V",
    Status.IN_WINDOW: "R",
    Status.DUE: "P",
    Status.MISSING: "M",
    Status.EXPIRED: "X",
    Status.EXEMPT: "E",
    Status.NOT_APPLICABLE: "–",
}
WORDS = {
    Status.VALID: _("valid"),
    Status.IN_WINDOW: _("to renew"),
    Status.DUE: _("to be done"),
    Status.MISSING: _("missing"),
    Status.EXPIRED: _("expired"),
    Status.EXEMPT: _("exempt"),
    Status.NOT_APPLICABLE: _("does not apply"),
}
KINDS = {Status.VALID: "ok", Status.IN_WINDOW: "warn", Status.DUE: "info", Status.MISSING: "bad", Status.EXPIRED: "bad"}
AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Row:
    """One person and how they stand in each topic."""

    person: Person
    cells: Sequence[Cell]
    booked: Sequence[date | None]


@dataclass(frozen=True)
class Matrix:
    """All people that the reader may look at, and the share of each topic."""

    topics: Sequence[Topic]
    rows: Sequence[Row]
    shares: Sequence[int | None]


@dataclass(frozen=True)
class Falling:
    """How many fall due in a topic and have no seat, and whether anything is planned."""

    topic: Topic
    people: int
    before: date
    planned: int


def people_for(reader: Person, now: datetime) -> Select[Person]:
    """Select whose standing the reader may see: trainers all, heads their own people (permissions.md rows 24, 33)."""
    found = select(Person).where(Person.active).options(joinedload(Person.department))
    if any(has_role(reader, role, now) for role in (Role.TRAINER, Role.ADMINISTRATOR, Role.AUDITOR)):
        return found
    return found.where(Person.department_id.in_(departments_as(reader, Role.HEAD, now)))


def mandatory_topics(now: datetime) -> list[Topic]:
    """Return the topics that are mandatory for somebody."""
    found = {each.topic_id: each.topic for each in queries.requirements(queries.today_of(now))}
    return [found[key] for key in sorted(found)]


def read(reader: Person, now: datetime, *, gap: bool = False, department_id: int | None = None, topic: str = "") -> Matrix:
    """Return the matrix, filtered by gap, department and topic."""
    topics = [each for each in mandatory_topics(now) if not topic or each.public_id == topic]
    found = people_for(reader, now)
    if department_id is not None:
        found = found.where(Person.department_id == department_id)
    people = db.session.scalars(found.order_by(Person.sort_name, Person.id)).all()
    ids = [each.id for each in topics]
    cells, booked = queries.standings(people, ids, now), booked_of([person.id for person in people], ids, now)
    rows = [_row(person, ids, cells, booked) for person in people]
    shares = [competence.share(dict(Counter(row.cells[place].status for row in rows))) for place in range(len(ids))]
    kept = [row for row in rows if any(cell.status != Status.NOT_APPLICABLE for cell in row.cells)]
    return Matrix(topics, [row for row in kept if not gap or any(cell.status in GAPS for cell in row.cells)], shares)


def _row(
    person: Person, ids: Sequence[int], cells: Mapping[tuple[int, int], Cell], booked: Mapping[tuple[int, int], date]
) -> Row:
    return Row(person, [cells[person.id, each] for each in ids], [booked.get((person.id, each)) for each in ids])


def booked_of(person_ids: Collection[int], topic_ids: Collection[int], now: datetime) -> dict[tuple[int, int], date]:
    """Return when people have a seat in a coming session of a topic: beside the status, never part of it (rule 30)."""
    seats = select(Enrolment.person_id, TrainingSession.topic_id, TrainingSession.first_starts_at).join(Enrolment.session)
    coming = seats.where(Enrolment.state == EnrolmentState.CONFIRMED, TrainingSession.first_starts_at > now)
    found = coming.where(TrainingSession.topic_id.in_(topic_ids), among(Enrolment.person_id, person_ids))
    booked: dict[tuple[int, int], date] = {}
    for person_id, topic_id, start in db.session.execute(found.order_by(TrainingSession.first_starts_at.desc())):
        booked[person_id, topic_id or 0] = queries.today_of(start)
    return booked


def falling_due(now: datetime) -> list[Falling]:
    """Return for each mandatory topic how many fall due within half a year, and how many sessions are planned (rule 32)."""
    topics, before = mandatory_topics(now), queries.today_of(now) + AHEAD
    ids = [topic.id for topic in topics]
    people = db.session.scalars(select(Person).where(Person.active)).all()
    cells, booked = queries.standings(people, ids, now), booked_of([person.id for person in people], ids, now)
    planned = select(TrainingSession.topic_id).where(
        TrainingSession.first_starts_at > now, TrainingSession.cancelled_at.is_(None)
    )
    sessions = Counter(db.session.scalars(planned))
    falling: Counter[int] = Counter()
    for key, cell in cells.items():
        falling[key[1]] += key not in booked and _falls(cell, before)
    return [Falling(topic, falling[topic.id], before, sessions[topic.id]) for topic in topics if falling[topic.id]]


def _falls(cell: Cell, before: date) -> bool:
    if cell.status in (Status.EXEMPT, Status.NOT_APPLICABLE):
        return False
    return cell.status in GAPS or (cell.by is not None and cell.by <= before)
