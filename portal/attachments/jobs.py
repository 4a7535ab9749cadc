"""Timed work on files; the slow part, reading the disk, is done outside transactions (RE-3)."""

from datetime import timedelta
from typing import Any

from portal.attachments import actions, queries
from portal.core import clock, files, jobs
from portal.core.db import db, reading, transaction

SWEEP, VERIFY = "attachments.sweep", "attachments.verify"
EVERY = timedelta(days=1)
AT_ONCE = 100


def sweep(payload: dict[str, Any]) -> None:
    """Mark what hangs on nothing, then remove bytes that no row needs (RE-12)."""
    now = clock.now()
    with transaction():
        kept = queries.kept_paths()
        actions.mark_unused(now)
    files.remove_all_but(kept, now - actions.DAY)


def verify(payload: dict[str, Any]) -> None:
    """Compare the bytes of some files with what was stored, and go on with the next in another job (RE-13)."""
    with reading():
        batch = [(file.id, file.path, file.size, file.digest) for file in queries.after(payload.get("after", 0), AT_ONCE)]
        db.session.rollback()
    whole = {id_: files.is_whole(path, size, digest) for id_, path, size, digest in batch}
    with transaction():
        actions.note_condition(whole, clock.now())
        if len(batch) == AT_ONCE:
            jobs.enqueue(VERIFY, {"after": batch[-1][0]})
