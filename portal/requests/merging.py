"""Merging two requests of one queue: the older one goes on, the newer one is closed, and nobody undoes it (requests.md 12)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.approvals import actions as approvals
from portal.audit import actions as audit
from portal.conversations import actions as conversations
from portal.conversations import queries as spoken
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person
from portal.requests import history, messages, queries, states
from portal.requests.assigning import KIND, locked_by_agent
from portal.requests.models import ACTIVE, Request
from portal.requests.states import WORDS
from portal.requests.tables import RequestMerge


def in_order(one: Request, other: Request) -> tuple[Request, Request]:
    """Return which request goes on, and which one is merged into it: the older one is kept, whoever asks."""
    kept, gone = sorted((one, other), key=lambda request: (request.created_at, request.id))
    return kept, gone


def people_of(gone: Request) -> list[Person]:
    """Return who asked for a request or follows it."""
    followers = [watcher.person for watcher in spoken.watchers(KIND, gone.id)]
    return list({person.id: person for person in (gone.requester, gone.beneficiary, *followers)}.values())


def outside(kept: Request, gone: Request, now: datetime) -> Sequence[Person]:
    """Return those of the merged request who may not see the one that goes on (RQ12)."""
    return [person for person in people_of(gone) if person.active and not queries.sees(person, kept, now)]


def merge(one: Request, other: Request, admitted: Collection[int], by: Person, now: datetime) -> Request:
    """Let the older request go on for both; of those who do not see it, only the `admitted` ones do from now on.

    Locks are taken in one order whichever way two agents merge: the approval, then both requests by their numbers (C3).
    """
    if one.id == other.id:
        raise Refused(_("A request is not merged with itself."))
    kept, gone = in_order(one, other)
    approvals.end(KIND, gone.id, "", now, by)
    for each in sorted((kept, gone), key=lambda request: request.id):
        _refuse_unless_open(locked_by_agent(each, by, now), now)
    if kept.department_id != gone.department_id:
        raise Refused(_("Only requests of the same queue are merged."))
    let_in = _let_in(kept, gone, admitted, by, now)
    db.session.add(RequestMerge(request_id=gone.id, into_id=kept.id, by_id=by.id, at=now))
    states.close_merged(gone, by, now)
    history.write(kept, "took_in", by, now, internal=True, reference=gone.reference)
    after = {"into": kept.reference, "admitted": [person.public_id for person in let_in if person.id in admitted]}
    audit.record(by, "request.merged", KIND, gone.id, after=after)
    messages.merged(gone, kept, {person.id for person in people_of(gone)}, {person.id for person in let_in}, by, now)
    return kept


def _refuse_unless_open(request: Request, now: datetime) -> None:
    state = request.state_at(now)
    if state not in ACTIVE:
        words = str(WORDS[state])
        raise Refused(_("%(reference)s can no longer be merged: it is “%(state)s”.", reference=request.reference, state=words))


def _let_in(kept: Request, gone: Request, admitted: Collection[int], by: Person, now: datetime) -> list[Person]:
    """Let those follow who see it anyway, and those admitted; return them and who asked for it too."""
    hidden = {person.id for person in outside(kept, gone, now)}
    let_in = [person for person in people_of(gone) if person.active and (person.id not in hidden or person.id in admitted)]
    for person in let_in:
        if not kept.is_of(person.id):
            conversations.watch(KIND, kept.id, person, by, now)
            history.write(kept, "followed", by, now, person=person.name)
    return let_in
