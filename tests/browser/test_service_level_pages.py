"""The pages of calendars and service levels in a real browser: no violations, no sideways scrolling."""

import pytest
from playwright.sync_api import Page

from portal.core import clock
from portal.core.db import db
from portal.service_levels import actions
from tests.cast import people
from tests.live import LiveServer, assert_no_violations

WEEK = {day: {"09:00": "13:00", "14:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def address(live_server: LiveServer) -> str:
    """The address of a calendar with holidays proposed."""
    with live_server.app.app_context():
        cast = people.build()
        content = {"name": "Informática", "zone": "Europe/Madrid", "hours": WEEK, "exceptions": []}
        made = actions.create_calendar(content, cast.admin, clock.now())
        actions.propose_holidays(made, "ES", "AR", 2026, cast.admin)
        db.session.commit()
        return f"/admin/calendars/{made.public_id}"


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 390, "es"), ("dark", 1280, "en")])
def test_pages_have_no_violations(
    page: Page, live_server: LiveServer, address: str, scheme: str, width: int, locale: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    people.sign_in_page(page, live_server, "admin@demo.example")
    levels = "/admin/service-levels"
    for url in ("/admin/calendars", address, f"{levels}?priority=P3", f"{levels}/level0000003", f"{levels}/level0000003/effect"):
        page.goto(url)
        assert_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, url
    page.goto(address)
    page.locator("#main form button.is-primary, form button.is-primary").first.click()
    page.wait_for_url("**/drafts/**")
    assert_no_violations(page)
