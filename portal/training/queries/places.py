"""How many seats are taken, who waits, and where a person stands: a hint for pages; `serve` decides (rules 2, 3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.people.models import Person
from portal.training import rules
from portal.training.models import LIVE, Enrolment, EnrolmentState, TrainingSession


@dataclass(frozen=True)
class Seats:
    """The seats of one session as they were read."""

    confirmed: int = 0
    offered: int = 0
    waiting: int = 0

    @property
    def taken(self) -> int:
        """Return the seats taken (rule 2)."""
        return self.confirmed + self.offered


@dataclass(frozen=True)
class Place:
    """Where a person stands in a session: the enrolment, its state on reading, and the place in the queue."""

    enrolment: Enrolment
    state: EnrolmentState
    number: int = 0


def is_offered(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an offer holds a seat (rule 13)."""
    return and_(Enrolment.state == EnrolmentState.OFFERED, Enrolment.offer_expires_at > now)


def holds_seat(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an enrolment takes a seat (rule 2)."""
    return or_(Enrolment.state == EnrolmentState.CONFIRMED, is_offered(now))


def seats_of(session_ids: Collection[int], now: datetime) -> dict[int, Seats]:
    """Return the seats of several sessions in one statement."""
    counted = [
        func.sum(case((condition, 1), else_=0))
        for condition in (
            Enrolment.state == EnrolmentState.CONFIRMED,
            is_offered(now),
            Enrolment.state == EnrolmentState.WAITING,
        )
    ]
    found = select(Enrolment.session_id, *counted).where(Enrolment.session_id.in_(session_ids), Enrolment.state.in_(LIVE))
    rows = db.session.execute(found.group_by(Enrolment.session_id)).all()
    read = {row[0]: Seats(int(row[1]), int(row[2]), int(row[3])) for row in rows}
    return {session_id: read.get(session_id, Seats()) for session_id in session_ids}


def is_in(session: TrainingSession, person: Person) -> bool:
    """Return whether a person has a live enrolment in a session."""
    mine = (Enrolment.session_id == session.id, Enrolment.person_id == person.id, Enrolment.state.in_(LIVE))
    return db.session.scalar(select(Enrolment.id).where(*mine)) is not None


def places_of(person: Person, session_ids: Collection[int], now: datetime) -> dict[int, Place]:
    """Return where a person stands in several sessions: the live enrolment, else the latest one that ended."""
    found = select(Enrolment, ahead().label("ahead")).where(
        Enrolment.person_id == person.id, Enrolment.session_id.in_(session_ids)
    )
    rows = db.session.execute(found.order_by(Enrolment.id)).all()
    places: dict[int, Place] = {}
    for enrolment, before_it in rows:
        state = enrolment.state_at(now)
        before = places.get(enrolment.session_id)
        if before is None or before.state not in LIVE:
            number = before_it + 1 if state == EnrolmentState.WAITING else 0
            places[enrolment.session_id] = Place(enrolment, state, number)
    return places


def place_of(person: Person, session_id: int, now: datetime) -> Place | None:
    """Return where a person stands in a session."""
    return places_of(person, [session_id], now).get(session_id)


def ahead() -> ColumnElement[int]:
    """Return how many wait before an enrolment in its queue (rule 9)."""
    other = aliased(Enrolment)
    later = and_(other.queued_at == Enrolment.queued_at, other.id < Enrolment.id)
    before = or_(
        other.priority > Enrolment.priority,
        and_(other.priority == Enrolment.priority, or_(other.queued_at < Enrolment.queued_at, later)),
    )
    count = select(func.count()).where(other.session_id == Enrolment.session_id, other.state == EnrolmentState.WAITING, before)
    return count.scalar_subquery()


def own_enrolment(person: Person, public_id: str) -> Enrolment | None:
    """Return an enrolment of a person."""
    found = select(Enrolment).where(Enrolment.public_id == public_id, Enrolment.person_id == person.id)
    return db.session.scalar(found.options(joinedload(Enrolment.session)))


def participants(session_id: int) -> list[Enrolment]:
    """Return who has a seat, by name: nobody who waits is among them (rule 6)."""
    return [each for each in everybody(session_id) if each.state == EnrolmentState.CONFIRMED]


def queue(session_id: int) -> list[Enrolment]:
    """Return who waits or is asked, in the order of the queue: for the trainer (rule 9)."""
    return in_order(each for each in everybody(session_id) if each.state != EnrolmentState.CONFIRMED)


def everybody(session_id: int) -> Sequence[Enrolment]:
    """Return all live enrolments of a session, by the names of the people."""
    found = select(Enrolment).join(Enrolment.person).where(Enrolment.session_id == session_id, Enrolment.state.in_(LIVE))
    whole = contains_eager(Enrolment.person).joinedload(Person.department)
    return db.session.scalars(found.options(whole).order_by(Person.sort_name, Enrolment.id)).all()


def in_order(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """Return enrolments in the order of the queue (rule 9)."""
    return sorted(enrolments, key=rules.order)
