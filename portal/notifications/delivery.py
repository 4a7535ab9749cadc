"""Handing mail over: to an SMTP server, or in the demo to a folder (CM rule 12, RE-16, RE-17)."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from portal.notifications.addresses import sender

TIMEOUT = 20.0
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ACCEPTED = 250
FORWARDED = 251
PERMANENT = 500


@dataclass(frozen=True)
class Outcome:
    """What became of handing over one mail."""

    kind: str
    reason: str = ""


DELIVERED = Outcome("delivered")


class Away(Exception):
    """The mail server cannot be reached, or does not let us in: no fault of any message."""


class Connection(Protocol):
    """Somewhere to hand mail over to."""

    def send(self, mail: EmailMessage, recipient: str, name: str) -> Outcome:
        """Hand over one mail."""


@contextmanager
def connected() -> Iterator[Connection | None]:
    """Yield a connection for several mails, None where mail goes nowhere; raise Away when the server is away."""
    url = str(current_app.config["PORTAL_MAIL_URL"])
    if url:
        parts = urlsplit(url)
        with _open(parts) as server:
            yield Smtp(server)
    elif current_app.config["PORTAL_ENV"] == "demo":
        yield Folder(Path(current_app.instance_path) / "mail")
    else:
        yield None


@contextmanager
def _open(parts: SplitResult) -> Iterator[smtplib.SMTP]:
    try:
        server = _greet(parts)
    except (OSError, smtplib.SMTPException) as error:
        raise Away(_words(error)) from error
    try:
        yield server
    finally:
        _leave(server)


def _greet(parts: SplitResult) -> smtplib.SMTP:
    """Connect, with TLS whose certificate is checked wherever the server offers it; passwords only then (SE-52)."""
    name, port = parts.hostname or "localhost", parts.port or DEFAULT_PORTS[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(name, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(name, port, timeout=TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        safe = parts.scheme == "smtps" or _start_tls(server, context)
        if parts.username:
            if not safe and name not in LOOPBACK:
                raise smtplib.SMTPNotSupportedError("the server offers no TLS, so the password is not sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _start_tls(server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=context)
    server.ehlo()
    return True


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


class Smtp:
    """A conversation with a mail server; one recipient per message (SE-53)."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self.server = server

    def send(self, mail: EmailMessage, recipient: str, name: str) -> Outcome:
        """Hand over one mail; when the answer to its content is lost, nobody knows what became of it."""
        try:
            for code, words in (self.server.mail(sender()), self.server.rcpt(recipient)):
                if code not in (ACCEPTED, FORWARDED):
                    return self._refused(code, words)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Away(_words(error)) from error
        return self._content(mail.as_bytes(policy=SMTP))

    def _content(self, content: bytes) -> Outcome:
        try:
            code, words = self.server.data(content)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return Outcome("unknown", _words(error))
        return DELIVERED if code == ACCEPTED else self._refused(code, words)

    def _refused(self, code: int, words: bytes | str) -> Outcome:
        self.server.rset()
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return Outcome("permanent" if code >= PERMANENT else "temporary", f"{code} {text}")


class Folder:
    """Mails as files, for the demo without a mail server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: EmailMessage, recipient: str, name: str) -> Outcome:
        """Write the mail whole or not at all; written again, it is the same file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".{name}.part"
        with temporary.open("wb") as file:
            file.write(mail.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.folder / f"{name}.eml")
        return DELIVERED


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
