"""Mail about the account itself: what each kind needs beside its template, made when it is sent (SE-20)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from portal.accounts import actions as accounts
from portal.core.config import base_url
from portal.notifications.models import Outbox

RESET = "accounts/reset"
PASSWORD_CHANGED = "accounts/password_changed"  # noqa: S105 - the name of a message
FACTOR_CHANGED = "accounts/factor_changed"
RECOVERY_CODE_USED = "accounts/recovery_code_used"


def context(row: Outbox, now: datetime) -> Mapping[str, Any]:
    """Return what the message adds for its recipient: the link of a reset with a token that no queue ever held (SE-20)."""
    if row.message != RESET:
        return {}
    path = url_for("accounts.reset", token=accounts.issue_reset_token(row.recipient_id, now))
    return {"url": base_url() + path}
