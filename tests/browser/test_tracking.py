"""A visitor follows a shipment: a code, where it stands, and with the postal code the details (TR-6, TR-12, TR-27)."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core import clock
from portal.core.db import db
from portal.tracking import actions, codes, queries
from portal.tracking.promises import Promise
from portal.tracking.states import State
from tests.cast.people import build, sign_in_page
from tests.live import LiveServer, assert_no_violations

WORDS = {
    "es": ("Sigue tu envío", "Buscar el envío", "En camino", "Código postal o correo", "Mostrar los detalles", "Entregado"),
    "en": ("Follow your shipment", "Find it", "On its way", "Postal code or e-mail", "Show the details", "Delivered"),
}


@pytest.fixture
def code(live_server: LiveServer) -> str:
    with live_server.app.app_context():
        now = clock.now()
        new = actions.Registration("shipment", "2026-1", build().it, "Europe/Madrid", "50001", contents="Two lamps")
        item = actions.register(new, None, now)
        source = queries.source("import")
        for days, promised in ((6, -1), (3, 2)):
            day, then = now.date() + timedelta(days=promised), now - timedelta(days=days)
            actions.promise(item, Promise(day, day), "the lorry broke down" if days == 3 else "", source, None, then, now)
        for hours, state, place in ((70, "accepted", "Getafe"), (50, "in_progress", "Getafe"), (3, "shipped", "Zaragoza")):
            told = actions.Report(State(state), now - timedelta(hours=hours), "Europe/Madrid", place=place)
            actions.report(item, source, told, None, now)
        made = actions.issue_code(item, None, now)
        db.session.commit()
    return codes.shown(made)


def follow(page: Page, code: str, lang: str) -> None:
    title, find, state, factor, show, _done = WORDS[lang]
    page.goto("/track/")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    page.get_by_role("textbox", name=title).fill(code.lower())
    page.get_by_role("button", name=find).click()
    expect(page.get_by_role("heading", level=1, name=state)).to_be_visible()
    expect(page.get_by_text("Two lamps")).to_have_count(0)
    page.get_by_label(factor).fill("50001")
    page.get_by_role("button", name=show).click()
    expect(page.get_by_text("Two lamps")).to_be_visible()


@pytest.mark.parametrize("locale", ["es", "en"])
def test_a_visitor_follows_a_shipment_and_sees_it_arrive(page: Page, live_server: LiveServer, code: str, locale: str):
    follow(page, code, locale)
    assert_no_violations(page)
    with live_server.app.app_context():
        item = queries.open_code(codes.stored(codes.read(code)), clock.now()).item
        told = actions.Report(State.COMPLETED, clock.now(), "Europe/Madrid")
        actions.report(item, queries.source("import"), told, None, clock.now())
        db.session.commit()
    page.get_by_role("link", name="Actualizar" if locale == "es" else "Refresh").click()
    expect(page.get_by_role("heading", level=1, name=WORDS[locale][-1])).to_be_visible()
    expect(page.locator("[data-refresh]")).to_have_count(0)


def test_without_javascript_it_is_the_same(browser: Browser, live_server: LiveServer, code: str):
    context = browser.new_context(base_url=live_server.url, locale="es", java_script_enabled=False)
    follow(context.new_page(), code, "es")
    context.close()


@pytest.mark.parametrize(("scheme", "width", "locale"), [("dark", 360, "en"), ("light", 1280, "es")])
def test_pages_of_staff_have_no_violations(page: Page, live_server: LiveServer, code: str, scheme: str, width: int, locale: str):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two words
    sign_in_page(page, live_server, "head2@demo.example")
    page.goto("/tracked-items")
    addresses = ["/tracked-items", page.locator("a.subject").get_attribute("href") or "", "/tracked-items/imports/new"]
    for address in addresses:
        page.goto(address)
        assert_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, address
