"""The list of staff: what they look after, the newest first, by reference and state."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from portal.core import clock
from portal.core.pagination import Page, page_of
from portal.people.models import Person, Role
from portal.people.queries import departments_as
from portal.tracking.models import TrackedItem
from portal.tracking.queries import visible_to
from portal.tracking.states import TERMINAL

SHOWN = ("open", "late", "done", "all")


def page(person: Person, now: datetime, shown: str, reference: str, cursor: str | None) -> Page:
    """Return the items that a person may know of, filtered."""
    found, table = visible_to(person, now), TrackedItem.__table__
    if shown == "open":
        found = found.where(TrackedItem.state.not_in(TERMINAL))
    elif shown == "late":
        found = found.where(TrackedItem.state.in_(("delayed", "exception", "attempt_failed", "on_hold")))
    elif shown == "done":
        found = found.where(TrackedItem.state.in_(TERMINAL))
    if reference:
        found = found.where(TrackedItem.reference.startswith(reference.strip(), autoescape=True))
    keys: tuple[ColumnElement[Any], ...] = (table.c.registered_at, table.c.id)
    return page_of(found.add_columns(*keys), keys, cursor, descending=True)


def looked_after(person: Person) -> ColumnElement[int]:
    """Select how much a person looks after; nothing hides the entry of the navigation."""
    theirs = departments_as(person, Role.AGENT, clock.now())
    mine = or_(TrackedItem.requester_id == person.id, TrackedItem.department_id.in_(theirs) if theirs else false())
    return select(func.count()).select_from(select(TrackedItem.id).where(mine).limit(1).subquery()).scalar_subquery()
