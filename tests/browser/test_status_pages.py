"""The public window and its layer inside in a real browser: no violations, no sideways scrolling, bars for the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.cast import people
from tests.live import LiveServer, assert_no_violations
from tests.status.seed_api import seed


@pytest.fixture
def filled(live_server: LiveServer) -> dict[str, str]:
    """The public ids of an open incident and its component, beside all the seed."""
    with live_server.app.app_context():
        there = seed(people.build().editor)
        return {"incident": there.open.public_id, "tracking": there.tracking.public_id}


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 320, "es"), ("dark", 1280, "en")])
def test_pages_have_no_violations(
    page: Page, live_server: LiveServer, filled: dict[str, str], scheme: str, width: int, locale: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two words
    incident, tracking = filled["incident"], filled["tracking"]
    outside = ["", f"incidents/{incident}", f"components/{tracking}", "history", "method", "api", "subscribe"]
    inside = ["", "/incidents/new", f"/incidents/{incident}", "/maintenance/new", "/components", f"/components/{tracking}"]
    for path in outside:
        look(page, f"/status/{locale}/{path}")
    assert page.context.cookies() == []
    people.sign_in_page(page, live_server, "editor@demo.example")
    for path in inside:
        look(page, f"/service-status{path}")


def look(page: Page, url: str) -> None:
    page.goto(url)
    assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, url


def test_bar_is_one_tab_stop_with_arrows_and_tells_a_day(page: Page, filled: dict[str, str]) -> None:
    page.goto("/status/en/")
    days = page.get_by_role("group", name="Web, day by day").get_by_role("button")
    expect(days).to_have_count(90)
    assert page.locator(".uptime-days button[tabindex='0']").count() == page.locator(".uptime").count()
    days.last.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageUp")
    expect(days.nth(81)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".uptime-day:not([hidden])")).to_contain_text("major outage")
    page.keyboard.press("Escape")
    expect(days.last).to_be_focused()
