"""A real Chromium in front of a real server: fixtures for the tests in a browser."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import chromium

VIEWPORT = {"width": 1280, "height": 800}
ASSETS = {"stylesheet", "script", "image", "font"}
AN_ANSWER = "Failed to load resource: the server responded with a status of 4"


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@dataclass(frozen=True)
class LiveServer:
    """The portal at an address; `with live_server.app.app_context()` prepares and reads its data."""

    app: Flask
    url: str


@pytest.fixture
def live_server(clean_app: Flask) -> Iterator[LiveServer]:
    """The portal on a clean SQLite database, answering on a port of its own with real commits."""
    server = make_server("127.0.0.1", 0, clean_app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    configured = clean_app.config["PORTAL_BASE_URL"]
    clean_app.config["PORTAL_BASE_URL"] = url
    yield LiveServer(clean_app, url)
    clean_app.config["PORTAL_BASE_URL"] = configured
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium of this machine."""
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium; 'python -m tests.chromium' installs one where it may")
    return {"executable_path": path, "args": chromium.flags()}


@pytest.fixture
def locale() -> str:
    """The language that the browser asks for; `@pytest.mark.parametrize("locale", ["es", "en"])` takes others."""
    return "es"


@pytest.fixture
def browser_context_args(live_server: LiveServer, locale: str) -> dict[str, Any]:
    """A window of 1280 by 800 in the language of the test, whose addresses begin at the live server."""
    return {"base_url": live_server.url, "locale": locale, "viewport": VIEWPORT, "timezone_id": "Europe/Madrid"}


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on the page so far; a test that provokes a fault clears it."""
    return []


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    """A page that fails the test on errors in the console, violations of the content policy and missing assets."""
    page = context.new_page()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(AN_ANSWER):
            faults.append(f"console: {message.text}")

    def response(answer: Response) -> None:
        if answer.request.resource_type in ASSETS and not answer.ok:
            faults.append(f"{answer.status}: {answer.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("response", response)
    yield page
    assert not faults, "\n".join(faults)


def assert_no_violations(page: Page) -> None:
    """Assert that axe finds nothing on the page once every transition has ended, which a change of the color scheme begins."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
