"""What happens to tracked items, for packages above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ItemFact:
    """Something happened to an item."""

    item_id: int
    at: datetime


class ItemRegistered(ItemFact):
    """It can be followed from now on."""


class CheckpointRecorded(ItemFact):
    """A source has reported something new."""


class ItemStateChanged(ItemFact):
    """It stands elsewhere."""


class PromiseChanged(ItemFact):
    """It is expected at another time."""


class TrackingCodeIssued(ItemFact):
    """There is one more code."""


class TrackingCodeRevoked(ItemFact):
    """A code opens nothing any more."""


@dataclass(frozen=True)
class ImportFinished:
    """All rows of an import have their result."""

    import_id: int
    at: datetime


class SecondFactorLocked(ItemFact):
    """Too many wrong factors: the second level is not granted for an hour (TR-13)."""
