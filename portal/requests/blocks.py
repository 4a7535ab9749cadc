"""What requests tell the home page: what the person has to answer, what they asked for, and how their queues stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from portal.core import blocks
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.text import in_language
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.requests import lists
from portal.requests.forgotten import REASONS, few_forgotten
from portal.requests.models import State
from portal.requests.row_promises import promises_of
from portal.requests.whereabouts import LOOKS, state_words

READ = 50
MOST = 8
SHOWN = 5
FEW = 3
LAST_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Listed:
    """Some rows and how many there are in all."""

    rows: Sequence[Any]
    count: int


def register() -> None:
    """Offer the errand and the blocks."""
    blocks.register(Errand("requests", lazy_gettext("Waiting for your answer"), to_answer))
    blocks.register(
        Block("asked", lazy_gettext("What you have asked for"), 10, "requests/blocks/asked.html", asked, more=_all_asked)
    )
    blocks.register(Block("queue", lazy_gettext("In your queue"), 20, "requests/blocks/queue.html", queues, shown=_is_agent))
    blocks.register(
        Block(
            "forgotten",
            lazy_gettext("Nothing forgotten"),
            10,
            "requests/blocks/forgotten.html",
            without_next_step,
            more=_all_forgotten,
            aside=True,
            shown=lambda person, now: has_role(person, Role.HEAD, now),
        )
    )


# --- what to answer --------------------------------------------------------------------------------------------------


def to_answer(person: Person, now: datetime) -> Pile:
    """Return the requests whose next step is the person's, the longest waiting first."""
    rows = _own(person, now)
    waiting = sorted((row for row in rows if row.waits), key=lambda row: (row.state_since, row.id))
    count = rows[0].to_answer if rows else 0
    return Pile([_waiting(row) for row in waiting[:MOST]], count, url_for("requests.index", show="to_answer"))


def _own(person: Person, now: datetime) -> Sequence[Any]:
    """Return the open requests of the person, read once for the errand and the block."""
    read: dict[int, Sequence[Any]] = g.setdefault("own_requests", {})
    if person.id not in read:
        read[person.id] = lists.own_open(person, now, READ)
    return read[person.id]


def _waiting(row: Any) -> Waiting:
    waiting = _what_next(row)
    service = _service_unless_said(row)
    return replace(waiting, consequence=f"{service}. {waiting.consequence}") if service else waiting


def _service_unless_said(row: Any) -> str:
    """Return the service in the reader's language, or nothing where the title says it already."""
    service = in_language(row.service)
    return "" if str(row.title).startswith(service) else service


def _what_next(row: Any) -> Waiting:
    page, department = url_for("requests.show", reference=row.reference), in_language(row.department)
    if row.state == State.SOLVED:
        consequence = _("%(department)s says that it is done. If you say nothing, it counts as done.", department=department)
        by = row.closes_at - LAST_MINUTE
        return Waiting(_("Does “%(title)s” work now?", title=row.title), page, consequence, _("See and say"), by=by)
    if row.state == State.WAITING_FOR_APPROVAL:
        answers = url_for("requests.answers", reference=row.reference)
        consequence = _("It came back to you. It goes on when you send it again.")
        return Waiting(_("Correct “%(title)s”", title=row.title), answers, consequence, _("Correct it"), since=row.state_since)
    consequence = _("%(department)s needs something from you; until then it stands still.", department=department)
    return Waiting(
        _("Answer about “%(title)s”", title=row.title), f"{page}#conversation", consequence, _("Answer"), since=row.state_since
    )


# --- what was asked for ----------------------------------------------------------------------------------------------


def asked(person: Person, now: datetime) -> Listed:
    """Return the open requests of the person, the newest first."""
    rows = _own(person, now)
    newest = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)[:SHOWN]
    promises = promises_of(newest, now)
    lines = [_line(row, person, now) | {"promise": promises.get(row.id)} for row in newest]
    return Listed(lines, rows[0].open if rows else 0)


def _line(row: Any, person: Person, now: datetime) -> dict[str, str]:
    ended = row.closes_at is not None and row.closes_at <= now
    state = State.CLOSED if ended else State(row.state)
    own = person.id in (row.requester_id, row.beneficiary_id)
    return {
        "title": row.title,
        "url": url_for("requests.show", reference=row.reference),
        "reference": row.reference,
        "department": in_language(row.department),
        "service": _service_unless_said(row),
        "assignee": row.assignee or "",
        "look": LOOKS[state],
        "words": state_words(state, row.assignee_id, own),
    }


def _all_asked(content: Listed) -> tuple[str, str]:
    return url_for("requests.index"), ngettext("%(num)d open", "All %(num)d open", content.count) if content.count else _("All")


# --- queues ----------------------------------------------------------------------------------------------------------


def _is_agent(person: Person, now: datetime) -> bool:
    return has_role(person, Role.AGENT, now)


def queues(person: Person, now: datetime) -> Sequence[Any]:
    """Return how the queues of the agent stand."""
    return lists.count_by_queue(person, now)


def without_next_step(person: Person, now: datetime) -> Listed:
    """Return the first forgotten requests of the head's departments, and how many there are in all (requests.md 9)."""
    found = few_forgotten(departments_as(person, Role.AGENT, now), now, FEW)
    lines = [_line(row, person, now) | {"reason": str(REASONS[row.reason])} for row in found]
    return Listed(lines, found[0].in_all if found else 0)


def _all_forgotten(content: Listed) -> tuple[str, str]:
    label = ngettext("%(num)d without a next step", "All %(num)d without a next step", content.count)
    return url_for("requests.forgotten_list"), label if content.count else _("See the list")
