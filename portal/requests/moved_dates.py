"""What requests say when the opening hours or the promise of a level were changed and a date is another one (35)."""

from typing import Any

from portal.core import clock
from portal.core.db import lock
from portal.core.events import subscribe
from portal.requests import history, messages
from portal.requests.models import Request, State
from portal.requests.queries import KIND
from portal.service_levels.events import DueMoved
from portal.service_levels.queries import About, clock_of


def install() -> None:
    """Listen to what moves dates."""
    subscribe(DueMoved, tell)


def tell(event: DueMoved) -> None:
    """Write that the date is another one and tell those who asked; other clocks of the request say nothing of their own."""
    if event.kind != KIND:
        return
    request: Request = lock(Request, event.subject_id)
    if event.clock_kind == waited_for(request):
        now = clock.now()
        dates: dict[str, Any] = {name: at.isoformat() if at else "" for name, at in (("old", event.old), ("new", event.new))}
        history.write(request, "date_moved", None, now, **dates)
        messages.date_moved(request, event, dates, now)


def waited_for(request: Request) -> str:
    """Return the kind of clock whose date the requester waits for: decision, work, or the answer if no work is promised."""
    if request.state == State.WAITING_FOR_APPROVAL:
        return "approval"
    work = clock_of(About(KIND, request.id))
    return "fulfilment" if work is not None and work.target is not None else "first_response"
