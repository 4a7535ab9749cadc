"""The queue in a real browser: what is new arrives by itself, and focus and ticks stay where they are."""

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request
from tests.cast import people
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations


@pytest.fixture(autouse=True)
def queue(live_server: LiveServer) -> None:
    """A queue with three requests."""
    with live_server.app.app_context():
        cast = people.build()
        service = factory.service(cast.it)
        for number in range(3):
            factory.send(service, cast.employee, title=f"Monitor {number}")
        db.session.commit()


def person(email: str) -> Person:
    return db.session.query(Person).filter_by(email=f"{email}@demo.example").one()


def first() -> Request:
    return db.session.query(Request).filter_by(title="Monitor 0").one()


@pytest.mark.parametrize("focused", ["input[name=request]", "a.subject"])
def test_news_arrive_and_focus_and_ticks_stay(page: Page, live_server: LiveServer, focused: str) -> None:
    page.clock.install()
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto("/requests/queue")
    row = page.locator("#queue_rows tr", has_text="Monitor 2")
    row.locator("input").check()
    row.locator(focused).focus()
    with live_server.app.app_context():
        actions.take(first(), person("agent2"), clock.now())
        factory.send(first().service, person("employee"), title="Teclado")
        name = person("agent2").name
        db.session.commit()
    page.clock.fast_forward("00:31")
    expect(page.locator("#queue_rows tr", has_text="Monitor 0")).to_contain_text(name)
    expect(page.locator("#queue_rows tr", has_text="Teclado")).to_be_visible()
    expect(row.locator(focused)).to_be_focused()
    expect(row.locator("input")).to_be_checked()
    expect(page.locator("[data-batch-count]").first).to_have_text("1")


def test_a_row_that_changes_its_place_keeps_the_focus(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto("/requests/queue")
    row = page.locator("#queue_rows tbody tr", has_text="Monitor 0")
    row.locator("a.subject").focus()
    with live_server.app.app_context():
        actions.take(first(), person("agent2"), clock.now())
        actions.ask_requester(first(), person("agent2"), "¿Qué puesto?", clock.now())
        db.session.commit()
    page.clock.fast_forward("00:31")
    expect(page.locator("#queue_rows tbody tr").last).to_contain_text("Monitor 0")
    expect(row.locator("a.subject")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_queue_has_no_violations_and_no_sideways_scrolling(
    page: Page, live_server: LiveServer, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto("/requests/queue")
    assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
