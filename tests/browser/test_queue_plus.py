"""Saved views and merging in a real browser: step by step as an agent does it, and nothing that axe finds."""

import os

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from tests.browser.test_requests import address, enter
from tests.cast.people import Cast, build
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations

OLDER, NEWER = "No imprime la zebra del muelle 4", "La zebra no va"


@pytest.fixture
def cast(live_server: LiveServer) -> Cast:
    """The cast, and two requests of two people about one printer."""
    with live_server.app.app_context():
        cast = build()
        service, now = factory.service(cast.it), clock.now()
        factory.send(service, cast.employee, title=OLDER, now=now)
        newer = factory.send(service, cast.employee2, title=NEWER, now=now)
        actions.comment(newer, cast.employee2, "Tampoco saca etiquetas.", False, now)
        db.session.commit()
        for person in cast.everybody().values():
            db.session.refresh(person)
            db.session.expunge(person)
    return cast


def look(page: Page, name: str) -> None:
    """Assert that axe finds nothing and that nothing stands out at the side; keep a picture where `SHOTS` names a folder."""
    assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme", "locale"), [(360, "dark", "es"), (768, "light", "es"), (1280, "light", "en")])
def test_an_agent_saves_a_view_and_merges_two_requests(
    page: Page, live_server: LiveServer, cast: Cast, width: int, scheme: str, locale: str
) -> None:
    words = {
        "es": ("Guardar esta vista", "Guardar la vista", "Unir las dos"),
        "en": ("Save this view", "Save the view", "Merge the two"),
    }
    begin, save, merge = words[locale]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    enter(page, live_server, cast.agent, "/requests/queue?clock=none&service=help")
    page.get_by_role("link", name=begin).click()
    look(page, f"views_new_{width}")
    page.locator("input[name=name]").fill("Impresoras")
    page.get_by_label("Compartirla" if locale == "es" else "Share it").check()
    page.get_by_role("button", name=save).click()
    expect(page.locator("nav.tabs a[aria-current=page]", has_text="Impresoras")).to_be_visible()
    look(page, f"queue_{width}")
    page.goto("/requests/queue/views")
    look(page, f"views_{width}")
    with live_server.app.app_context():
        older = address(live_server, OLDER).rpartition("/")[2]
    page.goto(f"{address(live_server, NEWER)}/merge")
    look(page, f"merge_first_{width}")
    page.locator("input[name=reference]").fill(older)
    page.locator("main form button").first.click()
    look(page, f"merge_{width}")
    page.get_by_label(cast.employee2.name).check()
    page.get_by_role("button", name=merge).click()
    expect(page.locator("#merged")).to_contain_text("Tampoco saca etiquetas.")
    look(page, f"merged_{width}")
