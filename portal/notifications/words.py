"""Words of messages, made when they are read or sent, for the one who reads them (CM rules 12 and 18).

A message is a template of the feature it comes from: `templates/<feature>/mail/<name>.txt` with the blocks `subject` (one
line) and `body`. An optional `<name>.html` words the body in HTML; without it the text is shown with its line breaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import css_inline
from flask import current_app, render_template
from jinja2 import TemplateNotFound
from jinja2_fragments.flask import render_block

from portal.core import assets, language, markup, subjects
from portal.core.config import base_url
from portal.notifications import addresses
from portal.notifications.models import Notification, Outbox
from portal.people.models import Person


@dataclass(frozen=True)
class Thing:
    """What a message is about: its row, and how its feature names it. Without a row: the account itself."""

    row: Any = None
    reference: str = ""
    title: str = ""
    path: str = "/"


def thing_of(kind: str | None, row: Any, path: str | None) -> Thing:
    """Return the thing of a message for its templates; `path` leads elsewhere than to its own address."""
    if kind is None or row is None:
        return Thing()
    subject = subjects.of_kind(kind)
    return Thing(row, subject.reference(row), subject.title(row), path or subject.address(row))


def context(
    about: Notification | Outbox, thing: Thing, recipient: Person, now: datetime, more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a message's templates can use."""
    own: Mapping[str, Any] = {}
    if about.subject_kind is not None:
        own = subjects.of_kind(about.subject_kind).message_context(thing.row, about.data, recipient, now)
    base = base_url()
    return {
        "subject": thing.row,
        "title": thing.title,
        "reference": thing.reference,
        "url": base + thing.path,
        "recipient": recipient,
        "data": about.data,
        **own,
        **more,
    }


def line(about: Notification, thing: Thing, recipient: Person, now: datetime) -> str:
    """Return the message as one line of the bell, in the language of the answer."""
    words = context(about, thing, recipient, now, {})
    return addresses.header(render_block(template(about.message), "subject", **words))


def template(message: str, suffix: str = "txt") -> str:
    """Return the template of a message: "requests/solved" is `requests/mail/solved.txt`."""
    feature, _, name = message.partition("/")
    return f"{feature}/mail/{name}.{suffix}"


def compose(
    row: Outbox, thing: Thing, recipient: Person, now: datetime, previous: str | None, more: Mapping[str, Any]
) -> EmailMessage:
    """Return the mail for one recipient, in that person's language and zone."""
    with language.speaking_to(recipient.language, recipient.time_zone):
        words = context(row, thing, recipient, now, more)
        title = addresses.header(render_block(template(row.message), "subject", **words))
        mail = _envelope(row, thing, recipient, now, title, previous)
        _add_bodies(mail, row, words, title)
    return mail


def _envelope(row: Outbox, thing: Thing, recipient: Person, now: datetime, title: str, previous: str | None) -> EmailMessage:
    mail = EmailMessage()
    root = addresses.thread_root(thing.reference)
    token = f"[{thing.reference}] " if thing.reference else ""
    mail["From"] = _address(current_app.config["PORTAL_NAME"], addresses.sender())
    mail["To"] = _address(recipient.name, recipient.email)
    mail["Subject"] = addresses.header(token + title)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = row.message_id
    mail["Reply-To"] = addresses.reply_to(thing.reference, recipient)
    if thing.reference:
        mail["In-Reply-To"] = previous or root
        mail["References"] = f"{root} {previous}" if previous else root
    if row.automatic:
        mail["Auto-Submitted"] = row.automatic
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Precedence"] = "bulk"
    return mail


def _address(name: str, address: str) -> Address:
    return Address(addresses.header(name), addr_spec=addresses.header(address))


def _add_bodies(mail: EmailMessage, row: Outbox, words: Mapping[str, Any], title: str) -> None:
    body = render_block(template(row.message), "body", **words).strip()
    frame = {**words, "mail_title": title}
    mail.set_content(render_template("notifications/mail.txt", **frame, body=body), cte="quoted-printable")
    page = render_template("notifications/mail.html", **frame, body=markup.plain(body), part=_html_part(row.message))
    style = assets.mail_css(Path(str(current_app.static_folder)))
    mail.add_alternative(css_inline.inline(page, extra_css=style), subtype="html", cte="quoted-printable")
    if part := words.get("calendar_part"):
        mail.add_alternative(part.text, subtype="calendar", cte="quoted-printable", params={"method": part.method})


def _html_part(message: str) -> str | None:
    name = template(message, "html")
    try:
        current_app.jinja_env.get_template(name)
    except TemplateNotFound:
        return None
    return name
