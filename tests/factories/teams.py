"""Teams for tests, made by the real action."""

from portal.core import clock
from portal.core.db import db
from portal.people.models import Department, Person
from portal.teams import actions
from portal.teams.models import Team


def team(department: Department, english: str, by: Person, *members: Person, lead: Person | None = None) -> Team:
    """Add a team of a department; who leads it belongs to it."""
    people = [*members, *([lead] if lead and lead not in members else [])]
    made = actions.make(department, actions.Content({"en": english}, people, [lead] if lead else ()), by, clock.now())
    db.session.commit()
    return made
