"""In a real browser: confirmed on a phone, its numbers read by the editor, the missing names by the head alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.announcements import actions
from portal.announcements.models import Announcement
from portal.core import clock
from portal.core.db import db
from tests.announcements.conftest import make, words
from tests.cast import people
from tests.live import LiveServer, assert_no_violations

PHONE = {"width": 390, "height": 844}
WORDS = {
    "es": ("Confirmar lectura", "Lo confirmaste", "1 de 4 han confirmado", "Quién falta"),
    "en": ("Confirm that you have read it", "You confirmed this", "1 of 4 have confirmed", "Who is missing"),
}


@pytest.fixture
def announced(live_server: LiveServer) -> str:
    """An announcement that asks the four people of Customer Care to confirm; returns its address."""
    with live_server.app.app_context():
        cast = people.build()
        day = (clock.now() + timedelta(days=4)).date()
        made = make(cast, level="to_confirm", due_on=day)
        return f"/announcements/{made.public_id}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth === document.documentElement.clientWidth"))


@pytest.mark.parametrize("locale", ["es", "en"])
def test_confirmed_on_a_phone_and_counted(page: Page, live_server: LiveServer, announced: str, locale: str) -> None:
    button, receipt, numbers, missing = WORDS[locale]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a width and a height
    people.sign_in_page(page, live_server, "employee@demo.example")
    page.goto(announced)
    assert fits(page)
    assert_no_violations(page)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#confirm")).to_contain_text(receipt)
    assert page.url.endswith(announced)
    people.sign_in_page(page, live_server, "editor@demo.example")
    page.goto(f"{announced}/report")
    expect(page.get_by_role("heading", level=1)).to_have_text(numbers)
    expect(page.locator("main")).not_to_contain_text("Carmen Ruiz")
    people.sign_in_page(page, live_server, "head@demo.example")
    page.goto(f"{announced}/report")
    expect(page.get_by_role("region", name=missing).first).to_contain_text("Carmen Ruiz")
    expect(page.locator("main")).not_to_contain_text("Lucía Ferrer")
    assert fits(page)
    assert_no_violations(page)


def test_confirmed_without_javascript(browser: Browser, live_server: LiveServer, announced: str) -> None:
    context = browser.new_context(base_url=live_server.url, locale="es", viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    people.sign_in_page(page, live_server, "employee@demo.example")
    page.goto(announced)
    page.get_by_role("button", name="Confirmar lectura").click()
    expect(page.locator("#confirm")).to_contain_text("Lo confirmaste")
    context.close()


def test_written_with_the_budget_beside(page: Page, live_server: LiveServer, announced: str) -> None:
    people.sign_in_page(page, live_server, "editor@demo.example")
    page.goto("/announcements")
    page.locator("form[action='/announcements/drafts'] button").click()
    page.locator("#title_es").fill("Simulacro")
    page.locator("#body_es").fill("El lunes.")
    page.locator("input[value='department:customer-care']").check()
    expect(page.locator("#budget")).to_contain_text("4 ")
    page.locator("#people").fill("Simón Duarte")
    page.locator("#people").blur()
    expect(page.locator("#budget")).to_contain_text("5 personas")
    assert_no_violations(page)
    page.get_by_role("button", name="Publicar el aviso").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Simulacro")
    expect(page.locator("#messages")).to_contain_text("Publicado.")


def test_a_new_text_between_opening_and_confirming_is_shown(page: Page, live_server: LiveServer, announced: str) -> None:
    people.sign_in_page(page, live_server, "employee@demo.example")
    page.goto(announced)
    with live_server.app.app_context():
        found = db.session.query(Announcement).one()
        editor = db.session.query(people.Person).filter_by(email="editor@demo.example").one()
        actions.correct(found, words(body="Desde el martes."), True, None, (1, 0), editor, clock.now())
        db.session.commit()
    page.get_by_role("button", name="Confirmar lectura").click()
    expect(page.locator("#confirm")).to_contain_text("Desde el martes.")
    page.get_by_role("button", name="Confirmar lectura").click()
    expect(page.locator("#confirm")).to_contain_text("versión 2")
