"""Passwords: which are refused (SE-8), and their hashes: Argon2id, as many at a time as there are cores (SE-9, SE-10)."""

import os
from functools import cache, lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from portal.core.text import fold
from portal.people.models import Person

SHORTEST, LONGEST = 12, 128
SHORTEST_NAME = 4
REFUSED_LIST = "refused-passwords.txt"
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


def is_outdated(stored: str) -> bool:
    """Return whether the hash was made with other parameters than those of today (SE-9)."""
    return _hasher().check_needs_rehash(stored)


def refusal(password: str, person: Person) -> str | None:
    """Return the sentence why this password is refused, else None (SE-8)."""
    if not SHORTEST <= len(password) <= LONGEST:
        return str(_("Use between %(least)d and %(most)d characters.", least=SHORTEST, most=LONGEST))
    if password.casefold() in common() or password.casefold() in _installed():
        return str(_("Many people use this password, so it is tried first. Choose another."))
    if _is_a_name(fold(password), person):
        return str(_("This is little more than a name that everybody here knows. Choose another."))
    return None


@cache
def common() -> frozenset[str]:
    """Return the most common passwords that are long enough to be chosen."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(found for found in FREQUENCY_LISTS["passwords"] if len(found) >= SHORTEST)


def _installed() -> frozenset[str]:
    """Return the passwords of a list that the operator has put beside the settings, such as one of breached ones (SE-8)."""
    place = Path(current_app.instance_path) / REFUSED_LIST
    return _lines_of(place, place.stat().st_mtime_ns) if place.is_file() else frozenset()


@lru_cache(maxsize=1)
def _lines_of(place: Path, changed_at: int) -> frozenset[str]:
    """Return the lines that are long enough to be chosen; a list that has changed is read again."""
    with place.open(encoding="utf-8", errors="replace") as lines:
        found = (line.rstrip("\r\n").casefold() for line in lines)
        return frozenset(line for line in found if SHORTEST <= len(line) <= LONGEST)


def _is_a_name(password: str, person: Person) -> bool:
    """Return whether little is left of the password without the names of person, organisation and product."""
    words = [*person.name.split(), *person.email.replace("@", ".").split("."), current_app.config["PORTAL_NAME"], "ventanilla"]
    rest = password
    for word in sorted(map(fold, words), key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= SHORTEST_NAME else rest
    return rest != password and len(rest) < SHORTEST - SHORTEST_NAME


class _Turn:
    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise ServiceUnavailable(retry_after=WAIT_SECONDS)

    def __exit__(self, *exc: object) -> None:
        _turns.release()
