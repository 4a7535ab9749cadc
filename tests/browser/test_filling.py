"""Filling in a form in a real browser: rows, the sum that follows the answers, and asking for somebody else."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.core.db import db, transaction
from portal.requests.models import Request
from tests.cast.people import build, sign_in_page
from tests.factories import catalogue as make
from tests.live import LiveServer, assert_no_violations

TONER, PENS = make.option("toner", "Tóner", "Toner", price=1999), make.option("pens", "Bolis", "Pens", price=425)
FORM = {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field("reason", "short_text", "Para qué", "What for", required=True),
                make.field(
                    "lines", "rows", "Material", "Things", required=True,
                    columns=[
                        make.field(
                            "item", "one_of", "Artículo", "Article", required=True, quantity="count",
                            options=[TONER, PENS],
                        ),
                        make.field(
                            "count", "number", "Cuántos", "How many", required=True,
                            rules={"decimals": 0, "minimum": "1", "maximum": "50"},
                        ),
                    ],
                ),
            ],
        }
    ],
    "pricing": {"currency": "EUR", "tax": "21"},
}  # fmt: skip
WORDS = {
    "es": ("Añadir una fila", "Quitar la fila 1", "Enviar la petición", "72,56 €"),
    "en": ("Add a row", "Remove the row 1", "Send the request", "€72.56"),
}


@pytest.fixture
def form(page: Page, live_server: LiveServer, locale: str) -> Page:
    """The form, opened by an agent of the department."""
    with live_server.app.app_context(), transaction():
        cast = build()
        cast.agent.language = locale
        address = f"/catalogue/it/{make.service(cast.it, content=FORM).slug}/request"
        email = cast.agent.email
    sign_in_page(page, live_server, email)
    page.goto(address)
    return page


@pytest.mark.parametrize("locale", ["es", "en"])
def test_FO15_rows_come_and_go_and_the_sum_follows(form: Page, live_server: LiveServer, locale: str) -> None:
    add, remove, send, total = WORDS[locale]
    form.evaluate("window.same = true")
    form.locator("[name='f.reason']").fill("Archivo")
    form.locator("select").first.select_option("pens")
    form.get_by_role("button", name=add).click()
    expect(form.locator(".row-entry")).to_have_count(2)
    expect(form.locator(".row-entry select").nth(1)).to_be_focused()
    form.locator(".row-entry select").nth(1).select_option("toner")
    form.locator(".row-entry input[name$='.count']").nth(1).fill("3")
    form.get_by_role("button", name=remove).click()
    expect(form.locator(".row-entry")).to_have_count(1)
    expect(form.locator(".row-entry select")).to_have_value("toner")
    expect(form.locator("#price")).to_contain_text(total)
    expect(form.locator("[name='f.reason']")).to_have_value("Archivo")
    assert form.evaluate("window.same") is True, "the page was never left"
    for width, scheme in ((360, "dark"), (1280, "light")):
        form.set_viewport_size({"width": width, "height": 900})
        form.emulate_media(color_scheme=scheme)
        assert_no_violations(form)
        assert form.evaluate("document.documentElement.scrollWidth") <= width
    form.locator("#for_whom").fill("employee@demo.example")
    form.keyboard.press("Tab")
    expect(form.locator("#for_whom")).to_have_value(re.compile("Lucía Ferrer · "))
    form.get_by_role("button", name=send).click()
    expect(form.locator("#cost")).to_contain_text(total)
    assert_no_violations(form)
    with live_server.app.app_context():
        made = db.session.query(Request).one()
        assert (made.amount, made.currency, made.beneficiary.email) == (7256, "EUR", "employee@demo.example")


def test_enter_in_a_cell_neither_sends_nor_removes_a_row(form: Page, live_server: LiveServer) -> None:
    form.locator("input[name$='.count']").fill("2")
    form.locator("input[name$='.count']").press("Enter")
    expect(form.locator("input[name$='.count']")).to_have_value("2")
    expect(form.locator(".row-entry")).to_have_count(1)
    with live_server.app.app_context():
        assert db.session.query(Request).count() == 0
