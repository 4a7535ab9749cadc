"""The clocks of requests: what people do to a request starts, pauses and stops them (service-levels.md 14 to 23).

Each is told when the thing happened, which is not always now: the demonstration tells the months before it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.catalogue.models import Service
from portal.conversations.events import Commented
from portal.conversations.models import Comment
from portal.core.db import db
from portal.core.events import subscribe
from portal.core.text import in_language
from portal.people.models import Person
from portal.people.queries import ancestors, heads_of
from portal.requests import events, queries, references
from portal.requests.models import WITH_DEPARTMENT, Request, State
from portal.service_levels import actions
from portal.service_levels import queries as levels
from portal.service_levels.queries import About, Assessment, Choice, Facts, Impact, Owner, Urgency
from portal.teams import queries as teams

KIND = queries.KIND
ORDINARY = Assessment(Impact.PERSON, Urgency.NORMAL)
ENDED = {events.RequestWithdrawn: "withdrawn", events.RequestRejected: "rejected", events.RequestMerged: "merged"}


def install() -> None:
    """Listen to what happens to requests, and tell service levels about them."""
    subscribe(events.RequestSent, start_if_open)
    subscribe(events.RequestSplitOff, start_if_open)
    subscribe(events.RequestOpened, start_if_open)
    subscribe(events.WaitingStarted, pause)
    subscribe(events.WaitingEnded, resume)
    subscribe(events.RequestHandedOver, pass_on)
    subscribe(events.RequestMoved, pass_on)
    subscribe(events.RequestSolved, stop)
    subscribe(events.RequestReopened, reopen)
    subscribe(events.RequestRejected, end)
    subscribe(events.RequestWithdrawn, end)
    subscribe(events.RequestMerged, end)
    subscribe(Commented, count_words)
    levels.register_owner(Owner(KIND, recipients, facts_by_id, find))
    levels.offer_choices("service", services)


# --- what happens ----------------------------------------------------------------------------------------------------


def start_if_open(event: events.RequestFact) -> None:
    """Start what is promised once the service may work: at sending, at the split, or at the last approval (14, 16, 24).

    An agent who asked for somebody else has answered in that moment: that person called or came.
    """
    request = _request(event)
    if request.state == State.OPEN:
        called = request.author_id != request.beneficiary_id
        kinds = ("fulfilment",) if called else ("fulfilment", "first_response")
        cause = "sent" if event.at == request.created_at else "approved"
        cause = "split" if isinstance(event, events.RequestSplitOff) else cause
        actions.start(_about(event), kinds, facts_of(request), event.at, event.at, cause)
        _start_team(request, event)


def pause(event: events.WaitingStarted) -> None:
    """Stop counting while the requester has to answer (20, 21)."""
    actions.pause(_about(event), "waiting_for_requester", event.at, event.at, _by(event))


def resume(event: events.WaitingEnded) -> None:
    """Count on: the waiting is over (20)."""
    actions.resume(_about(event), event.at, event.at, _by(event))


def stop(event: events.RequestSolved) -> None:
    """The work is done, for the team too; closing later changes nothing (16)."""
    actions.stop(_about(event), ("fulfilment", "team"), event.at, event.at, _by(event), cause="solved")


def reopen(event: events.RequestReopened) -> None:
    """Count on after a solution that was none; what the requester wrote with it wants an answer (15, 23)."""
    request, by = _request(event), _by(event)
    if request.state in WITH_DEPARTMENT:
        actions.reopen(_about(event), event.at, event.at, by)
        _start_team(request, event)
        if by is not None and request.is_of(by.id):
            actions.requester_wrote(_about(event), facts_of(request), event.at, event.at, by)


def pass_on(event: events.RequestFact) -> None:
    """Another team has it, or none: the clock of the one before stops, and no other clock moves (18, SL40)."""
    actions.stop(_about(event), ("team",), event.at, event.at, _by(event), cause="passed_on")
    request = _request(event)
    if request.state in WITH_DEPARTMENT:
        _start_team(request, event)


def _start_team(request: Request, event: events.RequestFact) -> None:
    """Start the clock of the team that has it; where the work waits, so does the team."""
    if request.team_id is None:
        return
    known = levels.clocks(_about(event))
    part = f"{request.team_id}-{sum(one.clock.kind == 'team' for one in known) + 1}"
    actions.start(_about(event), ("team",), facts_of(request), event.at, event.at, "taken_over", part)
    work = next((one for one in known if one.clock.kind == "fulfilment"), None)
    if work is not None and work.at(event.at).paused_since is not None and (why := work.intervals[-1].reason):
        until = work.intervals[-1].resumes_at
        actions.pause(_about(event), why.key, event.at, event.at, _by(event), until, kind="team")


def end(event: events.RequestFact) -> None:
    """Nothing is late any more: it was rejected, is needed no longer, or goes on in another one, whose clocks stay (24)."""
    cause = next(words for kind, words in ENDED.items() if isinstance(event, kind))
    actions.end_all(_about(event), event.at, event.at, _by(event), cause)


def count_words(event: Commented) -> None:
    """A public word of the service answers; one of the requester's side wants an answer (14, 15, 44).

    Notes are no answer. Before the approval nothing is asked of the service yet, and thanks after the solution ask nothing.
    """
    if event.kind != KIND or event.internal:
        return
    request, said = db.session.get_one(Request, event.subject_id), db.session.get_one(Comment, event.comment_id)
    by, about = db.session.get_one(Person, event.author_id), About(KIND, event.subject_id)
    if request.is_of(by.id):
        if request.state in WITH_DEPARTMENT:
            actions.requester_wrote(about, facts_of(request), said.at, said.at, by)
    elif queries.works_in(by, request.department_id, said.at):
        actions.answered(about, said.at, said.at, by)


def _request(event: events.RequestFact) -> Request:
    return db.session.get_one(Request, event.request_id)


def _about(event: events.RequestFact) -> About:
    return About(KIND, event.request_id)


def _by(event: events.RequestFact) -> Person | None:
    return db.session.get_one(Person, event.by_id) if event.by_id else None


# --- what service levels ask about requests --------------------------------------------------------------------------


def facts_of(request: Request) -> Facts:
    """Return by what the level of a request is chosen (31)."""
    return facts_for(request.service, request.requester, request.department_id, request.priority)


def facts_for(service: Service, requester: Person, department_id: int, priority: str = ORDINARY.priority) -> Facts:
    """Return by what the level is chosen when this person asks for the service; the department's calendar counts (31)."""
    above = ancestors(requester.department_id) if requester.department_id else ()
    return Facts(
        department_id=department_id,
        service=_key(service),
        department=service.department.slug,
        requester_department=tuple(each.slug for each in above),
        site=requester.site or "",
        priority=priority,
    )


def facts_by_id(request_id: int) -> Facts:
    """Return by what the level of a request is chosen."""
    return facts_of(db.session.get_one(Request, request_id))


def recipients(request_id: int, clock_kind: str, rules: Collection[str], now: datetime) -> Collection[int]:
    """Return whom the rules of a warning mean: who has it, who leads its team, who heads the department that serves (28)."""
    request = db.session.get_one(Request, request_id)
    found = {person.id for person in heads_of(request.department_id, now)} if "department_head" in rules else set()
    if "assigned" in rules and request.assignee_id:
        found.add(request.assignee_id)
    if "team_lead" in rules and request.team_id:
        found |= teams.leads_of(request.team_id, now)
    return found


def find(reference: str, person: Person, now: datetime) -> int | None:
    """Return the request of this reference, if the person may see it."""
    seen = queries.visible_to(person, now).where(Request.reference == references.read(reference))
    found = db.session.scalar(seen)
    return found.id if found else None


def services() -> list[Choice]:
    """Return the services that a condition can name."""
    found = db.session.scalars(select(Service).options(joinedload(Service.department)))
    listed = [Choice(_key(each), f"{in_language(each.department.name)}: {in_language(each.name)}") for each in found]
    return sorted(listed, key=lambda each: each.label)


def _key(service: Service) -> str:
    return f"{service.department.slug}/{service.slug}"
