"""What requests do when something happens in packages below."""

from typing import Any

from sqlalchemy import select

from portal.accounts.events import SignedIn
from portal.approvals.events import (
    ApprovalBlocked,
    ApprovalDecided,
    ApprovalGranted,
    ApprovalRejected,
    ApprovalReopened,
    ApprovalResubmitted,
    ApprovalReturned,
)
from portal.approvals.models import ApprovalDecision
from portal.core import clock, security
from portal.core.db import db, lock
from portal.core.events import subscribe
from portal.people.events import PersonDeactivated, RoleRevoked
from portal.people.models import Person, Role
from portal.requests import assigning, filling, history, messages, states, teaming
from portal.requests.assigning import KIND
from portal.requests.models import Request, State
from portal.teams.events import TeamEnded
from portal.teams.models import Team


def install() -> None:
    """Listen to approvals, people, teams and sign-ins."""
    subscribe(ApprovalDecided, show_approval)
    subscribe(ApprovalGranted, open_granted)
    subscribe(ApprovalRejected, reject)
    subscribe(ApprovalReopened, wait_again)
    subscribe(ApprovalReturned, show_returned)
    subscribe(ApprovalResubmitted, show_resubmitted)
    subscribe(ApprovalBlocked, show_blocked)
    subscribe(PersonDeactivated, end_assignments)
    subscribe(RoleRevoked, end_assignments_of_role)
    subscribe(TeamEnded, take_from_team)
    subscribe(SignedIn, send_what_waited)


def show_approval(event: ApprovalDecided) -> None:
    """Write who said yes, and for whom; what ends the way writes its own line."""
    if event.kind == KIND and event.outcome == "approved":
        reason = db.session.scalar(select(ApprovalDecision.reason).where(ApprovalDecision.id == event.decision_id))
        absent = _person(event.on_behalf_of_id)
        said: dict[str, Any] = {"as": "approved_for", "absent": absent.name} if absent else {}
        history.write(_locked(event.subject_id), "approved", _person(event.by_id), clock.now(), text=reason or "", **said)


def open_granted(event: ApprovalGranted) -> None:
    """Let the work start: the last stage is approved."""
    if event.kind == KIND:
        request, by, now = _locked(event.subject_id), _person(event.by_id), clock.now()
        request.unassigned_since = now
        states.move(request, State.OPEN, None, now)
        messages.opened(request, by, now)


def reject(event: ApprovalRejected) -> None:
    """End the request: a stage said no."""
    if event.kind == KIND:
        request, by, now = _locked(event.subject_id), _person(event.by_id), clock.now()
        states.move(request, State.REJECTED, by, now, text=event.reason)
        messages.rejected(request, event.reason, by, now)


def wait_again(event: ApprovalReopened) -> None:
    """Wait for approval again: an administrator corrected a mistaken rejection (AP-18)."""
    if event.kind == KIND:
        request, by, now = _locked(event.subject_id), _person(event.by_id), clock.now()
        states.move(request, State.WAITING_FOR_APPROVAL, by, now, text=event.reason)


def show_returned(event: ApprovalReturned) -> None:
    """Write that the requester is asked to correct something (AP-14)."""
    if event.kind == KIND:
        request, by, now = _locked(event.subject_id), _person(event.by_id), clock.now()
        history.write(request, "returned", by, now, text=event.reason, fields=list(event.fields))
        messages.returned(request, event.reason, by, now)


def show_resubmitted(event: ApprovalResubmitted) -> None:
    """Write that the corrected content is asked about again."""
    if event.kind == KIND:
        history.write(_locked(event.subject_id), "resubmitted", _person(event.by_id), clock.now())


def show_blocked(event: ApprovalBlocked) -> None:
    """Let open pages learn that nobody was found who may decide (RQ14)."""
    if event.kind == KIND:
        history.touch(_locked(event.subject_id), clock.now())


def end_assignments(event: PersonDeactivated) -> None:
    """Who no longer works here has nothing any more (RQ10)."""
    assigning.person_left(db.session.get_one(Person, event.person_id), clock.now())


def end_assignments_of_role(event: RoleRevoked) -> None:
    """Who is no longer an agent of a department has nothing of its queue any more (requests.md 6)."""
    if event.role == Role.AGENT and event.department_id is not None:
        assigning.person_left(db.session.get_one(Person, event.person_id), clock.now(), event.department_id)


def take_from_team(event: TeamEnded) -> None:
    """What a team had is nobody's in particular, once the team is no more."""
    teaming.team_ended(db.session.get_one(Team, event.team_id), _person(event.by_id), event.at)


def send_what_waited(event: SignedIn) -> None:
    """Send the form whose sending met an ended session, now that its owner has signed in again (FO1)."""
    values = security.target_values(event.target, "request_form.continue_draft")
    if values and values["go"] == "send":
        filling.send_after_sign_in(db.session.get_one(Person, event.person_id), values["draft"], clock.now())


def _locked(request_id: int) -> Request:
    found: Request = lock(Request, request_id)
    return found


def _person(person_id: int | None) -> Person | None:
    return db.session.get(Person, person_id) if person_id else None
