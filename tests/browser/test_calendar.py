"""One's calendar in a real browser: the page is turned by htmx, the address of the feed is shown once, axe finds nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from portal.training import actions
from portal.training.queries import dates_of
from tests.browser.test_queue_plus import look
from tests.browser.test_requests import enter
from tests.cast.people import Cast, build
from tests.factories import training as make
from tests.live import LiveServer

WORDS = {"es": ("Siguiente", "Lista", "Crear una dirección"), "en": ("Later", "List", "Make an address")}


@pytest.fixture
def cast(live_server: LiveServer) -> Cast:
    """The cast; the employee has a seat in a session of two dates, one of them cancelled."""
    with live_server.app.app_context():
        cast = build()
        title = {"es": "Primeros auxilios en el almacén", "en": "First aid in the warehouse"}
        session = make.session(cast.trainer, 3, "2099-03-12 09:00", "2099-03-18 15:00", title=title, place="Aula 1")
        actions.enrol(session, cast.employee, clock.now())
        actions.cancel_date(dates_of(session.id)[1], "Sin sala", cast.trainer, clock.now())
        db.session.commit()
        for person in cast.everybody().values():
            db.session.refresh(person)
            db.session.expunge(person)
    return cast


@pytest.mark.parametrize(("width", "scheme", "locale"), [(360, "dark", "es"), (768, "light", "es"), (1280, "light", "en")])
def test_month_week_list_and_the_address(page: Page, live_server: LiveServer, cast: Cast, width, scheme, locale) -> None:
    later, agenda, make_address = WORDS[locale]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    with live_server.app.app_context():
        db.session.get_one(Person, cast.employee.id).language = locale
        db.session.commit()
    enter(page, live_server, cast.employee, f"{live_server.url}/calendar?on=2099-02-10")
    page.get_by_role("link", name=later, exact=True).click()
    page.wait_for_url(re.compile("on=2099-03-01"))
    expect(page.locator("#calendar")).to_contain_text("09:00–11:00")
    look(page, f"calendar-month-{width}")
    page.get_by_role("link", name=agenda, exact=True).click()
    expect(page.locator(".calendar-day")).to_have_count(2)
    look(page, f"calendar-list-{width}")
    page.goto(f"{live_server.url}/calendar/week?on=2099-03-12")
    look(page, f"calendar-week-{width}")
    page.goto(f"{live_server.url}/account/calendar")
    page.get_by_role("button", name=make_address).click()
    expect(page.locator("#feed_address")).to_contain_text("/calendar/feed/")
    look(page, f"calendar-address-{width}")
    page.reload()
    expect(page.locator("#feed_address")).to_have_count(0)
