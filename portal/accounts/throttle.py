"""How often something may be tried: counted before it is tried, in the database, for all workers together (SE-11 to SE-13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.models import AttemptCounter
from portal.core import security
from portal.core.db import db

MINUTE = 60


@dataclass(frozen=True)
class Limit:
    """At most `count` attempts of one kind within each window of `minutes`."""

    name: str
    count: int
    minutes: int

    def counter(self, subject: str, now: datetime) -> tuple[str, int]:
        """Return the counter's key and the minute at which its window ends."""
        minute = int(now.timestamp()) // MINUTE
        return f"{self.name}:{self.minutes}:{security.digest(subject)[:40]}", (minute // self.minutes + 1) * self.minutes


ACCOUNT = Limit("account", 10, 5)
NETWORK = Limit("network", 50, 60)
TOTAL = Limit("total", 1000, 5)
DEVICE = Limit("device", 10, 5)
PUBLIC_CHECK = Limit("public-check", 60, 5)
CONFIRMATION = Limit("confirmation", 10, 5)
CODES = (Limit("code", 5, 5), Limit("code", 20, 60), Limit("code", 50, 24 * 60))
RESETS = (Limit("reset", 3, 15), Limit("reset-network", 20, 60))


@dataclass(frozen=True)
class Reservation:
    """One counted attempt; `wait` is the number of seconds until the next when there were too many, else 0."""

    counters: tuple[tuple[str, int], ...]
    wait: int

    def release(self) -> None:
        """Take the attempt back: it was no guess, the answer was right."""
        kept = tuple_(AttemptCounter.key, AttemptCounter.window).in_(self.counters)
        db.session.execute(update(AttemptCounter).where(kept).values(count=AttemptCounter.count - 1))


def reserve(limits: Iterable[tuple[Limit, str]], now: datetime) -> Reservation:
    """Count one attempt for each (limit, subject) in a single statement. The caller keeps it, then looks at `wait`."""
    allowed = {limit.counter(subject, now): limit.count for limit, subject in limits}
    counters = tuple(sorted(allowed))
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [{"key": key, "window": window, "count": 1} for key, window in counters]
    counted = dialect.insert(AttemptCounter).values(rows)
    counted = counted.on_conflict_do_update(index_elements=["key", "window"], set_={"count": AttemptCounter.count + 1})
    found = db.session.execute(counted.returning(AttemptCounter.key, AttemptCounter.window, AttemptCounter.count))
    full = [window for key, window, count in found if count > allowed[key, window]]
    return Reservation(counters, max((window * MINUTE - int(now.timestamp()) for window in full), default=0))


def sweep(now: datetime) -> None:
    """Forget counters whose window is over."""
    db.session.execute(delete(AttemptCounter).where(AttemptCounter.window * MINUTE < int(now.timestamp())))
