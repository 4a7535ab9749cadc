"""Searching while one types, and the first page, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from portal.core import blocks, clock
from portal.core.blocks import Errand, Pile, Waiting
from portal.core.db import db
from portal.search import actions
from tests.cast import people
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations


@pytest.fixture
def desk(page: Page, live_server: LiveServer, locale: str) -> Page:
    """A browser of an employee, with a service, requests and people to be found."""
    app = live_server.app
    with app.app_context():
        cast = people.build()
        for person in cast.everybody().values():
            person.language = locale
        service = factory.service(cast.it, name={"es": "Portátil nuevo", "en": "New laptop"})
        actions.index("service", service, clock.now())
        actions.index_all("people", cast.everybody().values(), clock.now())
        for number in range(4):
            factory.send(service, cast.employee, title=f"Monitor {number}")
        db.session.commit()
        db.session.refresh(cast.employee)
    client = people.sign_in(app.test_client(), cast.employee)
    cookie = client.get_cookie("session")
    assert cookie
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def test_results_appear_while_typing_and_the_focus_stays(desk: Page) -> None:
    desk.goto("/")
    box = desk.get_by_role("searchbox")
    desk.keyboard.press("/")
    expect(box).to_be_focused()
    desk.keyboard.type("portatl", delay=20)
    expect(desk.locator("#results a", has_text="Portátil nuevo")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("portatl")
    box.fill("")
    expect(desk.locator("#results > *")).to_have_count(0)


def test_the_last_answer_wins(desk: Page) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    desk.goto("/search")
    desk.route("**/search?q=*", hold_the_first)
    box = desk.get_by_role("searchbox")
    box.press_sequentially("marta")
    desk.wait_for_timeout(500)
    box.fill("portátil")
    expect(desk.locator("#results a", has_text="Portátil nuevo")).to_be_visible()
    assert held
    held[0].abort()
    desk.wait_for_timeout(300)
    expect(desk.locator("#results a", has_text="Portátil nuevo")).to_be_visible()


def test_enter_leads_to_the_page_of_results(desk: Page) -> None:
    desk.goto("/")
    desk.get_by_role("searchbox").fill("monitor")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=monitor")
    expect(desk.locator("#found_request li")).to_have_count(4)


@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_have_no_violations(desk: Page, scheme: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    things = [
        Waiting(f"Decide {number}", f"/approvals/{number}", "It stands still.", "Decide", by=now + timedelta(hours=number))
        for number in range(9)
    ]
    monkeypatch.setitem(blocks._errands, "test", Errand("test", "Errands", lambda person, now: Pile(things, 9, "/approvals")))
    desk.set_viewport_size({"width": width, "height": 800})
    desk.emulate_media(color_scheme=scheme)
    for path in ("/", "/search?q=monitor", "/search?q=nada+de+nada"):
        desk.goto(path)
        assert_no_violations(desk)
        assert desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
