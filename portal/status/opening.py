"""What a new incident can begin with: prepared words, or the requests that told of it (status-page.md; issue of the window)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core import subjects
from portal.core.db import db
from portal.people.models import Person
from portal.requests import queries as requests
from portal.requests.models import Request
from portal.status.models import Incident, IncidentRequest, IncidentTemplate

MOST = 20


@dataclass(frozen=True)
class Given:
    """Values for the form, and the requests that will be named inside: (reference, title)."""

    values: dict[str, Any] = field(default_factory=dict)
    requests: Sequence[tuple[str, str]] = ()


def templates() -> Sequence[IncidentTemplate]:
    """Return the prepared words."""
    return db.session.scalars(
        select(IncidentTemplate).where(IncidentTemplate.removed_at.is_(None)).order_by(IncidentTemplate.id)
    ).all()


def given(template: str, references: str, person: Person, now: datetime) -> Given:
    """Return what the form begins with; only requests that the person may see are taken."""
    found = {row.reference: row for row in _requests(references, person, now)}
    values: dict[str, Any] = {"requests": ",".join(found)}
    prepared = next((one for one in templates() if one.public_id == template), None)
    if prepared is not None:
        values |= {f"name_{code}": text for code, text in prepared.name.items()}
        values |= {f"body_{code}": text for code, text in prepared.body.items()}
        values["state"] = prepared.state
    title = subjects.of_kind("request").title
    return Given(values, [(reference, title(row)) for reference, row in found.items()])


def link(incident: Incident, references: str, by: Person, now: datetime) -> None:
    """Remember from which requests an incident was opened; outside, nothing tells of them (SP-34)."""
    for row in _requests(references, by, now):
        db.session.add(IncidentRequest(incident_id=incident.id, request_id=row.id, at=now, by_id=by.id))


def _requests(references: str, person: Person, now: datetime) -> Sequence[Request]:
    wanted = [one.strip() for one in references.split(",") if one.strip()][:MOST]
    if not wanted:
        return []
    return db.session.scalars(requests.visible_to(person, now).where(Request.reference.in_(wanted))).all()
