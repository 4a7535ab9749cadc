"""Who is next: one sentence with a name (requests.md 8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal.core.text import date_in_full, in_language
from portal.people.models import Person
from portal.requests.models import Request, State
from portal.requests.states import WORDS

# state: the general state whose look `ui.state_tag` knows
LOOKS = {
    State.WAITING_FOR_APPROVAL: "waiting",
    State.OPEN: "new",
    State.IN_PROGRESS: "working",
    State.WAITING_FOR_REQUESTER: "asked",
    State.SOLVED: "done",
    State.CLOSED: "closed",
    State.REJECTED: "stopped",
    State.WITHDRAWN: "stopped",
}


def state_words(state: str, assignee_id: int | None, own: bool, merged: bool = False) -> str:
    """Return the word for a state; the tag says when nobody has it, or when the reader is the one to answer."""
    if merged:
        return str(_("Merged"))
    if state == State.OPEN and assignee_id is None and not own:
        return str(_("Unassigned"))
    if state == State.WAITING_FOR_REQUESTER and own:
        return str(_("Waiting for your answer"))
    return str(WORDS[State(state)])


def sentence(request: Request, reader: Person, asked: Sequence[str], returned: bool, now: datetime) -> str:
    """Return who has the request now; `asked` are the names of those who are to approve it, unless it was sent back."""
    state = request.state_at(now)
    name = request.assignee.name if request.assignee else ""
    if state == State.WAITING_FOR_APPROVAL:
        return _returned(request, reader) if returned else _waiting(asked)
    if state == State.OPEN or (state == State.IN_PROGRESS and not name):
        department = in_language(request.department.name)
        return str(_("%(department)s has received it; nobody has it yet", department=department))
    if state == State.IN_PROGRESS:
        return str(_("You have it") if request.assignee_id == reader.id else _("%(name)s has it", name=name))
    if state == State.WAITING_FOR_REQUESTER:
        if request.is_of(reader.id):
            return str(_("It goes on when you answer"))
        return str(_("Waiting for the answer of %(name)s", name=request.requester.name))
    if state == State.SOLVED and request.closes_at:
        day = date_in_full(_last_day(request.closes_at))
        return str(_("Can be reopened until the end of %(day)s", day=day))
    return ""


def _returned(request: Request, reader: Person) -> str:
    if request.is_of(reader.id):
        return str(_("Sent back to you: correct it and send it again"))
    return str(_("Sent back to %(name)s for corrections", name=request.requester.name))


def _waiting(asked: Sequence[str]) -> str:
    if not asked:
        return str(_("Nobody was found who may approve it; the administrators are informed"))
    return str(_("Waiting for the approval of %(names)s", names=", ".join(asked)))


def _last_day(closes_at: datetime) -> datetime:
    """Return an instant of the last day: the closing is the midnight after it."""
    return closes_at - timedelta(minutes=1)
