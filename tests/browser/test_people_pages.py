"""The pages of people and accounts in a real browser: no violations, no sideways scrolling, pickers and searches that help."""

import pytest
from playwright.sync_api import Page, expect

from tests.cast import people
from tests.live import LiveServer, assert_no_violations

PAGES = {
    "employee": ("/people", "/people/me", "/people/me/absences", "/departments", "/departments/customer-care", "/account"),
    "admin": ("/admin/people", "/admin/people/new", "/admin/people/import", "/admin/departments", "/admin/departments/it"),
}
OPEN = ("/sign-in", "/sign-in/forgotten", "/sign-in/reset/unknown")


@pytest.fixture
def company(live_server: LiveServer) -> LiveServer:
    """The cast, with the head of Customer Care away."""
    with live_server.app.app_context():
        cast = people.build()
        people.away(cast.head, cast.delegate)
        people.db.session.commit()
    return live_server


def look(page: Page, urls: tuple[str, ...]) -> None:
    for url in urls:
        page.goto(url)
        assert_no_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, url


@pytest.mark.parametrize(
    ("scheme", "width", "locale"), [("light", 390, "es"), ("dark", 1280, "en"), ("light", 1280, "es"), ("dark", 390, "en")]
)
@pytest.mark.parametrize("who", PAGES)
def test_pages_have_no_violations(page: Page, company: LiveServer, who: str, scheme: str, width: int, locale: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    look(page, OPEN)
    people.sign_in_page(page, company, f"{who}@demo.example")
    look(page, PAGES[who])


def test_typing_a_name_finds_people_without_leaving_the_page(page: Page, company: LiveServer) -> None:
    people.sign_in_page(page, company, "employee@demo.example")
    page.goto("/people")
    page.locator("#q").press_sequentially("soler", delay=20)
    expect(page.locator("#people_list li")).to_have_count(1)
    expect(page.locator("#people_list")).to_contain_text("Marta Soler")
    expect(page.locator("#q")).to_be_focused()
    assert page.url.endswith("?q=soler&department=")


def test_an_absence_is_registered_with_names_offered_while_typing(page: Page, company: LiveServer) -> None:
    people.sign_in_page(page, company, "employee@demo.example")
    page.goto("/people/me/absences")
    page.locator("#delegate").press_sequentially("quint", delay=20)
    expect(page.locator("#person_hits option")).to_have_count(1)
    page.locator("#delegate").fill("Rafael Quintana")
    page.locator("#first").fill("2030-03-11")
    page.locator("#last").fill("2030-03-15")
    page.locator("#last").press("Enter")
    expect(page.locator("#absence_list")).to_contain_text("Rafael Quintana")


def test_without_javascript_everything_works(page: Page, company: LiveServer, browser_context_args: dict[str, object]) -> None:
    plain = page.context.browser.new_context(**browser_context_args, java_script_enabled=False)  # type: ignore[union-attr,arg-type]
    still = plain.new_page()
    people.sign_in_page(still, company, "employee@demo.example")
    still.goto("/people")
    still.locator("#q").fill("soler")
    still.locator("#q").press("Enter")
    expect(still.locator("#people_list li")).to_have_count(1)
    still.goto("/people/me/absences")
    still.locator("#first").fill("2030-03-11")
    still.locator("#last").fill("2030-03-15")
    still.locator("#delegate").fill("quintana")
    still.locator("#delegate").press("Enter")
    expect(still.locator("#absence_list")).to_contain_text("Rafael Quintana")
    plain.close()
