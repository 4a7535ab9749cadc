"""From the outbox to the mail server: lease, check the right, word, hand over, record (RE-14 to RE-17).

Each step is a short transaction of its own; none is open while the network is used. Whatever moment a worker dies at, the
row is found again: after its lease ends it is `unknown` and is sent once more, under the same Message-ID.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock, subjects
from portal.core.db import db, reading, transaction
from portal.notifications import addresses, delivery, fuses, labels, making, words
from portal.notifications.delivery import Outcome
from portal.notifications.models import DROPPED, FAILED, HELD, QUEUED, SENDING, SENT, UNKNOWN, Outbox

LEASE = timedelta(minutes=5)
MOST_ENDED_LEASES = 5
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
LATER = timedelta(hours=4)
MOST_REFUSALS = len(RETRIES) + (timedelta(days=3) - sum(RETRIES, timedelta())) // LATER
IN_ORDER = timedelta(hours=1)
REASON_LIMIT = 300
log = structlog.get_logger()


def send_due(limit: int = 50) -> int:
    """Send what is due, at most `limit` mails over one connection; return how many were looked after."""
    end_leases()
    if not anything_due():
        return 0
    done = 0
    try:
        with delivery.connected() as connection:
            if connection is None:
                return 0
            wake_those_that_waited()
            while done < limit and (row_id := claim()) is not None:
                send_one(row_id, connection)
                done += 1
    except delivery.Away as away:
        note_away(str(away))
    return done


def end_leases() -> None:
    """Mark what a worker left behind: nobody knows whether it was sent, so it is sent again, five times at most (RE-16)."""
    now = clock.now()
    left = (Outbox.state == SENDING) & (Outbox.leased_until < now)
    if not _any(left):
        return
    with current_app.app_context(), transaction():
        _end(left & (Outbox.ended_leases + 1 < MOST_ENDED_LEASES), UNKNOWN, now)
        _end(left, HELD, now)


def _end(which: ColumnElement[bool], state: str, now: datetime) -> None:
    changes = {"state": state, "leased_until": None, "next_at": now, "reason": labels.KILLED}
    db.session.execute(update(Outbox).where(which).values(ended_leases=Outbox.ended_leases + 1, **changes))


def due(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a mail may leave now; a later one about the same thing waits up to an hour (RE-17)."""
    earlier = aliased(Outbox)
    before = exists().where(
        earlier.subject_kind == Outbox.subject_kind,
        earlier.subject_id == Outbox.subject_id,
        earlier.recipient_id == Outbox.recipient_id,
        earlier.id < Outbox.id,
        earlier.state.in_((QUEUED, SENDING, UNKNOWN)),
    )
    in_turn = or_(Outbox.created_at <= now - IN_ORDER, ~before)
    return Outbox.state.in_((QUEUED, UNKNOWN)) & (Outbox.next_at <= now) & in_turn


def anything_due() -> bool:
    """Return whether it is worth connecting."""
    return _any(due(clock.now()))


def _any(which: ColumnElement[bool]) -> bool:
    with current_app.app_context(), reading():
        return db.session.scalar(select(Outbox.id).where(which).limit(1)) is not None


def claim() -> int | None:
    """Lease the next mail to this worker; two workers never get the same one within a lease."""
    now = clock.now()
    with current_app.app_context(), transaction():
        row = _next(now)
        if row is None:
            return None
        row.state, row.leased_until = SENDING, now + LEASE
        return row.id


def _next(now: datetime) -> Outbox | None:
    first = select(Outbox).where(due(now)).order_by(Outbox.id).limit(1)
    return db.session.scalar(first.with_for_update(skip_locked=True, of=Outbox))


def send_one(row_id: int, connection: delivery.Connection) -> None:
    """Word a leased mail, hand it over and record what became of it."""
    try:
        more = check(row_id)
        if more is None:
            return
        outcome = connection.send(*word(row_id, more))
    except delivery.Away:
        release(row_id)
        raise
    except DBAPIError:
        raise
    except Exception as error:
        log.error("mail_not_made", outbox=row_id, exc_info=error)
        outcome = Outcome("permanent", f"{labels.NOT_MADE}{type(error).__name__}")
    record(row_id, outcome)


def check(row_id: int) -> Mapping[str, Any] | None:
    """Ask again whether the recipient may have it, else drop it; name it, and return what only now is made for it (PE-18)."""
    now = clock.now()
    with current_app.app_context(), transaction(), _place():
        row = db.session.get_one(Outbox, row_id)
        thing, reason = look_up(row, now)
        if reason:
            _drop(row, reason, now)
            return None
        if fuses.stops(row, now):
            row.leased_until = None
            return None
        row.message_id = row.message_id or addresses.message_id(row, thing.reference, row.recipient)
        try:
            return making.context(row, now)
        except making.NotWanted:
            _drop(row, labels.NOT_WANTED, now)
            return None


def _drop(row: Outbox, reason: str, now: datetime) -> None:
    row.state, row.reason, row.leased_until, row.done_at = DROPPED, reason, None, now


def word(row_id: int, more: Mapping[str, Any]) -> tuple[EmailMessage, str, str]:
    """Return the mail with its recipient and its name, made outside any writing transaction (RE-3)."""
    now = clock.now()
    with current_app.app_context(), reading(), _place():
        row = db.session.get_one(Outbox, row_id)
        thing, _ = look_up(row, now)
        mail = words.compose(row, thing, row.recipient, now, _previous(row), more)
        return mail, row.recipient.email, row.public_id


def _place() -> AbstractContextManager[object]:
    """Return a context in which addresses can be built, from the configured address only (CM rule 15)."""
    return current_app.test_request_context(base_url=str(current_app.config["PORTAL_BASE_URL"]))


def look_up(row: Outbox, now: datetime) -> tuple[words.Thing, str]:
    """Return what the mail is about, and why it is not sent if it is not (CM rules 13 and 17)."""
    if not row.recipient.active:
        return words.Thing(), labels.LEFT
    if not addresses.may_receive(row.recipient.email):
        return words.Thing(), labels.NOBODY
    if row.subject_kind is None or row.subject_id is None:
        return words.Thing(), ""
    found = subjects.visible(row.subject_kind, row.subject_id, row.recipient, now)
    if found is None:
        return words.Thing(), labels.HIDDEN
    if row.internal and not subjects.of_kind(row.subject_kind).may_read_internal(row.recipient, found, now):
        return words.Thing(), labels.HIDDEN_PART
    return words.thing_of(row.subject_kind, found, row.path), ""


def _previous(row: Outbox) -> str | None:
    """Return the Message-ID of the last mail about the thing that this recipient got (CM rule 15)."""
    return db.session.scalar(
        select(Outbox.message_id)
        .where(Outbox.subject_kind == row.subject_kind, Outbox.subject_id == row.subject_id)
        .where(Outbox.recipient_id == row.recipient_id, Outbox.id < row.id, Outbox.state == SENT)
        .order_by(Outbox.id.desc())
        .limit(1)
    )


def record(row_id: int, outcome: Outcome) -> None:
    """Write down what became of a mail. A delivery counts whoever reports it; other news only from the lease's holder."""
    now = clock.now()
    with current_app.app_context(), transaction():
        row = db.session.get_one(Outbox, row_id, with_for_update=True)
        if outcome.kind == "delivered":
            row.state, row.reason, row.done_at, row.leased_until = SENT, None, now, None
        elif row.state == SENDING:
            _not_delivered(row, outcome, now)


def _not_delivered(row: Outbox, outcome: Outcome, now: datetime) -> None:
    row.reason, row.leased_until = addresses.header(outcome.reason)[:REASON_LIMIT], None
    if outcome.kind == "unknown":
        row.ended_leases += 1
        row.state = UNKNOWN if row.ended_leases < MOST_ENDED_LEASES else HELD
        row.next_at = now + RETRIES[0]
    elif outcome.kind == "temporary":
        put_off(row, now)
    else:
        row.state, row.done_at = FAILED, now


def put_off(row: Outbox, now: datetime) -> None:
    """Try again after 1, 5, 15 and 60 minutes, then every 4 hours, for 3 days (RE-17)."""
    if row.refusals >= MOST_REFUSALS:
        row.state, row.done_at = FAILED, now
        return
    pause = RETRIES[row.refusals] if row.refusals < len(RETRIES) else LATER
    row.state, row.next_at, row.refusals = QUEUED, now + pause, row.refusals + 1


def note_away(reason: str) -> None:
    """Put off the mail whose turn it was; the others wait untouched until the server is back."""
    now = clock.now()
    with current_app.app_context(), transaction():
        row = _next(now)
        if row is not None:
            row.reason = addresses.header(labels.SERVER_AWAY + reason)[:REASON_LIMIT]
            put_off(row, now)
    log.warning("mail_server_away", reason=reason)


def release(row_id: int) -> None:
    """Give a leased mail back that was never handed over."""
    with current_app.app_context(), transaction():
        row = db.session.get_one(Outbox, row_id, with_for_update=True)
        if row.state == SENDING:
            row.state, row.leased_until = QUEUED, None


def wake_those_that_waited() -> None:
    """The server is back: what waited for it alone may leave at once, in the order in which it was written."""
    now = clock.now()
    waited = (Outbox.state == QUEUED) & Outbox.reason.startswith(labels.SERVER_AWAY, autoescape=True) & (Outbox.next_at > now)
    if _any(waited):
        with current_app.app_context(), transaction():
            db.session.execute(update(Outbox).where(waited).values(next_at=now))
