"""Names that outgoing mail bears: addresses, Message-IDs, threads (CM rules 15 to 17)."""

import base64
import ipaddress
import re
from urllib.parse import parse_qs, urlsplit

from flask import current_app

from portal.core import security
from portal.notifications.models import Outbox
from portal.people.models import Person

MAC_LENGTH = 20  # base32 characters: the first 100 bits
LINE_LIMIT = 200
LINE_BREAKS = re.compile(r"[\r\n\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
UNSAFE = re.compile(r"[^a-z0-9-]+")
MACHINES = {"mailer-daemon", "postmaster", "noreply", "no-reply", "abuse", "root"}


def header(value: str) -> str:
    """Return a text fit for one header line: no line breaks, at most 200 characters (SE-53)."""
    return LINE_BREAKS.sub(" ", value).strip()[:LINE_LIMIT]


def host() -> str:
    """Return the right side of our addresses: the configured host, never one that a browser sent (CM rule 15)."""
    name = urlsplit(str(current_app.config["PORTAL_BASE_URL"])).hostname or "localhost"
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name
    return "localhost"


def sender() -> str:
    """Return the address that mail comes from: `from=` of PORTAL_MAIL_URL, else `service@` the configured host."""
    given = parse_qs(urlsplit(str(current_app.config["PORTAL_MAIL_URL"])).query).get("from", [])
    return header(given[0]) if given else f"service@{host()}"


def reply_to(thing: str, recipient: Person) -> str:
    """Return the sender's address with thing, recipient and mac, by which an answer finds its place (CM rule 15)."""
    local, _, domain = sender().rpartition("@")
    return f"{local}+{plain(thing)}.{recipient.public_id}.{mac('reply', thing, recipient)}@{domain}"


def message_id(row: Outbox, thing: str, recipient: Person) -> str:
    """Return the Message-ID of a mail, the same whenever it is made again (RE-15, CM rule 15)."""
    code = mac("message", thing, recipient, row.public_id)
    return f"<r.{plain(thing)}.{row.public_id}.{recipient.public_id}.{code}@{host()}>"


def thread_root(thing: str) -> str:
    """Return the name with which the references of every mail about a thing begin (CM rule 15)."""
    code = base64.b32encode(security.keyed("mail-thread", thing)).decode().lower()[:MAC_LENGTH]
    return f"<t.{plain(thing)}.{code}@{host()}>"


def mac(purpose: str, thing: str, recipient: Person, entry: str = "") -> str:
    """Return the first 100 bits that prove purpose, thing, recipient and the recipient's epoch (CM rule 16)."""
    key = security.keyed(f"mail-{purpose}", thing, recipient.public_id, recipient.session_epoch, entry)
    return base64.b32encode(key).decode().lower()[:MAC_LENGTH]


def plain(thing: str) -> str:
    """Return a reference in the letters that addresses carry."""
    return UNSAFE.sub("-", thing.lower()).strip("-")[:20] or "account"


def may_receive(address: str) -> bool:
    """Return whether a person reads there: never our own address nor one of a machine (CM rule 17)."""
    local, _, domain = address.lower().rpartition("@")
    own, _, own_domain = sender().lower().rpartition("@")
    return local not in MACHINES and not (domain == own_domain and local.partition("+")[0] == own)
