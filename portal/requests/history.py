"""The only writer of a request's history (requests.md, Vocabulary)."""

from datetime import datetime
from typing import Any

from portal.core.db import db
from portal.people.models import Person
from portal.requests.models import Request, RequestEvent


def write(request: Request, kind: str, by: Person | None, now: datetime, internal: bool = False, **data: Any) -> None:
    """Add one line to the history; what the service alone sees leaves no other trace (CM rule 3)."""
    db.session.add(
        RequestEvent(request_id=request.id, kind=kind, data=data, internal=internal, by_id=by.id if by else None, at=now)
    )
    touch(request, now, internal)


def touch(request: Request, now: datetime, internal: bool = False) -> None:
    """Let pages that show the request learn that there is something new."""
    request.last_entry_at = max(request.last_entry_at, now)
    if internal:
        request.internal_revision += 1
    else:
        request.revision += 1
        request.last_public_at = max(request.last_public_at, now)
