"""What the stories share: an office with two services, people at their own browsers, and hands that click or only press keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from portal.core.db import db
from tests.cast import people
from tests.factories import catalogue as make
from tests.live import VIEWPORT, LiveServer

LAPTOP = {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field("subject", "short_text", "¿Para quién es?", "Who is it for?", required=True),
                make.field("desk", "short_text", "Puesto", "Desk", required=True),
                make.field("phone", "yes_no", "¿Necesita teléfono?", "A phone as well?"),
                make.field(
                    "number", "short_text", "Número que hereda", "Number to keep",
                    condition={"op": "equals", "question": "phone", "value": True},
                ),
                make.field("details", "long_text", "Algo más", "Anything else"),
            ],
        }
    ],
    "title": ["subject"],
}  # fmt: skip
MOST_TABS = 120


class Hands:
    """Somebody with a mouse."""

    def press(self, target: Locator) -> None:
        """Use a link or a button."""
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Type into a field."""
        target.fill(text)


class Keyboard(Hands):
    """Somebody who only has a keyboard."""

    def press(self, target: Locator) -> None:
        self._go_to(target)
        target.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._go_to(target)
        target.page.keyboard.type(text)

    def _go_to(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            target.page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not reach it")


@dataclass
class Office:
    """The portal with people in it, each at a browser of their own."""

    server: LiveServer
    open_browser: Callable[..., BrowserContext]
    faults: list[str]

    def at(self, email: str, **options: Any) -> Page:
        """Return a page of somebody who has signed in by the form."""
        page = self.open_browser(**options).new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.sign_in(page, email)
        return page

    def sign_in(self, page: Page, email: str) -> None:
        """Sign in on the page where somebody stands, or on the sign-in page."""
        if "/sign-in" not in page.url:
            page.goto("/sign-in")
        page.locator("input[name=name]").fill(f"{email}@demo.example")
        page.locator("input[name=password]").fill(people.PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.fixture
def office(browser: Browser, live_server: LiveServer, locale: str) -> Iterator[Office]:
    """The portal with the cast, a laptop that the head approves, and help that needs no approval."""
    with live_server.app.app_context():
        cast = people.build()
        texts = {"name": {"es": "Portátil nuevo", "en": "New laptop"}, "summary": {"es": "Un portátil.", "en": "A laptop."}}
        make.service(cast.it, "laptop", LAPTOP, stages=({"rule": "requester_head"},), **texts)
        help_ = {"name": {"es": "Ayuda", "en": "Help"}, "summary": {"es": "Lo que sea.", "en": "Anything."}}
        make.service(cast.it, "help", make.SIMPLE, **help_)
        db.session.commit()
        _index(live_server)
    opened: list[BrowserContext] = []

    def open_browser(**options: Any) -> BrowserContext:
        usual = {"base_url": live_server.url, "locale": locale, "viewport": VIEWPORT, "timezone_id": "Europe/Madrid"}
        opened.append(browser.new_context(**(usual | options)))
        return opened[-1]

    faults: list[str] = []
    yield Office(live_server, open_browser, faults)
    for context in opened:
        context.close()
    assert not faults, "\n".join(faults)


def _index(server: LiveServer) -> None:
    result = server.app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0, result.output
