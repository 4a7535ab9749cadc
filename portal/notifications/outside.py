"""Mail to somebody who has no account, such as a customer: worded when it is sent, by a job that tries again (C9)."""

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import current_app
from jinja2_fragments.flask import render_block

from portal.core import clock, language
from portal.core.config import base_url
from portal.notifications import addresses, delivery
from portal.notifications.words import template


class NotSent(RuntimeError):
    """The mail server did not take the mail; the job that sends it tries again."""


def mail_outside(
    to: str, message: str, event: str, lang: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> bool:
    """Hand over one mail, outside any transaction (RE-3). The same event bears the same Message-ID each time it is tried.
    Return whether the address took it; one that refuses for good will refuse again.

    `message` names a template as for people: "tracking/moved" is `templates/tracking/mail/moved.txt`.
    """
    if not addresses.may_receive(to):
        return False
    with current_app.test_request_context(base_url=str(current_app.config["PORTAL_BASE_URL"])):
        mail = _compose(to, message, event, lang, context)
        for name, value in (headers or {}).items():
            mail[name] = value
    with delivery.connected() as connection:
        outcome = connection.send(mail, to, addresses.UNSAFE.sub("-", event.lower())) if connection else delivery.DELIVERED
    if outcome.kind in ("temporary", "unknown"):
        raise NotSent(outcome.reason)
    return outcome.kind != "permanent"


def _compose(to: str, message: str, event: str, lang: str, context: Mapping[str, Any]) -> EmailMessage:
    mail, name = EmailMessage(), addresses.UNSAFE.sub("-", event.lower())
    with language.speaking_to(lang, None):
        words = {**context, "base": base_url()}
        mail["Subject"] = addresses.header(render_block(template(message), "subject", **words))
        mail.set_content(render_block(template(message), "body", **words).strip() + "\n", cte="quoted-printable")
    mail["From"] = Address(addresses.header(str(current_app.config["PORTAL_NAME"])), addr_spec=addresses.sender())
    mail["To"] = Address(addr_spec=addresses.header(to))
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{name}@{addresses.host()}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    return mail
