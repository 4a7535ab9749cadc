"""Deciding in a real browser: in the list with htmx, several at once, on a phone, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts import sessions
from portal.approvals.models import Approval
from portal.core import security
from portal.core.db import db
from portal.people.models import Person
from tests.cast import people
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations

PHONE = {"width": 390, "height": 844}


def enter(page: Page, live_server: LiveServer, who: str) -> None:
    """Give the browser a session of the person."""
    client = live_server.app.test_client()
    with live_server.app.app_context():
        person = db.session.scalars(db.select(Person).where(Person.email == f"{who}@demo.example")).one()
    people.sign_in(client, person)
    name = security_cookie(live_server)
    cookie = client.get_cookie(name)
    assert cookie is not None
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])


def security_cookie(live_server: LiveServer) -> str:
    with live_server.app.app_context():
        return security.cookie_name(sessions.COOKIE)


@pytest.fixture
def three_wait(live_server: LiveServer) -> list[str]:
    """Three requests of the employee wait for the head; the public ids of their approvals."""
    with live_server.app.app_context():
        cast = people.build()
        service = factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop")
        for number in range(3):
            factory.send(service, cast.employee).title = f"Monitor {number}"
        db.session.commit()
        return list(db.session.scalars(db.select(Approval.public_id).order_by(Approval.id)))


@pytest.fixture
def listed(page: Page, live_server: LiveServer, three_wait: list[str]) -> Page:
    """The list of the head."""
    enter(page, live_server, "head")
    page.goto("/approvals")
    return page


def test_approving_swaps_the_row_and_counts_down(listed: Page) -> None:
    listed.get_by_role("button", name="Aprobar Monitor 0").click()
    row = listed.locator(".ask").first
    expect(row).to_contain_text("Has aprobado «Monitor 0»")
    expect(row.locator("a")).to_have_attribute("href", "/requests/" + row.locator("a").inner_text())
    expect(listed.locator("h1")).to_have_text("2 peticiones te esperan")
    expect(listed.locator("#count_approvals_index")).to_contain_text("2")
    expect(listed.locator("#messages")).to_contain_text("Has aprobado")


def test_ticked_rows_are_approved_together(listed: Page) -> None:
    bar = listed.locator("[data-batch-bar]")
    expect(bar).to_be_hidden()
    listed.get_by_role("checkbox", name="Monitor 0").check()
    listed.get_by_role("checkbox", name="Monitor 2").check()
    expect(bar).to_contain_text("2 marcadas")
    bar.get_by_role("button").click()
    expect(listed.locator("h1")).to_have_text("1 petición te espera")
    expect(listed.locator("#messages")).to_contain_text("Has aprobado 2 peticiones")


def test_enter_on_a_tick_decides_nothing(listed: Page) -> None:
    listed.get_by_role("checkbox", name="Monitor 0").check()
    listed.get_by_role("checkbox", name="Monitor 0").press("Enter")
    expect(listed.locator("#approval_list")).to_contain_text("No se ha decidido nada")
    expect(listed.locator("h1")).to_have_text("3 peticiones te esperan")
    expect(listed.get_by_role("checkbox", name="Monitor 0")).to_be_checked()


def test_on_a_phone_the_decision_is_on_the_first_screen(listed: Page, three_wait: list[str]) -> None:
    listed.set_viewport_size(PHONE)
    listed.goto(f"/approvals/{three_wait[0]}")
    for name in ("Aprobar", "Rechazar", "Preguntar"):
        control = listed.locator("#decision .row > *").filter(has_text=name)
        expect(control).to_be_in_viewport(ratio=1)
    expect(listed.locator("#decision")).to_contain_text("A monitor")


def test_a_return_marks_what_to_correct(listed: Page, three_wait: list[str]) -> None:
    listed.goto(f"/approvals/{three_wait[0]}")
    listed.locator("#decision summary").press("Enter")
    listed.get_by_role("button", name="Devolver para corregir").press("Enter")
    expect(listed.locator("#error_summary")).to_be_focused()
    listed.get_by_label("Comentario o motivo").fill("Which size do you need?")
    listed.locator("#field_fields input").first.check()
    listed.get_by_role("button", name="Devolver para corregir").press("Enter")
    expect(listed.locator("#messages")).to_contain_text("para corregir")


def test_all_of_it_works_without_javascript(browser: Browser, live_server: LiveServer, three_wait: list[str]) -> None:
    context = browser.new_context(base_url=live_server.url, locale="es", java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    enter(page, live_server, "head")
    page.goto("/approvals")
    page.get_by_role("button", name="Aprobar Monitor 0").click()
    expect(page.locator("h1")).to_have_text("2 peticiones te esperan")
    page.get_by_role("link", name="Rechazar Monitor 1").click()
    page.get_by_label("Comentario o motivo").fill("There is no money left")
    page.get_by_role("button", name="Rechazar Monitor 1").click()
    expect(page.locator("h1")).to_have_text("1 petición te espera")
    page.get_by_role("checkbox", name="Monitor 2").check()
    page.get_by_role("button", name="Aprobar las marcadas").click()
    expect(page.locator("h1")).to_have_text("Nada espera tu aprobación")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_have_no_violations(listed: Page, live_server: LiveServer, three_wait: list[str], scheme: str, width: int) -> None:
    listed.set_viewport_size({"width": width, "height": 844})
    listed.emulate_media(color_scheme=scheme)
    assert_no_violations(listed)
    listed.goto(f"/approvals/{three_wait[0]}")
    assert_no_violations(listed)
    listed.get_by_role("button", name="Rechazar").click()
    assert_no_violations(listed)
    listed.get_by_label("Comentario o motivo").fill("There is no money left")
    listed.get_by_role("button", name="Rechazar").click()
    assert_no_violations(listed)
    listed.goto(f"/approvals/{three_wait[0]}/receipt")
    assert_no_violations(listed)
    enter(listed, live_server, "admin")
    listed.goto(f"/approvals/{three_wait[1]}/administration")
    assert_no_violations(listed)
