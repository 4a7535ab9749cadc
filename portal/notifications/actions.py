"""Verbs of notifications."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core.db import Model, db
from portal.notifications.models import Notification, Outbox
from portal.people.models import Person

BATCH = 200


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
    by: Person | None = None,
    data: Mapping[str, Any] | None = None,
    internal: bool = False,
) -> None:
    """Tell people once about an event, in the caller's transaction: by the bell, and by mail if asked (C9).

    `message` names templates without suffix: "requests/solved" means `templates/requests/mail/solved.txt` (blocks
    `subject` and `body`) and perhaps `solved.html`. Who did it (`by`) is not told (CM rule 19). Mail that asks for no act
    of the recipient (`must_act`) respects the recipient's preference. What is about an internal part says `internal`.
    """
    found = _recipients(to, by)
    about = {
        "event": event,
        "message": message,
        "subject_kind": kind,
        "subject_id": subject_id,
        "internal": internal,
        "data": dict(data or {}),
        "created_at": now,
    }
    _insert_once(Notification, [{**about, "recipient_id": person_id} for person_id, _ in found])
    wanted = [person_id for person_id, progress in found if mail and (must_act or progress)]
    by_id = by.id if by else None
    _insert_once(Outbox, [{**about, "recipient_id": person_id, "next_at": now, "by_id": by_id} for person_id in wanted])


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
