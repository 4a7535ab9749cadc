"""People whose name or job changed are found by the new one. Whether a person may be found at all is asked in each search."""

from portal.core import clock, events
from portal.core.db import db
from portal.people.events import PersonChanged, PersonCreated
from portal.people.models import Person
from portal.search import actions
from portal.search.people import KIND


def install() -> None:
    """Listen to what happens to people."""
    events.subscribe(PersonCreated, index_person)
    events.subscribe(PersonChanged, index_person)


def index_person(event: PersonCreated | PersonChanged) -> None:
    """Index the person in the transaction of the change."""
    actions.index(KIND, db.session.get_one(Person, event.person_id), clock.now())
