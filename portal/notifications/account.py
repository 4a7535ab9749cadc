"""Mail about the account itself: what each kind needs beside its template, made when it is sent (SE-20)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from portal.notifications.models import Outbox
from portal.people.models import Person

Maker = Callable[[Person, datetime], Mapping[str, Any]]
_makers: dict[str, Maker] = {}


def made_by(message: str, maker: Maker) -> None:
    """Let `maker` add to the words of a kind of message, for instance an address with a fresh token."""
    _makers[message] = maker


def context(row: Outbox, now: datetime) -> Mapping[str, Any]:
    """Return what the message's kind adds for its recipient."""
    maker = _makers.get(row.message)
    return maker(row.recipient, now) if maker else {}
