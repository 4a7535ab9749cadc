"""How much a request matters: impact, urgency and the tick for external customers, all of it visible (service-levels.md 34)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from portal.audit import actions as audit
from portal.core.text import moment_words
from portal.people.models import Person
from portal.requests import clocks, history, messages, states
from portal.requests.assigning import KIND, locked_by_agent
from portal.requests.models import ACTIVE, Request
from portal.service_levels import actions as levels
from portal.service_levels import queries as promises
from portal.service_levels.queries import About, Assessment, Impact, Urgency

IMPACT_WORDS: Mapping[Impact, Any] = {
    Impact.PERSON: lazy_gettext("one person"),
    Impact.GROUP: lazy_gettext("group"),
    Impact.WIDE: lazy_gettext("many people"),
}
URGENCY_WORDS: Mapping[Urgency, Any] = {
    Urgency.LOW: lazy_gettext("low"),
    Urgency.NORMAL: lazy_gettext("normal"),
    Urgency.HIGH: lazy_gettext("high"),
}
# the questions of a form whose answers are asked for here, by their keys
ASKED = {"impact": frozenset(Impact), "urgency": frozenset(Urgency)}
EXTERNAL = "external_customers"


def assess(request: Request, given: Assessment, direct: str | None, reason: str, by: Person, now: datetime) -> None:
    """Change what the priority follows from, or set it directly; elapsed stays, only targets change (22, 34)."""
    request = locked_by_agent(request, by, now)
    if request.state not in ACTIVE:
        states.refuse(request, now)
    if (request.assessment, request.priority_set) == (given, direct):
        return
    before, due = request.priority, due_of(request, now)
    request.impact, request.urgency, request.priority_set = given.impact, given.urgency, direct
    if given.external != (request.external_at is not None):
        request.external_at, request.external_by = (now, by) if given.external else (None, None)
    history.write(request, "assessed", by, now, text=reason, **event_of(request))
    audit.record(by, "request.assessed", KIND, request.id, before={"priority": before}, after=event_of(request))
    if request.priority != before:
        levels.retarget(About(KIND, request.id), clocks.facts_of(request), now, by, reason)
        _tell(request, due, reason, by, now)


def event_of(request: Request) -> dict[str, Any]:
    """Return what history and audit keep: each input, what follows from them, and beside it what counts."""
    found = request.assessment
    return {
        "impact": found.impact.value,
        "urgency": found.urgency.value,
        "external": found.external,
        "computed": found.priority,
        "priority": request.priority,
    }


def due_of(request: Request, now: datetime) -> datetime | None:
    """Return for when it is promised now."""
    reading = promises.clock_of(About(KIND, request.id))
    return reading.at(now).due if reading else None


def _tell(request: Request, before: datetime | None, reason: str, by: Person, now: datetime) -> None:
    due = due_of(request, now)
    if due is not None and due != before:
        messages.promised_anew(request, due, reason, by, now)


def asked(answers: Iterable[Any], by: Person, now: datetime) -> dict[str, Any]:
    """Return the inputs that a form has asked for: questions of these keys, with these values; else the ordinary ones."""
    given = {answer.key: answer.value for answer in answers}
    found: dict[str, Any] = {"impact": Impact.PERSON.value, "urgency": Urgency.NORMAL.value}
    found |= {key: value for key, known in ASKED.items() if isinstance(value := given.get(key), str) and value in known}
    if given.get(EXTERNAL) is True:
        found |= {"external_by_id": by.id, "external_at": now}
    return found


def carried(whole: Request) -> dict[str, Any]:
    """Return the inputs of a request for what is split off it."""
    names = ("impact", "urgency", "external_by_id", "external_at", "priority_set")
    return {name: getattr(whole, name) for name in names}


def priority_of(answers: Iterable[Any], by: Person, now: datetime) -> str:
    """Return the priority that a form would be sent with, as it is filled in so far."""
    found = asked(answers, by, now)
    return Assessment(Impact(found["impact"]), Urgency(found["urgency"]), "external_at" in found).priority


# --- in words --------------------------------------------------------------------------------------------------------


def sentences(request: Request) -> list[str]:
    """Return why it has its priority: three visible facts of the impact, the urgency, and what an agent set (34, SL51, SL52)."""
    found = request.assessment
    said = [_impact(request), str(_("Urgency: %(urgency)s.", urgency=URGENCY_WORDS[found.urgency]))]
    if request.priority_set:
        said.append(_("Set directly; from impact and urgency it would be %(computed)s.", computed=found.priority))
    return said


def _impact(request: Request) -> str:
    found, ticked = request.assessment, ""
    reported = str(IMPACT_WORDS[found.impact])
    if request.external_at is not None and request.external_by is not None:
        ticked = _("ticked by %(name)s, %(time)s", name=request.external_by.name, time=moment_words(request.external_at))
    said = str(_("Impact: %(reported)s.", reported=reported))
    if found.raised:
        said = _(
            "Impact: %(reported)s, raised to %(effective)s because external customers are affected (%(ticked)s).",
            reported=reported,
            effective=IMPACT_WORDS[found.effective],
            ticked=ticked,
        )
    elif found.external:
        said = _("Impact: %(reported)s; external customers are affected (%(ticked)s).", reported=reported, ticked=ticked)
    return said
