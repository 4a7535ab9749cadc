"""The one place that reads the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the present instant in UTC, cut to whole seconds so that both databases store the same value."""
    return _told.get() or datetime.now(UTC).replace(microsecond=0)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within it, the present is `instant`: for the demo alone, whose people have acted for months."""
    token = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def local(instant: datetime, zone: str) -> datetime:
    """Return `instant` as wall time of the named zone."""
    return instant.astimezone(ZoneInfo(zone))
