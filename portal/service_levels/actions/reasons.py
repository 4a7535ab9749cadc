"""Why clocks wait: the reasons that administrators keep. One that was used stays for good, and is only put away (20)."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people.models import Person
from portal.service_levels.models import ClockInterval, PauseReason

# The portal itself pauses by these.
BUILT_IN = frozenset({"waiting_for_requester", "correction"})
KEY = 40


def add_reason(content: Mapping[str, Any], by: Person) -> PauseReason:
    """Add a reason; its key is made of its English name."""
    key = re.sub(r"[^a-z0-9]+", "_", fold(content["name"]["en"])).strip("_")[:KEY]
    if not key or db.session.scalar(select(PauseReason.id).where(PauseReason.key == key)) is not None:
        raise Refused(_("There is a reason of this name already."))
    reason = PauseReason(key=key, **content)
    db.session.add(reason)
    db.session.flush()
    audit.record(by, "pause_reason.created", "pause_reason", reason.id, after=dict(content))
    return reason


def change_reason(reason: PauseReason, content: Mapping[str, Any], by: Person) -> None:
    """Change a reason; pauses that began keep their end, and read the new name."""
    if reason.key in BUILT_IN and not content["active"]:
        raise Refused(_("The portal itself uses this reason: it cannot be put away."))
    before = {name: getattr(reason, name) for name in content}
    for name, value in content.items():
        setattr(reason, name, value)
    audit.record(by, "pause_reason.changed", "pause_reason", reason.id, before=before, after=dict(content))


def remove_reason(reason: PauseReason, by: Person) -> bool:
    """Delete a reason that nobody ever used; put away any other. Return whether it is gone."""
    if reason.key in BUILT_IN:
        raise Refused(_("The portal itself uses this reason: it cannot be put away."))
    if is_used(reason):
        reason.active = False
        audit.record(by, "pause_reason.retired", "pause_reason", reason.id)
        return False
    audit.record(by, "pause_reason.deleted", "pause_reason", reason.id, before={"key": reason.key})
    db.session.delete(reason)
    return True


def is_used(reason: PauseReason) -> bool:
    """Return whether some clock has waited for it."""
    found = select(ClockInterval.id).where(ClockInterval.reason_id == reason.id).limit(1)
    return db.session.scalar(found) is not None
