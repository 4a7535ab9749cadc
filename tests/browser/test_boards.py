"""The board and the standards in a real browser: no violations, no sideways scrolling, and filters that keep the page."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.knowledge import actions as standards
from portal.requests import actions
from tests.cast import people
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations

LONG, SHORT = timedelta(days=45), timedelta(hours=3)


@pytest.fixture
def company(live_server: LiveServer) -> str:
    """Eight requests of some weeks ago, one of them late, one open, and a standard; returns the reference of the open one."""
    with live_server.app.app_context():
        cast = people.build()
        begun = clock.now() - LONG
        service = factory.service(cast.it)
        said = standards.Content({"es": "Ayuda en 5 días.", "en": "Help within 5 days."}, service, "fulfilment", None)
        standards.promise(cast.it, said, cast.head2, begun - LONG)
        for number in range(8):
            with clock.at(begun):
                request = factory.send(service, cast.employee)
                actions.take(request, cast.agent, begun)
            done = begun + (timedelta(days=20) if number == 0 else SHORT)
            with clock.at(done):
                actions.solve(request, cast.agent, "Done.", done)
        open_ = factory.send(service, cast.employee)
        db.session.commit()
        return open_.reference


@pytest.mark.parametrize(
    ("scheme", "width", "locale"), [("light", 360, "es"), ("dark", 768, "en"), ("dark", 360, "en"), ("light", 1280, "es")]
)
def test_pages_have_no_violations(
    page: Page, live_server: LiveServer, company: str, scheme: str, width: int, locale: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two words
    people.sign_in_page(page, live_server, "head2@demo.example")
    for url in (
        "/reports/board",
        "/reports/promises?outcome=broken",
        "/reports/open",
        "/departments/it/standards",
        "/departments/it/standards/new",
    ):
        page.goto(url)
        assert_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, url


def test_a_filter_changes_the_board_and_its_address_and_numbers_lead_to_requests(
    page: Page, live_server: LiveServer, company: str
) -> None:
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto("/reports/board")
    page.get_by_text("Ver como tabla").click()
    expect(page.get_by_role("region", name="Promesas por mes")).to_be_visible()
    page.get_by_label("Periodo").select_option("3")
    page.wait_for_url("**months=3**")
    expect(page.locator(".page-title")).to_contain_text("últimos 3 meses")
    page.locator("#open_parties").get_by_role("link", name="nadie").click()
    expect(page.locator("#request_list")).to_contain_text(company)


def test_somebody_of_the_department_acknowledges_a_standard(page: Page, live_server: LiveServer, company: str) -> None:
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto("/departments/it/standards")
    page.get_by_role("button", name="Lo he leído").click()
    expect(page.locator("#messages")).to_contain_text("queda anotado")
    expect(page.get_by_role("button", name="Lo he leído")).to_have_count(0)
