"""The states of a tracked item, and which may follow which (TR-19)."""

from enum import StrEnum


class State(StrEnum):
    """Where an item stands; the words of the rule book."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    COMPLETED = "completed"
    ON_HOLD = "on_hold"
    ATTEMPT_FAILED = "attempt_failed"
    DELAYED = "delayed"
    EXCEPTION = "exception"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = State
TERMINAL = frozenset({S.COMPLETED, S.RETURNED, S.CANCELLED, S.EXPIRED})
EXCEPTIONS = frozenset({S.ATTEMPT_FAILED, S.DELAYED, S.ON_HOLD, S.EXCEPTION})
_MOVING = {S.READY_FOR_PICKUP, S.ATTEMPT_FAILED, S.DELAYED, S.ON_HOLD, S.EXCEPTION, S.COMPLETED, S.RETURNED, S.CANCELLED}
_WORKED_ON = {
    S.IN_PROGRESS,
    S.SHIPPED,
    S.OUT_FOR_DELIVERY,
    S.READY_FOR_PICKUP,
    S.COMPLETED,
    S.ON_HOLD,
    S.DELAYED,
    S.EXCEPTION,
    S.CANCELLED,
}
_AFTER_TROUBLE = (set(State) - TERMINAL) | {S.COMPLETED, S.RETURNED, S.CANCELLED}

ALLOWED: dict[State, frozenset[State]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.ON_HOLD, S.CANCELLED, S.IN_PROGRESS}),
    S.ACCEPTED: frozenset(_WORKED_ON),
    S.IN_PROGRESS: frozenset(_WORKED_ON),
    S.SHIPPED: frozenset(_MOVING | {S.OUT_FOR_DELIVERY}),
    S.OUT_FOR_DELIVERY: frozenset(_MOVING | {S.SHIPPED}),
    S.READY_FOR_PICKUP: frozenset({S.COMPLETED, S.RETURNED, S.EXCEPTION, S.EXPIRED}),
    **{trouble: frozenset(_AFTER_TROUBLE) for trouble in EXCEPTIONS},
    S.COMPLETED: frozenset({S.RETURNED, S.EXCEPTION}),
    S.RETURNED: frozenset(),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
}


def may_follow(before: State, after: State) -> bool:
    """Return whether a step is allowed; to hear the same again is no step and always fits."""
    return before == after or after in ALLOWED[before]
