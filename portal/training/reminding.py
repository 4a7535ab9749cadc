"""Reminders of what falls due: one mail a person for all topics, each stage of each date once, then the manager (rule 32)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Person
from portal.training import competence, matrix, messages, queries
from portal.training.models import RenewalReminder, Topic
from portal.training.queries.mandatory import Cell

CHUNK = 500

Behind = tuple[Topic, Cell, str]


def remind(now: datetime) -> int:
    """Tell everybody what is new of theirs, and managers who is without; return how many people were told."""
    topics = {topic.id: topic for topic in matrix.mandatory_topics(now)}
    told, last = 0, 0
    behind: dict[int, list[Behind]] = defaultdict(list)
    while people := db.session.scalars(
        select(Person).where(Person.active, Person.id > last).order_by(Person.id).limit(CHUNK)
    ).all():
        last = people[-1].id
        told += _remind(people, topics, behind, now)
    for manager_id, missing in behind.items():
        lines = [_line(topic, cell) | {"name": name} for topic, cell, name in missing]
        messages.renewals_of_team(manager_id, missing[0][0].id, lines, now)
    return told


def _remind(people: Sequence[Person], topics: Mapping[int, Topic], behind: dict[int, list[Behind]], now: datetime) -> int:
    """Tell some people what is new of theirs, and note for their managers who is without."""
    cells = queries.standings(people, list(topics), now)
    known = _known([person.id for person in people])
    by_id = {person.id: person for person in people}
    fresh: dict[int, list[Any]] = defaultdict(list)
    for (person_id, topic_id), cell in cells.items():
        stage = competence.stage(cell.facts, cell.status, queries.today_of(now))
        if not stage or cell.by is None or (person_id, topic_id, cell.by, stage) in known:
            continue
        db.session.add(RenewalReminder(person_id=person_id, topic_id=topic_id, by_on=cell.by, stage=stage, at=now))
        fresh[person_id].append((topics[topic_id], cell))
        manager = by_id[person_id].manager_id
        if stage == "manager" and manager:
            behind[manager].append((topics[topic_id], cell, by_id[person_id].name))
    db.session.flush()
    for person_id, found in fresh.items():
        messages.renewals(person_id, found[0][0].id, [_line(topic, cell) for topic, cell in found], now)
    return len(fresh)


def _known(person_ids: Sequence[int]) -> set[tuple[int, int, date, str]]:
    columns = (RenewalReminder.person_id, RenewalReminder.topic_id, RenewalReminder.by_on, RenewalReminder.stage)
    found = db.session.execute(select(*columns).where(RenewalReminder.person_id.in_(person_ids)))
    return {(row[0], row[1], row[2], row[3]) for row in found}


def _line(topic: Topic, cell: Cell) -> dict[str, Any]:
    return {"topic": dict(topic.name), "status": str(cell.status), "by": cell.by.isoformat() if cell.by else ""}
