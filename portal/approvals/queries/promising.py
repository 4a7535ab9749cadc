"""The slot for promised decisions: clocks belong to a package that approvals does not know (service_levels 17)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Promised:
    """By when the open stage of a subject is to be decided, and how its clock stands in words, ready for `ui.clock`."""

    due: datetime | None
    text: str
    look: str
    share: int | None = None

    @property
    def late(self) -> bool:
        """Return whether the date has passed."""
        return self.look == "bad"


# (subject ids, now) -> the promise of the stage that is open, by subject id
Promises = Callable[[Collection[int], datetime], Mapping[int, Promised]]

_promises: dict[str, Promises] = {}


def promise_with(kind: str, promises: Promises) -> None:
    """Let the package that owns a kind of subject say by when its open stages are to be decided. The last one counts."""
    _promises[kind] = promises


def promised(kind: str, ids: Collection[int], now: datetime) -> Mapping[int, Promised]:
    """Return the promise of the open stage of each subject that has one."""
    return _promises[kind](ids, now) if ids and kind in _promises else {}


def promise_of(kind: str, subject_id: int, now: datetime) -> Promised | None:
    """Return the promise of the open stage of one subject."""
    return promised(kind, [subject_id], now).get(subject_id)
