"""Password hashes: Argon2id, as many at a time as there are cores (SE-9, SE-10)."""

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

MEMORY_KIB = 19 * 1024
WAIT_SECONDS = 3
_turns = BoundedSemaphore(os.cpu_count() or 1)
_real = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODY = _real.hash("nobody has this password")


def _hasher() -> PasswordHasher:
    return _quick if current_app.testing else _real


def hash_password(password: str) -> str:
    """Return the hash to store. Call it outside any transaction (RE-3)."""
    with _Turn():
        return _hasher().hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Return whether the password is right; nobody's password takes the same work (SE-10)."""
    with _Turn():
        try:
            return _hasher().verify(stored or NOBODY, password) and stored is not None
        except (Argon2Error, InvalidHashError):
            return False


class _Turn:
    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise ServiceUnavailable(retry_after=WAIT_SECONDS)

    def __exit__(self, *exc: object) -> None:
        _turns.release()
