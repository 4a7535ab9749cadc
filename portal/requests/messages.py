"""What requests tell people: the bell for what concerns them, mail when they must act or a result is there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.conversations import queries as conversations
from portal.conversations.models import Comment
from portal.notifications.actions import notify
from portal.people.models import Department, Person
from portal.requests.models import Request
from portal.service_levels.events import DueMoved
from portal.teams.models import Team

KIND = "request"


def sent(request: Request, by: Person, now: datetime) -> None:
    """Tell the person it is for, and those who follow it."""
    _tell(request, {request.beneficiary_id, *_followers(request)}, "sent", by, now)


def opened(request: Request, by: Person | None, now: datetime) -> None:
    """Tell those who asked that it is approved."""
    _tell(request, _asking(request), "opened", by, now)


def rejected(request: Request, reason: str, by: Person | None, now: datetime) -> None:
    """Tell those who asked that the answer is no: a result."""
    _tell(request, _asking(request), "rejected", by, now, mail=True, text=reason)


def returned(request: Request, reason: str, by: Person | None, now: datetime) -> None:
    """Tell those who asked that they must correct something."""
    _tell(request, _asking(request), "returned", by, now, mail=True, must_act=True, text=reason)


def taken(request: Request, person: Person, by: Person, now: datetime) -> None:
    """Tell those who asked who has it now, and the person who was given it."""
    _tell(request, _asking(request), "taken", by, now, name=person.name)
    _tell(request, {person.id}, "assigned", by, now, name=by.name)


def moved(request: Request, department: Department, said: Comment, by: Person, now: datetime) -> None:
    """Tell those who asked where it is now (requests.md 7)."""
    _tell(request, _asking(request), "moved", by, now, department=dict(department.name), comment=said.id)


def handed_over(request: Request, team: Team, leads: set[int], by: Person, now: datetime) -> None:
    """Tell those who lead the team that it is theirs now; the requester's side hears nothing of it."""
    event = f"handed_over:{request.id}:{request.revision}.{request.internal_revision}"
    data = {"name": by.name, "team": dict(team.name)}
    notify(leads, "requests/handed_over", KIND, request.id, event, now, by=by, data=data, internal=True)


def asked(request: Request, said: Comment, by: Person, now: datetime) -> None:
    """Tell those who asked that the department waits for them."""
    _tell(request, _asking(request), "asked", by, now, mail=True, must_act=True, name=by.name, comment=said.id)


def commented(request: Request, comment: Comment, text: str, by: Person, now: datetime) -> None:
    """Tell everybody concerned; a note stays inside the service (CM rule 3)."""
    inside = {request.assignee_id} if request.assignee_id else set()
    to = inside if comment.internal else inside | _asking(request) | _followers(request)
    event = f"comment:{comment.id}"
    notify(to, "requests/commented", KIND, request.id, event, now, by=by, data={"name": by.name}, internal=comment.internal)


def solved(request: Request, said: Comment, by: Person, now: datetime) -> None:
    """Tell those who asked the result."""
    _tell(request, _asking(request), "solved", by, now, mail=True, name=by.name, comment=said.id)


def confirmed(request: Request, by: Person, now: datetime) -> None:
    """Tell who did it that all is fine."""
    _tell(request, _inside(request), "confirmed", by, now, name=by.name)


def reopened(request: Request, said: Comment, by: Person, now: datetime) -> None:
    """Tell who had it, who must act again, and those who asked."""
    _tell(request, _inside(request), "reopened", by, now, mail=True, must_act=True, name=by.name, comment=said.id)
    _tell(request, _asking(request) - _inside(request), "reopened", by, now, name=by.name, comment=said.id)


def withdrawn(request: Request, reason: str, by: Person, now: datetime) -> None:
    """Tell who had it that it is needed no longer, and the other person it was for."""
    _tell(request, _inside(request) | _asking(request), "withdrawn", by, now, name=by.name, text=reason)


def split(whole: Request, parts: Sequence[Request], by: Person, now: datetime) -> None:
    """Tell those who asked that parts of it are requests of their own, with dates of their own."""
    references = ", ".join(part.reference for part in parts)
    _tell(whole, _asking(whole), "split", by, now, mail=True, name=by.name, references=references)


def merged(gone: Request, kept: Request, people: set[int], let_in: set[int], by: Person, now: datetime) -> None:
    """Send one line to those of the merged request who see the one that goes on; tell the others that it was merged (CM 11)."""
    _tell(kept, let_in, "merged_into", by, now, mail=True, reference=gone.reference)
    _tell(gone, people - let_in, "merged", by, now)


def watcher_added(request: Request, person: Person, by: Person, now: datetime) -> None:
    """Tell a person that they see the request now."""
    _tell(request, {person.id}, "followed", by, now, name=by.name, person_id=person.id)


def date_moved(request: Request, moved: DueMoved, dates: Mapping[str, str], now: datetime) -> None:
    """Tell those who asked that their date is another one, once for each save of a calendar or a target (SL 35)."""
    event, data = f"date_moved:{request.id}:{moved.saved_at.isoformat()}", {"what": moved.clock_kind, **dates}
    notify(_asking(request), "requests/date_moved", KIND, request.id, event, now, mail=True, data=data)


def paused(request: Request, reason: Mapping[str, str], until: datetime | None, by: Person, now: datetime) -> None:
    """Tell those who asked for what it waits; what the service noted with it stays inside."""
    _tell(request, _asking(request), "paused", by, now, reason=dict(reason), until=until.isoformat() if until else "")


def expected(request: Request, until: datetime, reason: str, by: Person, now: datetime) -> None:
    """Tell those who asked when it is to be expected, beside the promise (service-levels.md 38)."""
    _tell(request, _asking(request), "expected", by, now, mail=True, text=reason, until=until.isoformat())


def promised_anew(request: Request, due: datetime, reason: str, by: Person, now: datetime) -> None:
    """Tell those who asked that the promise has another date (service-levels.md 22)."""
    _tell(request, _asking(request), "promised_anew", by, now, mail=True, text=reason, until=due.isoformat())


def words(request: Request, data: Mapping[str, Any], person: Person, now: datetime) -> Mapping[str, str]:
    """Return the sentence that a message quotes, as it stands when it is read: a withdrawn one is not there (CM rule 2)."""
    if "comment" in data:
        return {"text": conversations.text_of(data["comment"])}
    return {"text": data.get("text", "")}


def _asking(request: Request) -> set[int]:
    return {request.requester_id, request.beneficiary_id}


def _inside(request: Request) -> set[int]:
    return {request.assignee_id} if request.assignee_id else set()


def _followers(request: Request) -> set[int]:
    return {watcher.person_id for watcher in conversations.watchers(KIND, request.id)}


def _tell(
    request: Request,
    to: Iterable[int],
    message: str,
    by: Person | None,
    now: datetime,
    *,
    mail: bool = False,
    must_act: bool = False,
    **data: object,
) -> None:
    event = f"{message}:{request.id}:{request.revision}"
    notify(to, f"requests/{message}", KIND, request.id, event, now, mail=mail, must_act=must_act, by=by, data=data)
