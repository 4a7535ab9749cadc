"""Finding news and mails."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import joinedload

from portal.core import subjects
from portal.core.db import db
from portal.notifications import addresses, labels
from portal.notifications.models import FAILED, HELD, QUEUED, STATES, UNKNOWN, Fuse, Notification, Outbox
from portal.people.models import Person

MANY = 99
LAST = 3
TROUBLE = (UNKNOWN, FAILED, HELD)


def own(person: Person) -> Select[Notification]:
    """Select the person's news."""
    return select(Notification).where(Notification.recipient_id == person.id)


def lines(person: Person) -> Select[Any]:
    """Select the columns of the person's news that its page shows."""
    columns = Notification.__table__.c
    return select(*columns).where(Notification.recipient_id == person.id)


class Unread(NamedTuple):
    """What an unread line is about."""

    subject_kind: str
    subject_id: int
    internal: bool


def unread_of(person: Person) -> ScalarSelect[str]:
    """Select the person's unread lines, up to 99, as one text, so that it is read together with other numbers."""
    internal = case((Notification.internal, literal("1")), else_=literal("0"))
    line = Notification.subject_kind + ":" + cast(Notification.subject_id, String) + ":" + internal
    unread = select(line.label("line")).where(Notification.recipient_id == person.id, Notification.read_at.is_(None))
    lines = unread.limit(MANY).subquery()
    return select(func.aggregate_strings(lines.c.line, " ")).scalar_subquery()


def still_unread(text: str | None, person: Person, now: datetime) -> int:
    """Return how many of the lines that `unread_of` read are about things that are still visible (PE-20)."""
    parts = (line.split(":") for line in (text or "").split())
    lines = [Unread(kind, int(id_), internal == "1") for kind, id_, internal in parts]
    return len(readable(lines, person, now))


def unread_count(person: Person, now: datetime) -> int:
    """Return how many unread lines the person has about things that are still visible, up to 99 (PE-20)."""
    return still_unread(db.session.scalar(select(unread_of(person))), person, now)


def readable(rows: Sequence[Any], person: Person, now: datetime) -> list[tuple[Any, Any]]:
    """Return (line, thing) of the lines that the person may still read."""
    there = subjects.visible_among({(row.subject_kind, row.subject_id) for row in rows}, person, now)
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
    def why(self) -> str:
        """Return the reason in words."""
        return labels.why(self.reason)

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


@dataclass(frozen=True)
class Blown:
    """A fuse that nobody has looked at yet: whom, since when, how many mails it holds, and the last three of them."""

    fuse: Fuse
    reference: str
    held: int
    last: Sequence[Outbox]


def all_fuses() -> Select[Fuse]:
    """Select the fuses, for the deeds of administrators."""
    return select(Fuse)


def blown(most: int = 20) -> list[Blown]:
    """Return the fuses that hold mail back, the latest first; of their mails kind and time, never the text (CM rule 30)."""
    open_ones = all_fuses().where(Fuse.resumed_at.is_(None)).options(joinedload(Fuse.recipient))
    found = db.session.scalars(open_ones.order_by(Fuse.id.desc()).limit(most)).all()
    held = select(Outbox).where(Outbox.fuse_id.in_([fuse.id for fuse in found]), Outbox.state == HELD)
    mails: dict[int | None, list[Outbox]] = defaultdict(list)
    for mail in db.session.scalars(held.order_by(Outbox.id.desc())) if found else ():
        mails[mail.fuse_id].append(mail)
    names = _references(found)
    return [
        Blown(fuse, names.get((fuse.subject_kind, fuse.subject_id), ""), len(mails[fuse.id]), mails[fuse.id][:LAST])
        for fuse in found
    ]


def _references(found: Sequence[Fuse]) -> dict[tuple[str, int], str]:
    """Return the numbers of the things that fuses are about: one statement for each kind."""
    names = {}
    for kind in {fuse.subject_kind for fuse in found} - {""}:
        subject = subjects.of_kind(kind)
        ids = [fuse.subject_id for fuse in found if fuse.subject_kind == kind]
        rows = db.session.scalars(select(subject.model).where(subject.model.id.in_(ids)))
        names.update({(kind, row.id): subject.reference(row) for row in rows})
    return names


def counts() -> dict[str, int]:
    """Return how many mails are in each state."""
    rows = db.session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in STATES}


def mail_is_down() -> bool:
    """Return whether mails wait for a server that is away (CM rule 14)."""
    waiting = select(Outbox.id).where(Outbox.state == QUEUED, Outbox.reason.startswith(labels.SERVER_AWAY))
    return db.session.scalar(waiting.limit(1)) is not None


def sender_address() -> str:
    """Return the address that mail really comes from (calendars.md 13)."""
    return addresses.sender()
