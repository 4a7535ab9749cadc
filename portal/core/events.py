"""News goes up: a package publishes a fact, packages above it subscribe.

Events are frozen dataclasses named in the past tense that hold ids. Subscribers run at once, in the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
Subscriber = Callable[[Any], None]

_subscribers: dict[type, list[Subscriber]] = defaultdict(list)


def subscribe(event_class: type[Event], subscriber: Callable[[Event], None]) -> None:
    """Call `subscriber` with each published `event_class`. Subscribing twice is the same as once."""
    if subscriber not in _subscribers[event_class]:
        _subscribers[event_class].append(subscriber)


def publish(event: object) -> None:
    """Tell all subscribers of the event's class, in the order in which they subscribed."""
    for subscriber in _subscribers[type(event)]:
        subscriber(event)
