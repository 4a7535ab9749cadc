"""What a mail adds only at the moment it is sent, such as a link with a token that no queue ever held (SE-20, PE-18).

A feature offers a maker for the messages that need one: it gets the recipient, the message's data and the time, and returns
what the templates can use besides. It runs in the transaction that names the mail, each time a mail is tried.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.notifications import account
from portal.notifications.models import Outbox
from portal.people.models import Person


class NotWanted(Exception):
    """What the mail was about is no longer so: it is dropped."""


@dataclass(frozen=True)
class CalendarPart:
    """A message for calendar programs, one more form of the mail's text; a maker returns it as `calendar_part`."""

    method: str
    text: str


Maker = Callable[[Person, Mapping[str, Any], datetime], Mapping[str, Any]]
_makers: dict[str, Maker] = {}


def make_with(message: str, maker: Maker) -> None:
    """Let a maker add to a message when it is sent. The last one counts."""
    _makers[message] = maker


def context(row: Outbox, now: datetime) -> Mapping[str, Any]:
    """Return what is made now for this mail."""
    if row.subject_kind is None:
        return account.context(row, now)
    maker = _makers.get(row.message)
    return maker(row.recipient, row.data, now) if maker else {}
