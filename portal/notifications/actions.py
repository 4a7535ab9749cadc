"""Verbs of notifications."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.audit import actions as audit
from portal.core import jobs
from portal.core.db import Model, db
from portal.core.errors import Refused
from portal.notifications import labels, making
from portal.notifications.making import CalendarPart, NotWanted
from portal.notifications.models import DROPPED, FAILED, HELD, QUEUED, SENT, UNKNOWN, Notification, Outbox
from portal.notifications.outside import mail_outside as mail_outside
from portal.people.models import Person

BATCH = 200
__all__ = [
    "CalendarPart",
    "NotWanted",
    "count_as_sent",
    "drop_unsent",
    "mail_about_account",
    "make_with",
    "mark_all_read",
    "mark_read",
    "notify",
    "send_again",
    "try_job_again",
]


def notify(
    to: Iterable[int],
    message: str,
    kind: str,
    subject_id: int,
    event: str,
    now: datetime,
    *,
    mail: bool = False,
    must_act: bool = False,
    bell: bool = True,
    by: Person | None = None,
    data: Mapping[str, Any] | None = None,
    internal: bool = False,
    automatic: str = "auto-generated",
    path: str = "",
    at: datetime | None = None,
) -> None:
    """Tell people once about an event, in the caller's transaction: by the bell, and by mail if asked (C9).

    `message` names templates without suffix: "requests/solved" means `templates/requests/mail/solved.txt` (blocks
    `subject` and `body`) and perhaps `solved.html`. Who did it (`by`) is not told (CM rule 19). Mail that asks for no act
    of the recipient (`must_act`) respects the recipient's preference. What is about an internal part says `internal`.
    Without `bell` it is only mailed, as what gathers news is. `path` is where bell and mail lead when that is not the
    thing's own address, for instance the page of a decision.
    The mail leaves at once, or at `at`.
    `automatic` is "auto-replied" for an acknowledgement and empty for what a person wrote to the recipients (CM rule 17).
    """
    found = _recipients(to, by)
    about = {
        "event": event,
        "message": message,
        "subject_kind": kind,
        "subject_id": subject_id,
        "internal": internal,
        "data": dict(data or {}),
        "path": path or None,
        "created_at": now,
    }
    _insert_once(Notification, [{**about, "recipient_id": person_id} for person_id, _ in found if bell])
    wanted = [person_id for person_id, progress in found if mail and (must_act or progress)]
    sent = {**about, "next_at": at or now, "by_id": by.id if by else None, "automatic": automatic}
    _insert_once(Outbox, [{**sent, "recipient_id": person_id} for person_id in wanted])


def _recipients(to: Iterable[int], by: Person | None) -> list[tuple[int, bool]]:
    """Return (id, mail of progress wanted) of the active people, without the author."""
    ids = set(to) - {by.id if by else 0}
    if not ids:
        return []
    found = select(Person.id, Person.mail_of_progress).where(Person.id.in_(ids), Person.active).order_by(Person.id)
    return [(person_id, progress) for person_id, progress in db.session.execute(found)]


def _insert_once(table: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert what is not there yet: one row per event and recipient (RE-15)."""
    insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(table).values(rows[start : start + BATCH]).on_conflict_do_nothing())


def make_with(message: str, maker: making.Maker) -> None:
    """Let a feature add to a message what is made only when it is sent, such as a link with a token (PE-18)."""
    making.make_with(message, maker)


def mail_about_account(person_id: int, message: str, event: str, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Queue a mail about the person's own account; links and tokens are made when it is sent (SE-20)."""
    row = {"event": event, "message": message, "recipient_id": person_id, "data": dict(data or {})}
    _insert_once(Outbox, [{**row, "next_at": now, "created_at": now}])


def drop_unsent(person_id: int, now: datetime) -> None:
    """Drop the mails that wait for a person who has left (PE-12)."""
    waiting = (Outbox.recipient_id == person_id) & Outbox.state.in_((QUEUED, UNKNOWN, HELD))
    db.session.execute(update(Outbox).where(waiting).values(state=DROPPED, reason=labels.LEFT, done_at=now))


def mark_read(found: Notification, now: datetime) -> None:
    """Note that the person has opened a line of the bell."""
    found.read_at = found.read_at or now


def mark_all_read(person: Person, now: datetime) -> None:
    """Note that the person has seen all there is in the bell."""
    unread = (Notification.recipient_id == person.id) & Notification.read_at.is_(None)
    db.session.execute(update(Notification).where(unread).values(read_at=now))


def count_as_sent(before: datetime) -> None:
    """Take mails from before then as having left when they were written: for a past that is only told, as in the demo."""
    waiting = (Outbox.state == QUEUED) & (Outbox.created_at < before)
    db.session.execute(update(Outbox).where(waiting).values(state=SENT, done_at=Outbox.created_at))


def send_again(row: Outbox, by: Person, now: datetime) -> None:
    """Give a mail that failed, or that is held, another three days (CM rule 14)."""
    if row.state not in (FAILED, HELD):
        raise Refused(_("This mail is not waiting for you: it is %(state)s.", state=row.state))
    row.state, row.next_at, row.done_at = QUEUED, now, None
    row.refusals, row.ended_leases = 0, 0
    audit.record(by, "mail.sent_again", "outbox", row.id)


def try_job_again(job_id: int, by: Person, now: datetime) -> None:
    """Give a job that was put aside three more attempts."""
    jobs.try_again(job_id, now)
    audit.record(by, "job.tried_again", "job", job_id)
