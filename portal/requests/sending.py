"""Sending a request: everything that it causes in one transaction, and only once (forms.md 14, 17)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.approvals import actions as approvals
from portal.approvals.actions import Facts
from portal.attachments import actions as attachments
from portal.attachments.models import StoredFile
from portal.audit import actions as audit
from portal.catalogue.formkit.pricing import Sum
from portal.catalogue.models import FormVersion, Service
from portal.conversations import actions as conversations
from portal.core import events as core_events
from portal.core import security
from portal.core.db import db, lock
from portal.core.text import fold, in_language
from portal.people.models import Person
from portal.requests import events, history, messages, priority, references, states
from portal.requests.kinds.registry import kind_of
from portal.requests.models import Request, RequestAnswers, RequestLink, State
from portal.search import actions as search
from portal.teams.models import Team

KIND = "request"
TITLE = 200
TRIES = 20


@dataclass(frozen=True)
class Answer:
    """One answer as the request keeps it: canonical value, and label and words as they were shown."""

    key: str
    value: Any
    label: str
    shown: str


@dataclass(frozen=True)
class Sending:
    """What a person sends. Who may ask for it, and whether the answers are right, was checked by the caller."""

    service: Service
    form_version: FormVersion
    requester: Person
    send_key: str
    title: str = ""
    answers: Sequence[Any] = ()  # of Answer, or what formkit.reading.to_store returns
    beneficiary: Person | None = None
    files: Sequence[tuple[StoredFile, str | None]] = ()  # with the key of the field that asked for it
    watchers: Sequence[Person] = ()
    sum: Sum | None = None  # what it costs as filled in (forms.md 22)
    follows: Request | None = None  # asked again after that one was closed
    part_of: Request | None = None  # split off that one, which goes on

    def written_by(self, by: Person) -> Person:
        """Return who wrote what is asked for: for a part, whoever wrote the whole."""
        return self.part_of.author if self.part_of else by

    @property
    def route_id(self) -> int | None:
        """Return the route that it takes before work starts; a part takes it anew, so that none starts unapproved."""
        return kind_of(self.service.kind).approval_route(self.service)


@dataclass(frozen=True)
class Sent:
    """The request made under the send key; whether this call made it, and whether it holds the same content."""

    request: Request
    created: bool
    same: bool


def send(sending: Sending, by: Person, now: datetime) -> Sent:
    """Make the request with its answers, files, approval, history and messages (requests.md 3).

    A send key that was used leads to the request made then (forms.md 14).
    """
    content = [plain(answer) for answer in sending.answers]
    cost = sending.sum.to_json() if sending.sum else None
    checksum = digest(*_identity(sending), content, [file.digest for file, _ in sending.files], cost)
    request, created = _insert_once(sending, by, now)
    if not created:
        return Sent(request, created=False, same=_digest_of(request) == checksum)
    db.session.add(RequestAnswers(request_id=request.id, content=content, cost=cost, salt=security.new_token(), digest=checksum))
    for file, field_key in sending.files:
        attachments.link(file, KIND, request.id, by, now, field_key=field_key)
    for watcher in sending.watchers:
        conversations.watch(KIND, request.id, watcher, by, now)
    _tell(sending, request, by, now)
    search.index(KIND, request, now)
    _ask_approval(sending, request, by, now)
    return Sent(request, created=True, same=True)


def title_for(service: Service, said: str, language: str | None) -> str:
    """Return the name of the service with the answers that tell its requests apart: read alone, it says what is asked for."""
    name = in_language(service.name, language)
    return (f"{name}: {said}" if said else name)[:TITLE]


def sent_with(author: Person, send_key: str) -> Request | None:
    """Return the request that the person sent under this key."""
    return db.session.scalar(select(Request).where(Request.author_id == author.id, Request.send_key == send_key))


def _insert_once(sending: Sending, by: Person, now: datetime) -> tuple[Request, bool]:
    """Return the request of the send key and whether it is new; a reference that is taken is drawn again (RE-11)."""
    for _ in range(TRIES):
        first = sent_with(sending.written_by(by), sending.send_key)
        if first is not None:
            return first, False
        request = _build(sending, by, now)
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(request)
        if request.id is not None and request in db.session:
            return request, True
    raise RuntimeError("no free reference found")


def _build(sending: Sending, by: Person, now: datetime) -> Request:
    service, language = sending.service, by.language
    title = (sending.title.strip() or in_language(service.name, language))[:TITLE]
    beneficiary = sending.beneficiary or sending.requester
    important = priority.carried(sending.part_of) if sending.part_of else priority.asked(sending.answers, by, now)
    return Request(
        reference=references.draw(),
        service_id=service.id,
        form_version_id=sending.form_version.id,
        department_id=service.department_id,
        team_id=team_for(service),
        title=title,
        title_folded=fold(title)[:TITLE],
        confidential=service.confidential or (sending.part_of is not None and sending.part_of.confidential),
        requester_id=sending.requester.id,
        beneficiary_id=beneficiary.id,
        author_id=sending.written_by(by).id,
        send_key=sending.send_key,
        amount=sending.sum.total if sending.sum else None,
        currency=sending.sum.currency if sending.sum else None,
        state=State.OPEN if sending.route_id is None else State.WAITING_FOR_APPROVAL,
        **important,
        queue_at=now,
        created_at=now,
        state_since=now,
        unassigned_since=now,
        last_public_at=now,
        last_entry_at=now,
    )


def team_for(service: Service) -> int | None:
    """Return the team that receives the requests of a service, while there is one; locked, so that it does not end now (C3)."""
    team: Team | None = lock(Team, service.team_id) if service.team_id is not None else None
    return team.id if team is not None and team.ended_at is None else None


def _tell(sending: Sending, request: Request, by: Person, now: datetime) -> None:
    audit.record(by, "request.sent", KIND, request.id, after={"state": request.state, "service": sending.service.public_id})
    if sending.part_of is not None:
        _tell_of_part(sending.part_of, request, by, now)
        return
    history.write(request, "sent", by, now)
    if sending.follows is not None:
        db.session.add(RequestLink(from_id=request.id, to_id=sending.follows.id, kind="follow_up_of", by_id=by.id, at=now))
        history.write(sending.follows, "follow_up", by, now, reference=request.reference)
    messages.sent(request, by, now)
    core_events.publish(events.RequestSent(request.id, by.id, now))


def _tell_of_part(whole: Request, part: Request, by: Person, now: datetime) -> None:
    """Link a part and the whole both ways; whoever asked is told once of all parts (`splitting`)."""
    history.write(part, "sent", by, now, internal=False, reference=whole.reference, **{"as": "part"})
    history.write(whole, "split", by, now, reference=part.reference)
    db.session.add(RequestLink(from_id=part.id, to_id=whole.id, kind="caused_by", by_id=by.id, at=now))
    core_events.publish(events.RequestSplitOff(part.id, by.id, now))


def _ask_approval(sending: Sending, request: Request, by: Person, now: datetime) -> None:
    """Start the approval; a route of which no stage applies lets the work start at once (AP-1)."""
    route_id = sending.route_id
    if route_id is None:
        return
    facts = Facts(
        requester_id=request.requester_id,
        beneficiary_id=request.beneficiary_id,
        author_id=request.author_id,
        editor_id=by.id,
        requester_department_id=(sending.beneficiary or sending.requester).department_id,
        service_department_id=sending.service.department_id,
        amount=request.amount,
        net=sending.sum.net if sending.sum else None,
        currency=request.currency or "",
    )
    if approvals.start(KIND, request.id, route_id, facts, by, now) is None:
        states.move(request, State.OPEN, None, now)


def content_hash(request: Request) -> str:
    """Return what an approval holds for: the content, salted so that nobody can guess it (AP-12)."""
    answers = db.session.get_one(RequestAnswers, request.id)
    return hashlib.sha256(f"{answers.salt}:{answers.digest}".encode()).hexdigest()


def plain(answer: Any) -> dict[str, Any]:
    """Return an answer as the request keeps it."""
    return {"key": answer.key, "value": answer.value, "label": str(answer.label), "shown": str(answer.shown)}


def digest(
    form_version_id: int,
    beneficiary_id: int,
    content: Sequence[Mapping[str, Any]],
    files: Sequence[str],
    cost: Mapping[str, Any] | None = None,
) -> str:
    """Return the digest of all that was asked for, prices too, in canonical order (AP-12)."""
    whole: dict[str, Any] = {
        "form_version": form_version_id,
        "beneficiary": beneficiary_id,
        "answers": {answer["key"]: answer["value"] for answer in content},
        "files": sorted(files),
    } | ({"cost": cost} if cost else {})
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _identity(sending: Sending) -> tuple[int, int]:
    return sending.form_version.id, (sending.beneficiary or sending.requester).id


def _digest_of(request: Request) -> str:
    return db.session.get_one(RequestAnswers, request.id).digest
