"""Browsers of the simplest kind: they post over a real connection, and post the same again until they get an answer."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from flask import Flask
from werkzeug.test import stream_encode_multipart

from portal.core import security
from tests.cast.people import open_session

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What a browser got, and how long its last try took."""

    status: int
    location: str
    seconds: float


@dataclass(frozen=True)
class Browser:
    """One person's browser at a port; made in a context of the portal."""

    port: int
    cookie: str
    token: str

    def post(self, path: str, **fields: Any) -> Answer:
        """Post until there is an answer: a server that dies is asked again with the same form."""
        stream, length, boundary = stream_encode_multipart({"csrf_token": self.token, **fields}, use_tempfile=False)
        body, kind = stream.read(length), f"multipart/form-data; boundary={boundary}"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            begun = time.monotonic()
            connection = HTTPConnection("localhost", self.port, timeout=30)
            try:
                connection.request("POST", path, body, {"Cookie": f"session={self.cookie}", "Content-Type": kind})
                answer = connection.getresponse()
                answer.read()
                return Answer(answer.status, answer.headers.get("Location", ""), time.monotonic() - begun)
            except (OSError, HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        raise AssertionError(f"no answer from {path} for {PATIENCE} s")


def open_browser(app: Flask, port: int, person: Any) -> Browser:
    """Sign a person in and return the browser."""
    cookie = open_session(person)
    token = security.keyed("csrf", security.digest(cookie))[: security.MASK]
    return Browser(port, cookie, "00" * security.MASK + token.hex())
