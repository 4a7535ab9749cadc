"""Caps on mail to one person, so that no loop and no flood fills a mailbox (CM rules 29 and 30, RE-18).

Counted over the rows of the last hours, never in a counter. Mail about the account itself has limits of its own where it is
asked for, and always leaves. Above the caps about one thing, and above 200 a day, mail is held until an administrator has
looked; above 30 an hour it waits for its turn.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from portal.audit import actions as audit
from portal.core.db import db
from portal.core.events import publish
from portal.notifications.events import FuseBlown
from portal.notifications.labels import TOO_MANY, TURN
from portal.notifications.models import HELD, QUEUED, SENT, Fuse, Outbox
from portal.people.models import Person

ABOUT_ONE_THING = ((10, timedelta(minutes=10)), (25, timedelta(minutes=60)), (100, timedelta(hours=10)))
AN_HOUR, HOUR = 30, timedelta(hours=1)
A_DAY, DAY = 200, timedelta(hours=24)


@dataclass(frozen=True)
class Pair:
    """Whom the caps count for, and about what; an empty kind means all mail to the person."""

    recipient_id: int
    kind: str = ""
    subject_id: int = 0


def stops(row: Outbox, now: datetime) -> bool:
    """Hold a mail, or let it wait for its turn, when its recipient has had enough; tell whether it does not leave now."""
    if row.subject_kind is None or row.subject_id is None or _was_resumed(row):
        return False
    for pair in (Pair(row.recipient_id, row.subject_kind, row.subject_id), Pair(row.recipient_id)):
        fuse = _open_fuse(pair) or (_blow(pair, now) if _too_many(pair, row, now) else None)
        if fuse is not None:
            row.state, row.fuse_id, row.reason = HELD, fuse.id, TOO_MANY
            return True
    turn = _next_turn(row.recipient_id, now)
    if turn is not None:
        row.state, row.next_at, row.reason = QUEUED, turn, TURN
    return turn is not None


def _was_resumed(row: Outbox) -> bool:
    found = select(Fuse.id).where(Fuse.id == row.fuse_id, Fuse.resumed_at.is_not(None))
    return row.fuse_id is not None and db.session.scalar(found) is not None


def _of(pair: Pair) -> ColumnElement[bool]:
    return (Fuse.recipient_id == pair.recipient_id) & (Fuse.subject_kind == pair.kind) & (Fuse.subject_id == pair.subject_id)


def _open_fuse(pair: Pair) -> Fuse | None:
    return db.session.scalar(select(Fuse).where(_of(pair), Fuse.resumed_at.is_(None)))


def _too_many(pair: Pair, row: Outbox, now: datetime) -> bool:
    """Count what was written before this mail: about one thing by when it was written, in all by when it was sent."""
    resumed = db.session.scalar(select(func.max(Fuse.resumed_at)).where(_of(pair)))
    if not pair.kind:
        return _sent_since(pair.recipient_id, max(now - DAY, resumed or now - DAY)) >= A_DAY
    written = select(func.count()).where(
        Outbox.subject_kind == pair.kind,
        Outbox.subject_id == pair.subject_id,
        Outbox.recipient_id == pair.recipient_id,
        Outbox.id < row.id,
        Outbox.created_at <= row.created_at,
    )
    starts = [(most, max(row.created_at - span, resumed or row.created_at - span)) for most, span in ABOUT_ONE_THING]
    return any((db.session.scalar(written.where(Outbox.created_at > start)) or 0) >= most for most, start in starts)


def _sent_since(recipient_id: int, start: datetime) -> int:
    sent = select(func.count()).where(Outbox.recipient_id == recipient_id, Outbox.done_at > start, Outbox.state == SENT)
    return db.session.scalar(sent.where(Outbox.subject_kind.is_not(None))) or 0


def _next_turn(recipient_id: int, now: datetime) -> datetime | None:
    """Return when the person has had fewer than 30 mails within the hour, None if that is so now."""
    sent = select(Outbox.done_at).where(Outbox.recipient_id == recipient_id, Outbox.done_at > now - HOUR, Outbox.state == SENT)
    sent = sent.where(Outbox.subject_kind.is_not(None)).order_by(Outbox.done_at.desc(), Outbox.id.desc())
    thirtieth = db.session.scalar(sent.offset(AN_HOUR - 1).limit(1))
    return thirtieth + HOUR if thirtieth else None


def _blow(pair: Pair, now: datetime) -> Fuse:
    """Open the one incident of this pair and day, or open it again."""
    day = now.date()
    fuse = db.session.scalar(select(Fuse).where(_of(pair), Fuse.day == day))
    if fuse is None:
        fuse = Fuse(recipient_id=pair.recipient_id, subject_kind=pair.kind, subject_id=pair.subject_id, day=day, blown_at=now)
        db.session.add(fuse)
    fuse.resumed_at = None
    db.session.flush()
    audit.record(None, "mail.fuse_blown", "person", pair.recipient_id, after={"kind": pair.kind, "subject": pair.subject_id})
    publish(FuseBlown(fuse.id, pair.recipient_id, pair.kind, pair.subject_id))
    return fuse


def resume(fuse: Fuse, by: Person, now: datetime) -> int:
    """Let the mails that were held leave, each in its turn, and count anew; return how many there were (CM rule 30)."""
    if fuse.resumed_at is not None:
        return 0
    fuse.resumed_at = now
    held = list(db.session.scalars(select(Outbox).where(Outbox.fuse_id == fuse.id, Outbox.state == HELD)))
    for row in held:
        row.state, row.next_at, row.reason = QUEUED, now, None
    audit.record(by, "mail.fuse_resumed", "person", fuse.recipient_id, after={"mails": len(held)})
    return len(held)
