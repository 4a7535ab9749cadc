"""What happened to clocks, for packages above: facts in the past tense with ids."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClocksMoved:
    """The clocks of a subject changed: its place in lists may have moved. `due` is None while paused or without target."""

    kind: str
    subject_id: int
    # of the fulfilment clock: running, paused, stopped, or empty where there is none
    standing: str
    due: datetime | None


@dataclass(frozen=True)
class ClockBreached:
    """A promise was not kept; the fact has been written (26)."""

    kind: str
    subject_id: int
    clock_id: int
    clock_kind: str
    due: datetime


@dataclass(frozen=True)
class DueMoved:
    """A calendar or a target was changed for open things, and this promise has another date now (35)."""

    kind: str
    subject_id: int
    clock_kind: str
    old: datetime | None
    new: datetime | None
    # when the change was saved: what moved by one save has the same
    saved_at: datetime


@dataclass(frozen=True)
class ExpectedDateGiven:
    """An agent said when a thing is to be expected, beside the promise (38)."""

    kind: str
    subject_id: int
    expected_at: datetime
    reason: str
    by_id: int


@dataclass(frozen=True)
class Warned:
    """A step of warning was told to these people (28)."""

    kind: str
    subject_id: int
    clock_kind: str
    step_id: int
    to: tuple[int, ...]
