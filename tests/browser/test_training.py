"""Training in a real browser: a trainer posts a session, a full one, an offer, an acceptance, a certificate checked outside."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core import clock
from portal.core.db import db
from portal.training import actions, queries
from portal.training.models import TrainingSession
from tests.cast import people
from tests.factories import training as make
from tests.live import LiveServer, assert_no_violations

WORDS = {
    "es": {
        "post": "Publicar la sesión", "enrol": "Apuntarme", "wait": "Ponerme en espera", "in": "Estás dentro",
        "accept": "Aceptar la plaza", "leave": "Dejar la plaza", "valid": "Auténtico y en vigor",
    },
    "en": {
        "post": "Post the session", "enrol": "Enrol", "wait": "Join the waiting list", "in": "You are in",
        "accept": "Accept the seat", "leave": "Give up the seat", "valid": "Genuine and valid",
    },
}  # fmt: skip


@pytest.fixture
def company(live_server: LiveServer) -> str:
    """A topic, and a past session whose certificate the employee has; returns its code."""
    with live_server.app.app_context():
        cast = people.build()
        topic = make.topic(cast.trainer, "Primeros auxilios", validity_months=24)
        start = clock.local(clock.now(), make.ZONE).replace(tzinfo=None, minute=0, second=0) - timedelta(days=9)
        begun = clock.now() - timedelta(days=20)
        with clock.at(begun):
            past = make.session(cast.trainer, 5, start.isoformat(), of=topic)
            row = actions.enrol(past, cast.employee, begun)
        actions.record(past, {(row.id, queries.dates_of(past.id)[0].id): "present"}, cast.trainer, clock.now())
        (certificate,) = actions.issue(past, cast.trainer, clock.now())
        db.session.commit()
        return certificate.code


def as_(page: Page, server: LiveServer, name: str) -> None:
    page.goto("about:blank")  # a page that is still open asks for news, and is led to the sign-in
    page.context.clear_cookies()
    people.sign_in_page(page, server, f"{name}@demo.example")


@pytest.mark.parametrize(("locale", "script"), [("es", True), ("en", True), ("es", False)])
def test_a_session_fills_a_seat_is_offered_and_an_outsider_checks_the_certificate(
    browser: Browser, live_server: LiveServer, company: str, locale: str, script: bool
) -> None:
    said = WORDS[locale]
    context = browser.new_context(
        base_url=live_server.url, locale=locale, java_script_enabled=script, timezone_id="Europe/Madrid"
    )
    page = context.new_page()
    as_(page, live_server, "trainer")
    page.goto("/training/new")
    page.locator("#topic").select_option(index=1)
    day = clock.now() + timedelta(days=30)
    for field, value in (("day", f"{day:%Y-%m-%d}"), ("start", "09:00"), ("end", "11:00")):
        page.fill(f"#dates-0-{field}", value)
    page.fill("#place", "Aula 1")
    page.fill("#capacity", "1")
    page.get_by_role("button", name=said["post"]).click()
    page.wait_for_url(re.compile(r"/training/[a-z0-9]{12}$"))
    address = page.url

    as_(page, live_server, "colleague")
    page.goto("/training")
    page.get_by_role("button", name=re.compile(f"^{said['enrol']}")).click()
    expect(page.get_by_text(said["in"]).first).to_be_visible()

    as_(page, live_server, "employee")
    page.goto(address)
    page.get_by_role("button", name=re.compile(said["wait"])).click()
    expect(page.locator("#my_enrolment")).to_contain_text("1")

    as_(page, live_server, "colleague")
    page.goto(address)
    page.get_by_role("button", name=re.compile(said["leave"])).click()
    expect(page.get_by_role("button", name=re.compile(said["wait"]))).to_be_visible()

    as_(page, live_server, "employee")
    page.goto(address)
    page.get_by_role("button", name=re.compile(said["accept"])).click()
    expect(page.locator("#my_enrolment")).to_contain_text(said["in"])

    context.clear_cookies()
    page.goto(f"/certificates/{company.lower()}")
    expect(page.get_by_text(said["valid"])).to_be_visible()
    expect(page.locator("h1")).to_have_text("Lucía Ferrer")
    context.close()


@pytest.mark.parametrize(
    ("scheme", "width", "locale", "paths"),
    [
        (
            "light",
            360,
            "es",
            ("/training", "/training/matrix", "/training/{}", "/training/{}/attendance", "/certificates/{code}"),
        ),
        ("dark", 768, "en", ("/training/new", "/training/topics", "/training/check-in", "/training/{}/edit", "/certificates")),
    ],
)
def test_pages_have_no_violations(
    page: Page, live_server: LiveServer, company: str, scheme: str, width: int, paths: tuple[str, ...]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two words
    with live_server.app.app_context():
        past = db.session.query(TrainingSession).one().public_id
    as_(page, live_server, "trainer")
    for path in paths:
        page.goto(path.format(past, code=company))
        assert_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
