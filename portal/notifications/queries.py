"""Finding news and mails."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.core import subjects
from portal.core.db import db
from portal.notifications import labels
from portal.notifications.models import FAILED, HELD, QUEUED, STATES, UNKNOWN, Notification, Outbox
from portal.people.models import Person

MANY = 99
TROUBLE = (UNKNOWN, FAILED, HELD)


def own(person: Person) -> Select[Notification]:
    """Select the person's news."""
    return select(Notification).where(Notification.recipient_id == person.id)


def lines(person: Person) -> Select[Any]:
    """Select the columns of the person's news that its page shows."""
    columns = Notification.__table__.c
    return select(*columns).where(Notification.recipient_id == person.id)


def things(about: Iterable[tuple[str, int]], person: Person, now: datetime) -> dict[tuple[str, int], Any]:
    """Return the things that the person may still see, by (kind, id): one query per kind (PE-18, PE-20)."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, id_ in about:
        ids[kind].add(id_)
    found = {}
    for kind, wanted in ids.items():
        subject = subjects.of_kind(kind)
        rows = db.session.scalars(subject.visible_to(person, now).where(subject.model.id.in_(wanted)))
        found.update({(kind, row.id): row for row in rows})
    return found


def unread_count(person: Person, now: datetime) -> int:
    """Return how many unread lines the person has about things that are still visible, up to 99 (PE-20)."""
    unread = select(Notification.subject_kind, Notification.subject_id, Notification.internal)
    rows = db.session.execute(
        unread.where(Notification.recipient_id == person.id, Notification.read_at.is_(None)).limit(MANY)
    ).all()
    return sum(1 for _ in readable(rows, person, now))


def readable(rows: Sequence[Any], person: Person, now: datetime) -> list[tuple[Any, Any]]:
    """Return (line, thing) of the lines that the person may still read."""
    there = things({(row.subject_kind, row.subject_id) for row in rows}, person, now)
    pairs = ((row, there.get((row.subject_kind, row.subject_id))) for row in rows)
    return [(row, thing) for row, thing in pairs if thing is not None and may_read(row, thing, person, now)]


def may_read(row: Any, thing: Any, person: Person, now: datetime) -> bool:
    """Return whether the line is about a part of the thing that the person may read (CM rule 3)."""
    return not row.internal or subjects.of_kind(row.subject_kind).may_read_internal(person, thing, now)


@dataclass(frozen=True)
class MailState:
    """How the mails about a thing stand, for agents and administrators: whom, where, why; never the text."""

    recipient: str
    state: str
    reason: str | None
    at: datetime

    @property
    def words(self) -> str:
        """Return the state in words."""
        return str(labels.WORDS[self.state])

    @property
    def look(self) -> str:
        """Return the look of the state's tag."""
        return labels.LOOKS[self.state]


def mails_about(kind: str, subject_id: int, internal: bool, caused_by: Person | None = None) -> list[MailState]:
    """Return how the mails about a thing stand, newest first; those about internal parts only with `internal`.

    With `caused_by`, only what went wrong with mails that this person caused (RE-17).
    """
    found = (
        select(Person.name, Outbox.state, Outbox.reason, func.coalesce(Outbox.done_at, Outbox.created_at))
        .join(Person, Person.id == Outbox.recipient_id)
        .where(Outbox.subject_kind == kind, Outbox.subject_id == subject_id)
        .order_by(Outbox.id.desc())
        .limit(50)
    )
    if caused_by is not None:
        found = found.where(Outbox.by_id == caused_by.id, Outbox.state.in_(TROUBLE))
    rows = db.session.execute(found if internal else found.where(~Outbox.internal))
    return [MailState(*row) for row in rows]


def mails(state: str) -> Select[Any]:
    """Select what administrators may see of mails: kind, recipient and state, never the text (CM rule 12)."""
    mail, columns = Outbox.__table__.c, ("id", "public_id", "message", "state", "reason", "created_at", "done_at")
    found = select(Person.name, *(mail[name] for name in columns)).join(Person, Person.id == mail.recipient_id)
    return found.where(mail.state == state) if state else found


def all_mails() -> Select[Outbox]:
    """Select the mails themselves, for the deeds of administrators."""
    return select(Outbox)


def counts() -> dict[str, int]:
    """Return how many mails are in each state."""
    rows = db.session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in STATES}


def mail_is_down() -> bool:
    """Return whether mails wait for a server that is away (CM rule 14)."""
    waiting = select(Outbox.id).where(Outbox.state == QUEUED, Outbox.reason.startswith("server away"))
    return db.session.scalar(waiting.limit(1)) is not None
