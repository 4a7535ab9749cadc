"""The way of a request as its page draws it: the stages of its approval, then the department."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext

from portal.approvals.queries import MARKS, Strip, StripStage, to_decide_by
from portal.core.text import in_language, time_words
from portal.requests.models import Request, State
from portal.service_levels.queries import Reading

WHY = {
    "blocked": lazy_gettext("Nobody was found who may approve it; the administrators are informed"),
    "returned": lazy_gettext("Sent back for corrections"),
    "ended": lazy_gettext("Not needed any more"),
    "waiting": lazy_gettext("Comes after that"),
}
# how the department looks at the end of the way; at work in all other states
DEPARTMENT = {
    State.WAITING_FOR_APPROVAL: "todo",
    State.SOLVED: "done",
    State.CLOSED: "done",
    State.REJECTED: "skip",
    State.WITHDRAWN: "skip",
}


def asked(strip: Strip | None) -> Sequence[str]:
    """Return the names of those whose decision is waited for, with who stands in."""
    if strip is None or strip.open is None:
        return ()
    return [seat.asked for seat in strip.open.seats if seat.ended_why is None]


def steps(
    strip: Strip | None, request: Request, state: State, now: datetime, deciding: Reading | None = None
) -> Sequence[Mapping[str, str]]:
    """Return what `ui.route` draws; `deciding` is the clock of the stage that is open."""
    stages = [_stage(stage, _decide_by(deciding, now)) for stage in strip.stages] if strip else []
    name, assignee = in_language(request.department.name), request.assignee
    return [*stages, {"state": DEPARTMENT.get(state, "here"), "name": name, "why": assignee.name if assignee else ""}]


def _decide_by(deciding: Reading | None, now: datetime) -> str:
    found = deciding.at(now) if deciding else None
    if found is None or found.due is None:
        return ""
    return to_decide_by(time_words(found.due), found.late)


def _stage(stage: StripStage, decide_by: str = "") -> Mapping[str, str]:
    decided = [seat for seat in stage.seats if seat.outcome]
    waiting = [seat.asked for seat in stage.seats if seat.ended_why is None]
    names = [seat.decider for seat in decided] or waiting
    when = time_words(decided[-1].decided_at) if decided and decided[-1].decided_at else ""
    why = when if stage.state in ("approved", "rejected") else str(WHY.get(stage.state, decide_by))
    label = in_language(stage.name)
    whole = " · ".join(filter(None, [label if names else "", why]))
    return {"state": MARKS[stage.state], "name": ", ".join(names) or label, "why": whole}
