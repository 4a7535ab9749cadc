"""“I need this”: who asks for a topic, told of each new session, until they have a seat (rule 33)."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db, lock
from portal.people.models import Person
from portal.training.models import Demand, Topic
from portal.training.queries.demand import open_demand


def need(topic: Topic, person: Person, now: datetime) -> Demand:
    """Note that somebody needs a topic; asked again, it is the same row."""
    lock(Topic, topic.id)
    there = open_demand(topic.id, person.id)
    if there is not None:
        return there
    demand = Demand(topic_id=topic.id, person_id=person.id, at=now)
    db.session.add(demand)
    db.session.flush()
    return demand


def need_no_more(topic: Topic, person: Person, now: datetime) -> None:
    """Take the wish back."""
    if (there := open_demand(topic.id, person.id)) is not None:
        there.closed_at = now


def close(topic_id: int, person_id: int, enrolment_id: int, now: datetime) -> None:
    """Close the wish of somebody who has a seat now."""
    found = select(Demand).where(Demand.topic_id == topic_id, Demand.person_id == person_id, Demand.closed_at.is_(None))
    for demand in db.session.scalars(found):
        demand.closed_at, demand.closed_by_id = now, enrolment_id
