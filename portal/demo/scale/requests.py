"""The many requests themselves: rows as the actions leave them, with answers, history, assignment and comments."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.catalogue.formkit.answers import digest
from portal.conversations.models import Comment
from portal.core.db import public_id
from portal.core.security import new_token
from portal.core.text import fold
from portal.demo.scale import bulk, texts
from portal.demo.scale.company import APPROVED, Company
from portal.requests.models import Assignment, Request, RequestAnswers, RequestEvent, State

PERIOD = timedelta(days=230)
TWO_WEEKS = timedelta(days=14)
# state: share in a thousand, and the oldest that one can be
SHARES = (
    (State.CLOSED, 880, PERIOD),
    (State.SOLVED, 30, timedelta(days=10)),
    (State.IN_PROGRESS, 35, timedelta(days=20)),
    (State.OPEN, 20, timedelta(days=4)),
    (State.WAITING_FOR_REQUESTER, 12, timedelta(days=20)),
    (State.WAITING_FOR_APPROVAL, 8, timedelta(days=6)),
    (State.WITHDRAWN, 15, PERIOD),
)
WORKED_ON = (State.IN_PROGRESS, State.WAITING_FOR_REQUESTER, State.SOLVED, State.CLOSED)
LINES = {
    State.IN_PROGRESS: ("sent", "taken"),
    State.WAITING_FOR_REQUESTER: ("sent", "taken", "asked"),
    State.SOLVED: ("sent", "taken", "solved"),
    State.CLOSED: ("sent", "taken", "solved", "closed"),
    State.OPEN: ("sent",),
    State.WAITING_FOR_APPROVAL: ("sent",),
    State.WITHDRAWN: ("sent", "withdrawn"),
}


@dataclass
class Story:
    """One request before it becomes rows: who, what, when."""

    id: int
    reference: str
    state: State
    requester: int
    agent: int
    words: texts.Words
    moments: list[datetime]  # one for each line of its history
    department: int
    service: int
    version: int

    @property
    def worked_on(self) -> bool:
        """Return whether an agent has it."""
        return self.state in WORKED_ON


def write(company: Company, references: list[str], chance: random.Random, now: datetime) -> list[int]:
    """Write the requests with all that belongs to them; return the ids of those that wait for an approval."""
    first = bulk.next_id(Request)
    waiting: list[int] = []
    stories = _stories(company, references, first, chance, now)
    while portion := [story for _place, story in zip(range(bulk.PORTION), stories, strict=False)]:
        bulk.write(Request, map(_request, portion))
        bulk.write(RequestAnswers, map(_answers, portion))
        bulk.write(RequestEvent, (row for story in portion for row in _events(story)))
        bulk.write(Assignment, (_assignment(story) for story in portion if story.worked_on))
        bulk.write(Comment, (row for story in portion for row in _comments(story)))
        waiting += [story.id for story in portion if story.state == State.WAITING_FOR_APPROVAL]
    bulk.settle(Request)
    return waiting


def _stories(company: Company, references: list[str], first: int, chance: random.Random, now: datetime) -> Iterator[Story]:
    shares = [share for _state, share, _oldest in SHARES]
    for number, reference in enumerate(references):
        state, _share, oldest = chance.choices(SHARES, shares)[0]
        queue = chance.choice(company.queues)
        place = APPROVED if state == State.WAITING_FOR_APPROVAL else chance.randrange(APPROVED)
        service, version = queue.services[place]
        yield Story(
            id=first + number,
            reference=reference,
            state=state,
            requester=chance.choice(company.askers)[0],
            agent=chance.choice(queue.agents),
            words=texts.words(chance),
            moments=_moments(state, oldest, chance, now),
            department=queue.department.id,
            service=service.id,
            version=version.id,
        )


def _moments(state: State, oldest: timedelta, chance: random.Random, now: datetime) -> list[datetime]:
    """Return when each line of the history was written; who is closed was solved more than two weeks ago."""
    youngest = timedelta(days=20) if state == State.CLOSED else timedelta(hours=2)
    begun = now - youngest - (oldest - youngest) * chance.random()
    until = min(now, begun + timedelta(days=5)) if state in (State.CLOSED, State.SOLVED, State.WITHDRAWN) else now
    steps = len(LINES[state])
    found = [begun + (until - begun) * (place / max(steps, 2)) for place in range(steps)]
    if state == State.CLOSED:
        found[-1] = found[-2] + TWO_WEEKS
    return [moment.replace(microsecond=0) for moment in found]


def _request(story: Story) -> dict[str, Any]:
    sent, last = story.moments[0], story.moments[-1]
    solved = story.moments[2] if story.state in (State.SOLVED, State.CLOSED) else None
    return {
        "id": story.id,
        "reference": story.reference,
        "service_id": story.service,
        "form_version_id": story.version,
        "department_id": story.department,
        "title": story.words.title,
        "title_folded": fold(story.words.title),
        "confidential": False,
        "requester_id": story.requester,
        "beneficiary_id": story.requester,
        "author_id": story.requester,
        "send_key": f"scale-{story.id}",
        "state": story.state,
        "assignee_id": story.agent if story.worked_on else None,
        "queue_at": sent,
        "created_at": sent,
        "state_since": last,
        "unassigned_since": None if story.worked_on else sent,
        "solved_at": solved,
        "closes_at": solved + TWO_WEEKS if story.state == State.SOLVED and solved else None,
        "last_public_at": last,
        "last_entry_at": last,
        "revision": 1 + len(story.moments),
        "internal_revision": 0,
    }


def _answers(story: Story) -> dict[str, Any]:
    asked = (("subject", "Qué necesitas", story.words.title), ("details", "Detalles", story.words.details))
    content = [{"key": key, "value": said, "label": label, "shown": said} for key, label, said in asked]
    return {"request_id": story.id, "content": content, "salt": new_token(), "digest": digest(content)}


def _events(story: Story) -> Iterator[dict[str, Any]]:
    by_agent = {"taken", "asked", "solved"}
    for kind, moment in zip(LINES[story.state], story.moments, strict=True):
        by = None if kind == "closed" else story.agent if kind in by_agent else story.requester
        data = {"as": "expired"} if kind == "closed" else {"text": ""} if kind == "withdrawn" else {}
        yield {"request_id": story.id, "kind": kind, "data": data, "internal": False, "by_id": by, "at": moment}


def _assignment(story: Story) -> dict[str, Any]:
    return {"request_id": story.id, "person_id": story.agent, "by_id": story.agent, "from_at": story.moments[1]}


def _comments(story: Story) -> Iterator[dict[str, Any]]:
    at = story.moments[1] if len(story.moments) > 1 else story.moments[0]
    solved = story.state in (State.SOLVED, State.CLOSED)
    said = (
        (story.agent, story.words.answer, at),
        (story.requester, story.words.reply, at + timedelta(minutes=40)),
        (story.agent, story.words.end if solved else story.words.answer, story.moments[2] if solved else at + timedelta(hours=1)),
    )
    for author, words, moment in said:
        yield {
            "public_id": public_id(),
            "subject_kind": "request",
            "subject_id": story.id,
            "author_id": author,
            "internal": False,
            "at": moment,
            "text": words,
        }
