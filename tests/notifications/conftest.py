"""Fixtures for mail: a server that receives it, and a worker."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.core.db import db
from portal.notifications import sending
from tests.notifications.post_office import PostOffice, free_port, open_office

Work = Callable[[], int]


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server that the portal is configured for."""
    with open_office() as office:
        monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", office.url)
        yield office


@pytest.fixture
def no_office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """A mail server that is away; returns its port."""
    port = free_port()
    monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", f"smtp://127.0.0.1:{port}")
    return port


@pytest.fixture
def work() -> Work:
    """One round of the mail worker, on what the test has prepared."""

    def run() -> int:
        db.session.commit()
        return sending.send_due()

    return run
