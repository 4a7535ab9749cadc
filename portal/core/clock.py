"""The one place that reads the time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant in UTC, cut to whole seconds so that both databases store the same value."""
    return datetime.now(UTC).replace(microsecond=0)


def local(instant: datetime, zone: str) -> datetime:
    """Return `instant` as wall time of the named zone."""
    return instant.astimezone(ZoneInfo(zone))
