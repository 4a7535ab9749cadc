"""How the reader stands: what is to be completed first, and what a session would do for it (rules 9, 25, 33)."""

from datetime import date, datetime

from flask_babel import gettext as _

from portal.core.text import day_words
from portal.people.models import Person
from portal.training import competence, queries
from portal.training.competence import GAPS, Status
from portal.training.models import Topic, TrainingSession
from portal.training.queries.mandatory import Cell, renewal_of

OPEN = (*GAPS, Status.DUE, Status.IN_WINDOW)


def own_cells(person: Person, now: datetime) -> dict[int, tuple[Topic, Cell]]:
    """Return how a person stands in all mandatory topics."""
    rules = queries.requirements(queries.today_of(now))
    if not rules:
        return {}
    topics = {rule.topic_id: rule.topic for rule in rules}
    cells = queries.standings([person], list(topics), now, rules)
    return {topic_id: (topic, cells[person.id, topic_id]) for topic_id, topic in topics.items()}


def most_urgent(cells: dict[int, tuple[Topic, Cell]]) -> tuple[Topic, date] | None:
    """Return the topic that falls due first, if any does."""
    found = [(topic, cell.by) for topic, cell in cells.values() if cell.status in OPEN and cell.by is not None]
    return min(found, key=lambda pair: pair[1], default=None)


def notes(session: TrainingSession, cells: dict[int, tuple[Topic, Cell]]) -> dict[str, str]:
    """Return the tags of a session for its reader: what falls due, or that it is mandatory."""
    found = cells.get(session.topic_id or 0)
    if found is None or found[1].status in (Status.NOT_APPLICABLE, Status.EXEMPT):
        return {}
    cell = found[1]
    if cell.status in OPEN and cell.by is not None:
        words = _("Yours ends %(day)s") if cell.facts.has_record else _("Yours is due %(day)s")
        return {"warn": words % {"day": day_words(cell.by)}}
    return {"info": _("Mandatory")}


def warning(person: Person, topic_id: int, day: date, now: datetime) -> str:
    """Return the warning that renewing on that day is too early and gives up what is left (TR18)."""
    facts = renewal_of(person, topic_id, now)
    if facts is None or not competence.is_too_early(day, facts.window_days, facts.valid_until):
        return ""
    opens = facts.window_opens
    words = _("Yours is valid until %(until)s. Before %(opens)s the new validity counts from the day of the session.")
    return str(words % {"until": day_words(facts.valid_until or day), "opens": day_words(opens or day)})
