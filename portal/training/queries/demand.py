"""Who needs which topic, when they could come, and what waiting usually brings (rule 33)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager

from portal.core.db import db
from portal.people.models import Person
from portal.training.models import Demand, Enrolment, EnrolmentState, SessionDate, TrainingSession

FEWEST_SESSIONS = 5
LOOK_AHEAD = 60
PROPOSED = 3
FRIDAY = 5
DAY = 86_400


@dataclass(frozen=True)
class FreeDay:
    """A day on which so many of those who need a topic have no other seat."""

    day: date
    free: int
    all: int


@dataclass(frozen=True)
class Outlook:
    """What past sessions of a topic say of waiting: seats that came free on average, usually so many days before."""

    seats: float
    days: int


def open_demand(topic_id: int, person_id: int) -> Demand | None:
    """Return the open wish of a person."""
    mine = (Demand.topic_id == topic_id, Demand.person_id == person_id, Demand.closed_at.is_(None))
    return db.session.scalar(select(Demand).where(*mine))


def demanded_by(person_id: int) -> set[int]:
    """Return the topics that a person needs."""
    found = select(Demand.topic_id).where(Demand.person_id == person_id, Demand.closed_at.is_(None))
    return set(db.session.scalars(found))


def demand_of(topic_id: int) -> Sequence[Demand]:
    """Return who needs a topic, the longest waiting first."""
    found = select(Demand).join(Demand.person).where(Demand.topic_id == topic_id, Demand.closed_at.is_(None), Person.active)
    return db.session.scalars(found.options(contains_eager(Demand.person)).order_by(Demand.at, Demand.id)).all()


def free_days(topic_id: int, today: date) -> list[FreeDay]:
    """Return the next working days on which most of those who need a topic have no other seat."""
    people = [demand.person_id for demand in demand_of(topic_id)]
    if not people:
        return []
    taken: dict[date, set[int]] = defaultdict(set)
    seats = select(SessionDate.local_start, Enrolment.person_id).join(Enrolment, Enrolment.session_id == SessionDate.session_id)
    booked = seats.where(Enrolment.person_id.in_(people), Enrolment.state == EnrolmentState.CONFIRMED)
    for start, person_id in db.session.execute(booked.where(SessionDate.cancelled_at.is_(None))):
        taken[start.date()].add(person_id)
    days = [today + timedelta(days=ahead) for ahead in range(7, LOOK_AHEAD)]
    working = [FreeDay(day, len(people) - len(taken[day]), len(people)) for day in days if day.weekday() < FRIDAY]
    return sorted(working, key=lambda each: (-each.free, each.day))[:PROPOSED]


def outlook(topic_id: int | None, now: datetime) -> Outlook | None:
    """Return what waiting usually brings, only from five past sessions of the topic up."""
    if topic_id is None:
        return None
    past = (TrainingSession.topic_id == topic_id, TrainingSession.last_ends_at <= now, TrainingSession.cancelled_at.is_(None))
    left = and_(Enrolment.session_id == TrainingSession.id, Enrolment.confirmed_at.is_not(None), Enrolment.ended_at.is_not(None))
    found = select(TrainingSession.id, TrainingSession.first_starts_at, Enrolment.ended_at).outerjoin(Enrolment, left)
    rows = db.session.execute(found.where(*past)).all()
    number = len({row[0] for row in rows})
    before = [(start - end).total_seconds() / DAY for _id, start, end in rows if end and end < start]
    if number < FEWEST_SESSIONS or not before:
        return None
    return Outlook(round(len(before) / number, 1), round(median(before)))
