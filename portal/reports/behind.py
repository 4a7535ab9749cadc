"""The requests behind a number: the same conditions as its count, and what the reader may see of them."""

from datetime import datetime
from typing import Any

from portal.core import pagination
from portal.people.models import Person
from portal.reports.measuring import BROKEN, KEPT, OUTCOMES, Scope, promises
from portal.reports.standing import age, listed, open_in, party
from portal.requests.models import Request
from portal.requests.queries import may_see

DONE = "done"
SHOWN = ("", *OUTCOMES, DONE)


def cases(scope: Scope, outcome: str, person: Person, cursor: str | None) -> pagination.Page:
    """Return a page of requests whose promises fell due, newest first; `outcome` is one of SHOWN."""
    promise = promises(scope)
    found = listed().add_columns(promise.c.moment, promise.c.outcome, promise.c.worked)
    found = found.join(promise, promise.c.request_id == Request.id).where(may_see(person, scope.now))
    if outcome == DONE:
        found = found.where(promise.c.worked.is_not(None))
    else:
        found = found.where(promise.c.outcome.in_([outcome] if outcome else [KEPT, BROKEN]))
    keys: tuple[Any, ...] = (promise.c.moment, Request.id)
    return pagination.page_of(found, keys, cursor, descending=True)


def waiting(
    department_id: int, service_id: int | None, by: tuple[str, str], person: Person, now: datetime, cursor: str | None
) -> pagination.Page:
    """Return a page of open requests that wait for a party, or are of an age, the oldest first."""
    found = listed().add_columns(party(now).label("party"))
    found = found.where(*open_in(department_id, service_id), may_see(person, now))
    for wanted, told in zip(by, (party(now), age(now)), strict=True):
        if wanted:
            found = found.where(told == wanted)
    keys: tuple[Any, ...] = (Request.created_at, Request.id)
    return pagination.page_of(found, keys, cursor)
