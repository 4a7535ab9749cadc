"""The one function that writes the audit trail."""

from collections.abc import Mapping
from typing import Any

from portal.audit.models import AuditEntry
from portal.core import clock, security
from portal.core.db import db
from portal.core.policy import Refusal
from portal.people.models import Person
from portal.people.queries import me


def record(
    by: Person | None,
    action: str,
    kind: str,
    subject_id: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    on_behalf_of: Person | None = None,
) -> None:
    """Add one entry to the caller's transaction (SE-62). Write confidential fields as "changed" only."""
    add(by.id if by else None, action, kind, subject_id, before, after, on_behalf_of.id if on_behalf_of else None)


def add(
    actor_id: int | None,
    action: str,
    kind: str,
    subject_id: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    on_behalf_of_id: int | None = None,
) -> None:
    """Add one entry about somebody of whom only the number is known."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=actor_id,
            on_behalf_of_id=on_behalf_of_id,
            action=action,
            subject_kind=kind,
            subject_id=subject_id,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
            request_id=security.request_id(),
            network=security.client_network() if security.in_request() else "",
        )
    )


def record_refusal(refusal: Refusal) -> None:
    """Add the entry of a refused access by the signed-in person (SE-62, PE-27)."""
    after = {"route": refusal.endpoint, "reason": refusal.reason}
    record(me(), "access.refused", refusal.kind, refusal.subject_id, after=after)
