"""What agents and administrators do with promises, in a real browser: no violations, no sideways scrolling, no script needed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from portal.service_levels.queries import Assessment, Impact, Urgency
from tests.cast import people
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations


@pytest.fixture
def address(live_server: LiveServer) -> str:
    """A request whose promise was missed, with a priority of its own and a date beside the promise."""
    with live_server.app.app_context():
        cast, now = people.build(), clock.now()
        long_ago = now - timedelta(days=14)
        made = factory.send(factory.service(cast.it), cast.employee, now=long_ago)
        actions.take(made, cast.head2, long_ago)
        given = Assessment(Impact.PERSON, Urgency.NORMAL, external=True)
        actions.assess(made, given, None, "A customer waits.", cast.head2, long_ago + timedelta(minutes=5))
        actions.expect(made, now + timedelta(days=3), "A part is missing.", cast.head2, now)
        db.session.commit()
        return f"/requests/{made.reference}"


PAGES = ("", "/priority", "/pause", "/expected-date")
ADMIN = (
    "/admin/pause-reasons",
    "/admin/pause-reasons/supplier",
    "/admin/pause-reasons/new",
    "/admin/service-levels/without-date",
)
LEVEL = ("/admin/service-levels/level0000003", "/admin/service-levels/level0000003/steps", "/admin/service-levels")


def look(page: Page, url: str) -> None:
    page.goto(url)
    assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, url


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 360, "es"), ("dark", 1280, "en")])
def test_pages_have_no_violations(
    page: Page, live_server: LiveServer, address: str, scheme: str, width: int, locale: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    people.sign_in_page(page, live_server, "head2@demo.example")
    for part in PAGES:
        look(page, f"{address}{part}")
    page.goto(address)
    page.locator("#missed a").first.click()
    page.wait_for_url("**/annulment")
    assert_no_violations(page)
    people.sign_in_page(page, live_server, "admin@demo.example")
    for url in (*ADMIN, *LEVEL):
        look(page, url)


@pytest.mark.parametrize("locale", ["en"])
def test_an_agent_lets_a_request_wait_and_go_on(page: Page, live_server: LiveServer, address: str, locale: str) -> None:
    people.sign_in_page(page, live_server, "head2@demo.example")
    page.goto(f"{address}/pause")
    page.get_by_label("waiting for a supplier").check()
    page.get_by_role("textbox", name="Date").fill(f"{clock.now() + timedelta(days=5):%Y-%m-%d}")
    page.get_by_role("button", name="Let it wait").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator("#clock_card")).to_contain_text("The clock waits")
    page.get_by_role("button", name="Let it go on").click()
    expect(page.locator("#clock_card")).not_to_contain_text("The clock waits")
