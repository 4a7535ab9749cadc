"""What people say about a request, and what their words change (requests.md, conversation-and-mail.md 1 to 10)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.attachments.models import StoredFile
from portal.audit import actions as audit
from portal.conversations import actions as conversations
from portal.conversations import queries as spoken
from portal.conversations.models import Comment
from portal.core.errors import Refused
from portal.people.models import Person
from portal.requests import history, merged, messages, queries, states
from portal.requests.assigning import KIND, back_to_work, locked, locked_by_agent
from portal.requests.models import FINAL, Request, State


def comment(
    request: Request,
    by: Person,
    text: str,
    internal: bool,
    now: datetime,
    files: Sequence[StoredFile] = (),
    send_key: str | None = None,
) -> Comment:
    """Say something; a word of the requester's side ends "waiting for requester" (RQ5, RQ6).

    What is said about a merged request lands where that one goes on, if its author may see it (CM rule 11).
    """
    request = merged.visible_target(request, by, now) or request
    request = locked_by_agent(request, by, now) if internal else locked(request, now)
    if request.state in FINAL:
        states.refuse(request, now)
    seen = spoken.last_id(KIND, request.id)
    made = conversations.comment(KIND, request.id, by, text, internal, now, files, send_key)
    if made.id <= seen:
        return made  # sent twice (RE-9)
    history.touch(request, now, internal)
    if request.is_of(by.id) and request.state == State.WAITING_FOR_REQUESTER and not internal:
        back_to_work(request, by, now)
    messages.commented(request, made, text, by, now)
    return made


def ask_requester(
    request: Request, by: Person, text: str, now: datetime, send_key: str | None = None, files: Sequence[StoredFile] = ()
) -> None:
    """Ask the requester something and wait for the answer (requests.md 1)."""
    request = locked_by_agent(request, by, now)
    if not states.can(request, State.WAITING_FOR_REQUESTER, now):
        states.refuse(request, now)
    made = conversations.comment(KIND, request.id, by, text, internal=False, now=now, files=files, send_key=send_key)
    states.move(request, State.WAITING_FOR_REQUESTER, by, now)
    audit.record(by, "request.asked", KIND, request.id, after={"state": request.state})
    messages.asked(request, made, by, now)


def correct_comment(request: Request, found: Comment, by: Person, text: str, now: datetime) -> None:
    """Put an own comment right, within 15 minutes and before anybody answered (CM rule 2)."""
    request = locked(request, now)
    conversations.correct(found, by, text, now)
    history.touch(request, now, found.internal)


def withdraw_comment(request: Request, found: Comment, by: Person, now: datetime) -> None:
    """Take back an own comment (CM rule 2)."""
    request = locked(request, now)
    if found.withdrawn_at is None:
        conversations.withdraw(found, by, now)
        history.touch(request, now, found.internal)


def add_watcher(request: Request, person: Person, by: Person, now: datetime) -> None:
    """Let a person see the request and hear of it (CM rule 6)."""
    request = locked(request, now)
    if request.is_of(person.id):
        raise Refused(_("%(name)s sees this request anyway.", name=person.name))
    if queries.is_watching(person, request):
        return
    conversations.watch(KIND, request.id, person, by, now)
    history.write(request, "followed", by, now, person=person.name)
    messages.watcher_added(request, person, by, now)


def remove_watcher(request: Request, person: Person, by: Person, now: datetime) -> None:
    """End following, one's own or another's; access that came by it ends at once (PE-3)."""
    request = locked(request, now)
    if queries.is_watching(person, request):
        conversations.unwatch(KIND, request.id, person, by, now)
        history.write(request, "unfollowed", by, now, person=person.name)
