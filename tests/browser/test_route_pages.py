"""Links of mails, bands and gaps in a real browser: no violations, no sideways scrolling, all of it without a session too."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.approvals import links
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat
from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from tests.cast import people
from tests.factories import catalogue as make
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations

SIGHTS = [("light", 360, "es"), ("dark", 768, "en"), ("light", 1280, "en")]
FOLDER = os.environ.get("SEE_PAGES")
PRICED = {
    "sections": [{"key": "what", "fields": [make.field("sum", "money", "Importe", "Amount", rules={"currency": "EUR"})]}],
    "pricing": {"amount": "sum"},
}
STAGES = (
    {"rule": "requester_head"},
    {
        "rule": "role",
        "role": "trainer",
        "mode": "count",
        "needed": 2,
        "name": {"es": "Finanzas", "en": "Finance"},
        "above": 100_000,
        "currency": "EUR",
    },
)


@pytest.fixture
def company(live_server: LiveServer) -> Iterator[str]:
    """A service with bands, and a request that waits for the head; the path of the link in the head's mail."""
    with live_server.app.app_context():
        cast = people.build()
        make.service(cast.it, "priced", PRICED, stages=STAGES)
        request = factory.send(factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop"), cast.employee)
        request.title = "Monitor"
        db.session.commit()
    with live_server.app.test_request_context():
        seat = db.session.scalars(db.select(ApprovalSeat)).one()
        path = str(links.make(seat.person, {"seat": seat.public_id}, clock.now())["url"])
        db.session.commit()
    yield "/approvals" + path.partition("/approvals")[2]
    live_server.app.config[links.LIMIT] = ""


def look(page: Page, name: str) -> None:
    """Check what stands there now; keep a picture where the developer wants to see it."""
    assert_no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
    if FOLDER:
        page.screenshot(path=str(Path(FOLDER) / f"{name}.png"), full_page=True)


def see(page: Page, live_server: LiveServer, scheme: str, width: int, locale: str) -> str:
    """Set the browser and the languages of the people; return what pictures are called."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": locale})
    with live_server.app.app_context():
        db.session.execute(db.update(Person).values(language=locale))
        db.session.commit()
    return f"{width}_{locale}_{scheme}"


@pytest.mark.parametrize(("scheme", "width", "locale"), SIGHTS)
def test_AP13_the_link_decides_by_its_button_only(
    page: Page, live_server: LiveServer, company: str, scheme: str, width: int, locale: str
) -> None:
    name = see(page, live_server, scheme, width, locale)
    page.goto(company)
    expect(page.locator("#main")).not_to_contain_text("Monitor")
    look(page, f"link_door_{name}")
    live_server.app.config[links.LIMIT] = "300.00 EUR"
    page.goto(company)
    expect(page.locator("h1")).to_have_text("Monitor")
    page.locator("button[value=rejected]").click()
    expect(page.locator("#error_summary")).to_be_focused()
    look(page, f"link_{name}")
    page.get_by_label("Comentario o motivo" if locale == "es" else "Comment or reason").fill("There is no money left")
    page.locator("button[value=rejected]").click()
    expect(page.locator("#decision")).to_have_count(0)
    look(page, f"link_after_{name}")
    with live_server.app.app_context():
        assert db.session.scalars(db.select(ApprovalDecision.outcome)).all() == ["rejected"]


@pytest.mark.parametrize(("scheme", "width", "locale"), SIGHTS)
def test_pages_of_routes_have_no_violations(
    page: Page, live_server: LiveServer, company: str, scheme: str, width: int, locale: str
) -> None:
    name = see(page, live_server, scheme, width, locale)
    with live_server.app.app_context():
        public_id = db.session.scalars(db.select(Service.public_id).where(Service.slug == "priced")).one()
    people.sign_in_page(page, live_server, "head2@demo.example")
    base = f"/admin/catalogue/{public_id}"
    for title, url in (
        ("gaps", "/admin/catalogue/coverage"),
        ("route_gaps", f"{base}/route/coverage"),
        ("route", f"{base}/route?stage=2"),
    ):
        page.goto(url)
        look(page, f"{title}_{name}")
    page.goto("/catalogue/it/priced")
    expect(page.locator("#main, main").first).to_contain_text("1.000,00" if locale == "es" else "1,000.00")
    look(page, f"service_{name}")


@pytest.mark.parametrize(("scheme", "width", "locale"), SIGHTS)
def test_hints_and_marks_have_no_violations(
    page: Page, live_server: LiveServer, company: str, scheme: str, width: int, locale: str
) -> None:
    name = see(page, live_server, scheme, width, locale)
    with live_server.app.app_context():
        service = db.session.scalars(db.select(Service).where(Service.slug == "laptop")).one()
        who = db.session.scalars(db.select(Person).where(Person.email.in_(["employee@demo.example", "colleague@demo.example"])))
        found = {person.email.partition("@")[0]: person for person in who}
        factory.send(service, found["employee"], title="Twelve monitors", beneficiary=found["colleague"])
        for number, approval in enumerate(db.session.scalars(db.select(Approval).order_by(Approval.id)), start=1):
            approval.amount, approval.currency = number * 25_000, "EUR"
        help_desk = factory.service(service.department, slug="printers")
        alike = [factory.send(help_desk, found[who], title="Help: no toner").reference for who in ("employee", "colleague")]
        db.session.commit()
    people.sign_in_page(page, live_server, "head@demo.example")
    page.goto("/approvals")
    expect(page.locator(".ask").last).to_contain_text("500,00" if locale == "es" else "500.00")
    expect(page.locator(".ask .tag")).to_have_count(2)
    look(page, f"marks_{name}")
    people.sign_in_page(page, live_server, "employee@demo.example")
    page.goto("/catalogue/it/printers/request")
    expect(page.get_by_role("link", name="Help: no toner")).to_be_visible()
    look(page, f"hint_{name}")
    people.sign_in_page(page, live_server, "agent@demo.example")
    page.goto(f"/requests/{alike[0]}")
    expect(page.locator("#similar")).to_contain_text(alike[1])
    look(page, f"similar_{name}")
