"""Words prepared for incidents that come again."""

from collections.abc import Mapping
from datetime import datetime

from portal.audit import actions as audit
from portal.core.db import db
from portal.people.models import Person
from portal.status.models import IncidentTemplate
from portal.status.vocabulary import INVESTIGATING


def keep(
    name: Mapping[str, str], body: Mapping[str, str], by: Person, now: datetime, state: str = INVESTIGATING
) -> IncidentTemplate:
    """Keep words to begin with."""
    template = IncidentTemplate(name=dict(name), body=dict(body), state=state)
    db.session.add(template)
    db.session.flush()
    audit.record(by, "incident_template.kept", "incident_template", template.id, after=dict(name))
    return template


def remove(template: IncidentTemplate, by: Person, now: datetime) -> None:
    """Forget them; incidents that began with them stay as they are."""
    template.removed_at = template.removed_at or now
    audit.record(by, "incident_template.removed", "incident_template", template.id)
