"""Which queue an address means."""

from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Role
from portal.people.queries import departments_as, me


def all_departments() -> list[Department]:
    """Return all departments by name."""
    return sorted(db.session.scalars(select(Department)), key=lambda each: fold(in_language(each.name)))


def own_queue(slug: str, departments: list[Department]) -> Department:
    """Return the queue that the address names, else the agent's first; one of others is as unknown (400)."""
    own = set(departments_as(me(), Role.AGENT))
    queues = [each for each in departments if each.id in own]
    found = next((each for each in queues if each.slug == slug), None) if slug else queues[0]
    if found is None:
        raise BadRequest
    return found
