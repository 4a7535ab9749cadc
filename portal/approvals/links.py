"""Decision links in mails: made when the mail is sent, opened by anybody, deciding only by a button (AP-26 to AP-28)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.approvals import contents, policies
from portal.approvals.actions.deciding import refuse_if_over
from portal.approvals.models import Approval, ApprovalDecision, ApprovalLink, ApprovalSeat
from portal.core import security, subjects
from portal.core.config import BadSetting, base_url
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.money import digits
from portal.core.text import date_in_full, wall
from portal.notifications.actions import make_with
from portal.people.models import Person

LIFE = timedelta(days=14)
LIMIT = "PORTAL_APPROVAL_LINK_LIMIT"
SUM = re.compile(r"(\d{1,12}(?:\.\d{1,3})?) ([A-Z]{3})")


def install(limit: str) -> None:
    """Let the mails that ask for a decision carry their links; refuse a limit that is no sum (AP-26, AP-27)."""
    limit_of(limit)
    for message in ("approvals/asked", "approvals/reminder"):
        make_with(message, make)


# --- making ----------------------------------------------------------------------------------------------------------


def make(recipient: Person, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Return the link that the mail carries, bound to seat, person and content; none where it could decide nothing."""
    seat = db.session.scalar(
        select(ApprovalSeat).where(ApprovalSeat.public_id == data.get("seat"), ApprovalSeat.ended_at.is_(None))
    )
    if seat is None or not policies.may_decide(recipient, seat, now):
        return {}
    token = security.new_token()
    db.session.add(
        ApprovalLink(
            token_hash=security.digest(token),
            seat_id=seat.id,
            person_id=recipient.id,
            content_hash=seat.approval.content_hash,
            made_at=now,
            until_at=now + LIFE,
        )
    )
    base = base_url()
    return {"url": base + url_for("approvals.link", token=token), "link_until": now + LIFE}


# --- opening ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """A link that somebody has opened, with what it is about as it is now; without a row its person may not see it."""

    link: ApprovalLink
    seat: ApprovalSeat
    approval: Approval
    row: Any


@dataclass(frozen=True)
class Over:
    """Why a link decides nothing any more, and how that is answered to somebody who tries."""

    sentence: str
    status: int
    changes: Sequence[contents.Change] | None = None
    decision: ApprovalDecision | None = None


def opened(token: str, now: datetime) -> Opened | None:
    """Return what a token leads to; None when there is no such link."""
    found = select(ApprovalLink).where(ApprovalLink.token_hash == security.digest(token))
    whole = (joinedload(ApprovalLink.person), joinedload(ApprovalLink.seat).joinedload(ApprovalSeat.approval))
    link = db.session.scalar(found.options(*whole))
    if link is None:
        return None
    approval = link.seat.approval
    return Opened(link, link.seat, approval, subjects.visible(approval.kind, approval.subject_id, link.person, now))


def over(found: Opened, now: datetime) -> Over | None:
    """Return why the link decides nothing any more, or None while it does: decision, content, delegation, 14 days (AP-26)."""
    if found.seat.ended_at is not None:
        return _ended(found)
    if found.link.content_hash != found.approval.content_hash:
        return _changed(found)
    right = policies.may_decide(found.link.person, found.seat, now)
    if not right or found.row is None:
        return Over(right.reason or _("You are not asked about this any more."), 403)
    if found.link.until_at <= now:
        until = f"{date_in_full(found.link.until_at)} {wall(found.link.until_at):%H:%M}"
        return Over(_("This link worked until %(when)s. Sign in to decide.", when=until), 403)
    return None


def _ended(found: Opened) -> Over:
    if found.seat.ended_why in ("content_changed", "new_round") and found.link.content_hash != found.approval.content_hash:
        return _changed(found)
    try:
        refuse_if_over(found.seat, found.approval)
    except Refused as refused:
        decision = db.session.scalar(select(ApprovalDecision).where(ApprovalDecision.seat_group_id == found.seat.seat_group_id))
        return Over(refused.reason, 409, decision=decision)
    raise AssertionError("an ended seat has a reason")


def _changed(found: Opened) -> Over:
    sentence = _("The content changed after this mail was sent. Look at what is different and decide again.")
    changes = contents.differences(found.approval, found.link.content_hash, found.row) if found.row is not None else None
    return Over(sentence, 409, changes)


# --- without a session -----------------------------------------------------------------------------------------------


def limit_of(text: str) -> tuple[int, str] | None:
    """Return the sum that the setting says, "300.00 EUR", in minor units with its currency; empty means none (AP-27)."""
    if not text.strip():
        return None
    found = SUM.fullmatch(text.strip())
    if not found:
        raise BadSetting(f"{LIMIT} is a sum such as “300.00 EUR”, or empty.")
    number, currency = found.groups()
    return int(Decimal(number).scaleb(digits(currency))), currency


def decides_without_session(found: Opened) -> bool:
    """Return whether the company lets this decision be made by the link alone: small, and nothing confidential (AP-27)."""
    limit = limit_of(str(current_app.config[LIMIT]))
    if limit is None or found.row is None or subjects.of_kind(found.approval.kind).is_confidential(found.row):
        return False
    amount = found.approval.amount or 0
    return amount <= limit[0] and (not amount or found.approval.currency == limit[1])
