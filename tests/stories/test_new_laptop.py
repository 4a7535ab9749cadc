"""An employee finds, asks and sees who decides; her head approves on a phone; IT answers and solves; she sees every step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.live import assert_no_violations
from tests.stories.office import Hands, Keyboard, Office

WORDS: dict[str, dict[str, str]] = {
    "es": {"find": "portátil", "service": "Portátil nuevo", "head": "Marta Soler", "solved": "Resuelta", "approve": "Aprobar"},
    "en": {"find": "laptop", "service": "New laptop", "head": "Marta Soler", "solved": "Solved", "approve": "Approve"},
}
PHONE = {"width": 390, "height": 844}


def ask(page: Page, hands: Hands, words: dict[str, str]) -> str:
    """Find the service by typing, fill in its form, see the route with names, send; return the request's address."""
    page.goto("/")
    hands.write(page.locator("main input[type=search]").first, words["find"])
    page.keyboard.press("Enter")
    hands.press(page.get_by_role("link", name=words["service"]).first)
    hands.press(page.locator("a[href$='/request']").first)
    hands.write(page.locator("[name='f.subject']"), "Adrià Puigdomènech")
    hands.write(page.locator("[name='f.desk']"), "214")
    expect(page.locator("#before_sending")).to_contain_text(words["head"])
    hands.press(page.locator("button[value=send]"))
    page.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
    expect(page.locator("h1")).to_contain_text("Adrià Puigdomènech")
    expect(page.locator("main")).to_contain_text(words["head"])
    return page.url


def approve(page: Page, hands: Hands, words: dict[str, str]) -> None:
    """Approve from the list, on the first screen of a phone."""
    page.goto("/approvals")
    button = page.get_by_role("button", name=re.compile(rf"^{words['approve']}.*Adrià")).first
    expect(button).to_be_in_viewport()
    hands.press(button)
    expect(page.locator("#approval_list")).not_to_contain_text("214")
    expect(page.locator("main")).to_contain_text("Adrià")


def solve(page: Page, hands: Hands, address: str) -> None:
    """Take the request, answer and say that it is solved."""
    page.goto(address)
    hands.press(page.locator("form[action$='/taking'] button"))
    expect(page.locator("form[action$='/release'] button")).to_be_visible()
    hands.write(page.locator("#text"), "Tienes el portátil en tu puesto.")
    hands.press(page.locator("button[formaction$='/solution']"))
    expect(page.locator("#conversation")).to_contain_text("Tienes el portátil en tu puesto.")


def story(office: Office, locale: str, hands: Hands, **options: Any) -> None:
    words = WORDS[locale]
    employee = office.at("employee", **options)
    address = ask(employee, hands, words)
    approve(office.at("head", viewport=PHONE, **options), hands, words)
    solve(office.at("agent", **options), hands, address)
    employee.goto(address)
    expect(employee.locator("#request_head")).to_contain_text(words["solved"])
    for step in ("Marta Soler", "Nuria Campos", "Tienes el portátil en tu puesto."):
        expect(employee.locator("main")).to_contain_text(step)


@pytest.mark.parametrize("locale", ["es", "en"])
def test_a_laptop_is_asked_for_approved_and_delivered(office: Office, locale: str) -> None:
    story(office, locale, Hands())


@pytest.mark.parametrize("locale", ["es", "en"])
def test_the_same_by_keyboard_alone(office: Office, locale: str) -> None:
    story(office, locale, Keyboard())


@pytest.mark.parametrize("locale", ["es", "en"])
def test_the_same_with_javascript_off(office: Office, locale: str) -> None:
    story(office, locale, Hands(), java_script_enabled=False)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_loop_have_no_violations(office: Office, width: int, scheme: str) -> None:
    page = office.at("employee", viewport={"width": width, "height": 844}, color_scheme=scheme)
    address = ask(page, Hands(), WORDS["es"])
    for path in (
        "/",
        "/catalogue",
        "/catalogue/it/laptop",
        "/catalogue/it/laptop/request",
        "/requests",
        address,
        "/search?q=portatil",
    ):
        page.goto(path)
        assert_no_violations(page)
    head = office.at("head", viewport={"width": width, "height": 844}, color_scheme=scheme)
    for path in ("/approvals", "/requests/queue", "/requests/forgotten", "/notifications", "/people"):
        head.goto(path)
        assert_no_violations(head)
