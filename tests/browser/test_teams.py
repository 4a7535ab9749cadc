"""A team is made, gets a request, and the request is split, in a real browser: step by step, and nothing that axe finds."""

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from tests.browser.test_queue_plus import look
from tests.browser.test_requests import enter
from tests.cast.people import Cast, build
from tests.factories import requests as factory
from tests.live import LiveServer

WORDS = {
    "es": (
        "Guardar el equipo", "Más acciones", "Pasarla a un equipo", "Pasarla", "Separarla en varias", "Separar la petición",
    ),
    "en": (
        "Store the team", "More actions", "Hand it to a team", "Hand it over", "Split it into several", "Split the request",
    ),
}  # fmt: skip
TITLE = "Sin red y sin pantalla en el muelle 4"


@pytest.fixture
def cast(live_server: LiveServer) -> Cast:
    """The cast, and a request that is two."""
    with live_server.app.app_context():
        cast = build()
        factory.send(factory.service(cast.it), cast.employee, title=TITLE, now=clock.now())
        db.session.commit()
        for person in cast.everybody().values():
            db.session.refresh(person)
            db.session.expunge(person)
    return cast


@pytest.mark.parametrize(("width", "scheme", "locale"), [(360, "dark", "es"), (1280, "light", "en")])
def test_the_head_makes_a_team_hands_it_a_request_and_splits_it(
    page: Page, live_server: LiveServer, cast: Cast, width: int, scheme: str, locale: str
) -> None:
    words = {
        "es": (
            "Guardar el equipo",
            "Más acciones",
            "Pasarla a un equipo",
            "Pasarla",
            "Separarla en varias",
            "Separar la petición",
        ),
        "en": (
            "Store the team",
            "More actions",
            "Hand it to a team",
            "Hand it over",
            "Split it into several",
            "Split the request",
        ),
    }
    store, more, choose, hand_over, divide, split = words[locale]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    enter(page, live_server, cast.head2, "/departments/it/teams/new")
    page.locator("input[name=name_es]").fill("Redes")
    for field in ("members", "leads"):
        page.locator(f"#field_{field}").get_by_label(cast.agent2.name).check()
    look(page, f"team_edit_{width}")
    page.get_by_role("button", name=store).click()
    expect(page.get_by_role("heading", name="Redes")).to_be_visible()
    look(page, f"teams_{width}")
    page.goto(f"{live_server.url}/requests/queue")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_text(more).click()
    page.get_by_role("link", name=choose).click()
    page.locator("textarea[name=text]").fill("El equipo está bien.")
    look(page, f"team_hand_over_{width}")
    page.get_by_role("button", name=hand_over).click()
    expect(page.locator("#facts")).to_contain_text("Redes")
    page.get_by_text(more).click()
    page.get_by_role("link", name=divide).click()
    page.locator("input[name=title_1]").fill("Sin pantalla en el muelle 4")
    look(page, f"split_{width}")
    page.get_by_role("button", name=split).click()
    expect(page.locator("#links")).to_contain_text("Sin pantalla en el muelle 4")
    page.goto(f"{live_server.url}/requests/queue?team=none")
    expect(page.get_by_role("link", name="Sin pantalla en el muelle 4")).to_be_visible()
