"""A real SMTP server for the tests: it keeps what it accepts, and can be slow, refuse, hang up or be away."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller

OK = "250 OK"


@dataclass
class PostOffice:
    """What arrived, and what the server answers."""

    port: int
    accepted: list[tuple[str, EmailMessage]] = field(default_factory=list)
    rcpt: Callable[[str], str] = lambda address: OK
    data: Callable[[str], str] = lambda address: OK
    delay: float = 0.0
    lock: Any = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        """The accepted mails."""
        return [mail for _, mail in self.accepted]

    @property
    def addresses(self) -> list[str]:
        """Whom the accepted mails were for, as the envelope says."""
        return [address for address, _ in self.accepted]

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        answer = self.rcpt(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:
        (address,) = envelope.rcpt_tos
        answer = self.data(address)
        if answer == OK:
            with self.lock:
                self.accepted.append((address, message_from_bytes(envelope.content, policy=default)))
        if answer == "hang up":
            with self.lock:
                self.accepted.append((address, message_from_bytes(envelope.content, policy=default)))
            server.transport.close()
        time.sleep(self.delay)
        return answer


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_office(port: int | None = None, tls: SSLContext | None = None) -> Iterator[PostOffice]:
    """Run a server for the length of a test; with a certificate, it takes mail over TLS only."""
    office = PostOffice(port or free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, tls_context=tls, require_starttls=tls is not None)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
