"""Requests in a real browser: steps without leaving the page, news while one writes, and nothing that axe finds."""

from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from portal.accounts import sessions
from portal.core import clock, security
from portal.core.db import db
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request
from tests.cast.people import Cast, build, sign_in
from tests.factories import requests as factory
from tests.live import LiveServer, assert_no_violations


@pytest.fixture
def cast(live_server: LiveServer) -> Cast:
    """The cast, with a request that has a conversation, one that waits for approval, and one that is solved."""
    with live_server.app.app_context():
        cast = build()
        now, service = clock.now(), factory.service(cast.it)
        talked = factory.send(service, cast.employee, title="Portátil para Adrià", now=now - timedelta(days=3))
        actions.take(talked, cast.agent, now - timedelta(days=2))
        actions.ask_requester(talked, cast.agent, "¿Qué teclado quiere?", now - timedelta(days=1))
        actions.comment(talked, cast.employee, "En español.", False, now)
        actions.comment(talked, cast.agent2, "Hay uno en el almacén.", True, now)
        actions.add_watcher(talked, cast.trainer, cast.employee, now)
        factory.send(factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop"), cast.employee, title="Un ratón")
        solved = factory.send(service, cast.employee, title="Acceso a la carpeta")
        actions.take(solved, cast.agent, now)
        actions.solve(solved, cast.agent, "Ya lo tienes.", now)
        factory.send(service, cast.employee2, title="No imprime la zebra", now=now - timedelta(days=9))
        db.session.commit()
        for person in cast.everybody().values():
            db.session.refresh(person)
            db.session.expunge(person)
    return cast


def enter(page: Page, live_server: LiveServer, person: Person, path: str) -> None:
    """Open a page as a person."""
    with live_server.app.app_context():
        name = security.cookie_name(sessions.COOKIE)
        cookie = sign_in(live_server.app.test_client(), person).get_cookie(name)
    assert cookie is not None
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
    page.goto(path)


def address(live_server: LiveServer, title: str) -> str:
    with live_server.app.app_context():
        return f"/requests/{db.session.query(Request).filter_by(title=title).one().reference}"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("title", ["Portátil para Adrià", "Un ratón"])
def test_parts_of_the_aside_keep_their_distance(page: Page, live_server: LiveServer, cast: Cast, title: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, cast.agent, address(live_server, title))
    sections = page.locator(".aside .section")
    boxes = [box for box in (sections.nth(number).bounding_box() for number in range(sections.count())) if box]
    assert len(boxes) > 2
    gaps = [after["y"] - before["y"] - before["height"] for before, after in pairwise(boxes)]
    assert min(gaps) == max(gaps) >= 24


def test_an_agent_takes_and_gives_back_without_leaving_the_page(page: Page, live_server: LiveServer, cast: Cast) -> None:
    enter(page, live_server, cast.agent, address(live_server, "No imprime la zebra"))
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Cogerla").click()
    expect(page.locator("#request_head")).to_contain_text("La llevas tú")
    expect(page.locator("#timeline")).to_contain_text("La cogiste")
    expect(page.locator("#messages")).to_contain_text("Ahora la llevas tú")
    page.get_by_role("button", name="Devolverla").click()
    expect(page.locator("#request_head")).to_contain_text("Sin dueño")
    assert page.evaluate("window.same") is True, "the page was never left"


def test_news_arrive_while_one_writes_and_the_text_stays(page: Page, live_server: LiveServer, cast: Cast) -> None:
    there = address(live_server, "Portátil para Adrià")
    page.clock.install()
    enter(page, live_server, cast.employee, there)
    page.get_by_label("Tu mensaje").fill("Estoy escribiendo")
    with live_server.app.app_context():
        request = db.session.query(Request).filter_by(title="Portátil para Adrià").one()
        actions.comment(request, db.session.get_one(Person, cast.agent.id), "Ya está pedido.", False, clock.now())
        db.session.commit()
    page.clock.fast_forward("00:31")
    page.get_by_role("link", name="Hay novedades").click()
    expect(page.locator("#timeline")).to_contain_text("Ya está pedido.")
    expect(page.get_by_label("Tu mensaje")).to_have_value("Estoy escribiendo")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#timeline")).to_contain_text("Estoy escribiendo")
    expect(page.get_by_label("Tu mensaje")).to_have_value("")


def test_the_requester_says_that_all_is_fine(page: Page, live_server: LiveServer, cast: Cast) -> None:
    enter(page, live_server, cast.employee, address(live_server, "Acceso a la carpeta"))
    page.get_by_role("button", name="Gracias, todo bien").click()
    expect(page.locator("#request_head")).to_contain_text("Cerrada")
    expect(page.get_by_role("button", name="Gracias, todo bien")).to_have_count(0)


def test_the_queue_is_searched_while_typing_and_several_are_taken(page: Page, live_server: LiveServer, cast: Cast) -> None:
    enter(page, live_server, cast.agent, "/requests/queue")
    page.get_by_label("Buscar en la cola").press_sequentially("zébra", delay=20)
    expect(page.locator("#request_list tbody tr")).to_have_count(1)
    expect(page.get_by_label("Buscar en la cola")).to_be_focused()
    page.locator("#request_list tbody input[type=checkbox]").check()
    page.get_by_role("button", name="Cogerlas").click()
    expect(page.locator("#bulk_result")).to_contain_text("1 hecha")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, live_server: LiveServer, cast: Cast, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # a literal
    talked = address(live_server, "Portátil para Adrià")
    enter(page, live_server, cast.agent, talked)
    pages = ["", "/assignment", "/move", "/watchers", "/links"]
    for path in [*(talked + each for each in pages), "/requests/queue", "/requests/forgotten"]:
        page.goto(path)
        assert_no_violations(page)
    enter(page, live_server, cast.employee, "/requests")
    others = [address(live_server, title) for title in ("Un ratón", "Acceso a la carpeta")]
    for path in ["/requests", "/requests?show=followed", *others, f"{others[0]}/withdrawal"]:
        page.goto(path)
        assert_no_violations(page)


@pytest.mark.parametrize("width", [320, 768])
def test_pages_fit_their_window(page: Page, live_server: LiveServer, cast: Cast, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, cast.agent, "/requests/queue")
    for path in ["/requests/queue", "/requests/forgotten", "/requests", address(live_server, "Portátil para Adrià")]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
