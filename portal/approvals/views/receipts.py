"""The receipt of an approval, for everybody who may see its subject (AP-31)."""

import json

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.approvals import queries
from portal.approvals.models import Approval
from portal.approvals.views.inbox import bp
from portal.core import clock, subjects
from portal.core.db import db
from portal.core.hypermedia import render
from portal.core.policy import decided, signed_in
from portal.people.queries import me


@bp.get("/approvals/<public_id>/receipt")
@signed_in
def receipt(public_id: str) -> Response:
    """Show what was decided, as it was stored, with its digest."""
    decided()
    approval = db.session.scalar(select(Approval).where(Approval.public_id == public_id))
    row = subjects.visible(approval.kind, approval.subject_id, me(), clock.now()) if approval else None
    stored = queries.receipts_of(approval) if approval and row is not None else []
    if approval is None or not stored:
        raise NotFound
    subject = subjects.of_kind(approval.kind)
    return render(
        "approvals/receipt.html",
        title=_("Receipt of %(reference)s", reference=subject.reference(row)),
        address=subject.address(row),
        receipts=[(one, json.loads(one.content)) for one in reversed(stored)],
    )
