"""What a failing database means for who asked: busy, a lock held by another, away, or no room left (RE-7, RE-25, RE-28)."""

import errno
from collections.abc import Iterator

import structlog
from flask import current_app
from sqlalchemy.exc import DBAPIError, OperationalError

LOCK_NOT_AVAILABLE = "55P03"
RETRIED_STATES = {"40001", "40P01"}
NO_ROOM_STATES = {"53100", "25006"}  # disk full, read-only transaction
AWAY_CLASSES = ("08", "57P", "53")  # connection, shut down, resources (too many connections, out of memory)
TOO_SLOW = "57014"
NO_ROOM_WORDS = ("database or disk is full", "attempt to write a readonly database", "disk I/O error")
NO_ROOM_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
NO_ROOM = "no_room"
log = structlog.get_logger()


def state_of(error: DBAPIError) -> str:
    """Return the SQLSTATE, or an empty string where there is none: SQLite, or a server that was not reached."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def is_busy(error: DBAPIError) -> bool:
    """Return whether running the same transaction again may help (RE-7)."""
    return state_of(error) in RETRIED_STATES or (isinstance(error, OperationalError) and "database is locked" in str(error.orig))


def is_locked(error: DBAPIError) -> bool:
    """Return whether somebody else held the row for longer than one waits (RE-5)."""
    return state_of(error) == LOCK_NOT_AVAILABLE


def has_no_room(error: DBAPIError) -> bool:
    """Return whether nothing can be written, while reading goes on (RE-25)."""
    return any(_says_no_room(each) for each in _with_causes(error))


def _says_no_room(error: DBAPIError) -> bool:
    return state_of(error) in NO_ROOM_STATES or any(words in str(error.orig) for words in NO_ROOM_WORDS)


def _with_causes(error: BaseException | None) -> Iterator[DBAPIError]:
    """Yield the error and those behind it: a full SQLite ends the transaction, so that its savepoint is missed next."""
    while error is not None:
        if isinstance(error, DBAPIError):
            yield error
        error = error.__context__


def is_away(error: DBAPIError) -> bool:
    """Return whether the database cannot be asked at the moment, or not fast enough (RE-28)."""
    state = state_of(error)
    unreached = not state and isinstance(error, OperationalError) and type(error.orig).__module__.startswith("psycopg")
    return error.connection_invalidated or unreached or state == TOO_SLOW or state.startswith(AWAY_CLASSES)


def alarm_of_no_room(error: DBAPIError | OSError) -> None:
    """Log one alarm, however many writes are refused until there is room again."""
    if not current_app.extensions.get(NO_ROOM):
        current_app.extensions[NO_ROOM] = True
        log.error("disk_full", reason=str(error.orig if isinstance(error, DBAPIError) else error))


def room_again() -> None:
    """Note that a write was stored: the next time there is no room is another alarm."""
    if current_app.extensions.pop(NO_ROOM, False):
        log.warning("disk_has_room_again")
