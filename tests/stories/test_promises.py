"""A promise is read before sending, waits, moves, and says why each time; once over the night that is an hour short."""

import re
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.db import db
from portal.people.models import Department, Person
from portal.service_levels import actions
from tests.cast import people
from tests.factories import catalogue as make
from tests.stories.office import Office
from tests.stories.watch import Watch, picture, watch

__all__ = ["watch"]
WEEK = {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
ALWAYS = {day: {"00:00": "24:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
URGENT = {
    "sections": [
        {
            "key": "what",
            "fields": [
                *make.SIMPLE["sections"][0]["fields"],
                make.field(
                    "urgency", "one_of", "¿Corre prisa?", "How urgent is it?",
                    options=[make.option("normal", "Lo normal", "As usual"), make.option("high", "Mucha", "Very")],
                ),
            ],
        }
    ],
    "title": ["subject"],
}  # fmt: skip


class Told(NamedTuple):
    """What a card has to say: on its board, and in the reasons below."""

    board: tuple[str, ...]
    why: tuple[str, ...] = ()


def give_hours(office: Office, hours: dict[str, Any]) -> str:
    """Give IT its hours, and a service that asks how urgent it is; return the address of the calendar."""
    with office.server.app.app_context():
        it = db.session.scalars(select(Department).where(Department.slug == "it")).one()
        admin = db.session.scalars(select(Person).where(Person.email == "admin@demo.example")).one()
        content = {"name": "Informática", "zone": "Europe/Madrid", "hours": hours, "exceptions": []}
        made = actions.create_calendar(content, admin, clock.now())
        actions.assign(made, [it.id], [it.id], admin)
        texts = {"name": {"es": "Arreglo", "en": "Repair"}, "summary": {"es": "Arreglar algo.", "en": "Repair something."}}
        make.service(it, "repair", URGENT, **texts)
        db.session.commit()
        return f"/admin/calendars/{made.public_id}"


def at(office: Office, who: str, **options: Any) -> Page:
    """Return a page of somebody who is signed in at this hour."""
    page = office.open_browser(**options).new_page()
    page.on("pageerror", lambda error: office.faults.append(str(error)))
    people.sign_in_page(page, office.server, f"{who}@demo.example", confirmed=True)
    return page


def read(page: Page, card: str, told: Told, name: str) -> None:
    """Read a card: what its board says, and the reasons below it."""
    shown = page.locator(card)
    expect(shown).to_be_visible()
    for fold in shown.locator("details:not([open]) > summary").all():
        fold.click()
    picture(page, name)
    board, why = (shown.locator(part).inner_text().replace("\xa0", " ") for part in (".board", ".why"))
    assert [text for text in told.board if text not in board] == [], board
    assert [text for text in told.why if text not in why] == [], why


def fill_in(page: Page) -> None:
    page.goto("/catalogue/it/repair/request")
    page.locator("[name='f.subject']").fill("La impresora del muelle 4")


def send(page: Page) -> str:
    """Send the form; return the address of the request."""
    page.locator("button[value=send]").last.click()
    page.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
    return re.sub(r"[?#].*", "", page.url)


def step(office: Office, who: str, address: str) -> Page:
    """Return a page of somebody at the request."""
    page = at(office, who)
    page.goto(address)
    return page


def pause(office: Office, address: str, question: str) -> None:
    """Take the request and let it wait for an answer."""
    page = step(office, "agent", address)
    page.locator("form[action$='/taking'] button").click()
    expect(page.locator("form[action$='/release'] button")).to_be_visible()
    page.goto(f"{address}/pause")
    page.locator("input[name=reason][value=waiting_for_requester]").check()
    page.locator("textarea[name=question]").fill(question)
    page.locator("main form button.is-primary").click()
    page.wait_for_url(address + "**")


def answer(office: Office, address: str, text: str) -> Page:
    """Answer as the one who asked: the clock goes on."""
    page = step(office, "employee", address)
    page.locator("#text").fill(text)
    page.locator("#conversation form button.is-primary").first.click()
    expect(page.locator("#timeline")).to_contain_text(text)
    return page


def set_urgency(office: Office, address: str, urgency: str, reason: str) -> None:
    """Change what the priority follows from."""
    page = step(office, "agent", f"{address}/priority")
    picture(page, "priority")
    page.locator(f"input[name=urgency][value={urgency}]").check()
    page.locator("textarea[name=text]").fill(reason)
    page.locator("main form button.is-primary").click()
    page.wait_for_url(address + "**")


def close_a_day(office: Office, calendar: str, day: str) -> None:
    """Add a holiday to the hours of IT: check, read what would move, save; then the job tells."""
    page = at(office, "admin")
    page.goto(calendar)
    row = page.locator("#exceptions fieldset").first
    for field, text in (("first", day), ("last", day), ("label_es", "San José"), ("label_en", "Saint Joseph")):
        row.locator(f"input[name$='{field}']").fill(text)
    page.locator("button.is-primary").first.click()
    page.wait_for_url("**/drafts/**")
    picture(page, "dry-run")
    expect(page.locator("main")).to_contain_text("VEN-")
    page.locator("main form button.is-primary").click()
    page.wait_for_url(lambda url: "/drafts/" not in url)
    with office.server.app.app_context():
        jobs.run_jobs()


WORDS: dict[str, dict[str, Any]] = {
    "es": {
        "form": Told(("Si la envías ahora, la tienes el", "viernes 13 de marzo", "antes de las 18:00"), ("5 días laborables",)),
        "sent": Told(("Prometido para el", "viernes 13 de marzo", "quedan 5 días laborables"), ("Por qué ese día", "no cuenta")),
        "waits": Told(("El reloj está parado", "Espera respuesta", "quedan 5 días"), ("Mientras espera no hay fecha",)),
        "goes on": Told(("martes 17 de marzo", "antes de las 18:00", "Vamos bien"), ("mar 10", "no cuenta")),
        "slower": Told(("martes 24 de marzo",), ("10 días laborables",)),
        "holiday": Told(("miércoles 25 de marzo",), ("San José",)),
        "told": "Ahora prometida para el mié 25 mar, 18:00",
    },
    "en": {
        "form": Told(("If you send it now, it is ready on", "Friday 13 March", "by 18:00"), ("5 working days",)),
        "sent": Told(("Promised for", "Friday 13 March", "5 working days left"), ("Why that day", "does not count")),
        "waits": Told(("The clock waits", "Waiting for an answer", "5 working days left"), ("no date while it waits",)),
        "goes on": Told(("Tuesday 17 March", "by 18:00", "On course"), ("Tue Mar 10", "not counted")),
        "slower": Told(("Tuesday 24 March",), ("10 working days",)),
        "holiday": Told(("Wednesday 25 March",), ("Saint Joseph",)),
        "told": "Promised for Wed Mar 25, 18:00 now",
    },
}


@pytest.mark.parametrize("locale", ["es", "en"])
def test_a_promise_is_read_before_and_explained_after_each_step(watch: Watch, office: Office, locale: str) -> None:
    words = WORDS[locale]
    calendar = give_hours(office, WEEK)
    employee = at(office, "employee")
    fill_in(employee)
    read(employee, "#promise", words["form"], f"{locale}-1-form")
    address = send(employee)
    read(employee, "#clock_card", words["sent"], f"{locale}-2-sent")
    watch.set("2026-03-09 10:00")
    pause(office, address, "¿Qué impresora es?")
    watch.set("2026-03-10 12:00")
    read(step(office, "employee", address), "#clock_card", words["waits"], f"{locale}-3-waits")
    watch.set("2026-03-11 10:00")
    answer(office, address, "La de la puerta.")
    read(step(office, "employee", address), "#clock_card", words["goes on"], f"{locale}-4-goes-on")
    watch.set("2026-03-11 11:00")
    set_urgency(office, address, "low", "Hay otra impresora al lado.")
    read(step(office, "employee", address), "#clock_card", words["slower"], f"{locale}-5-slower")
    close_a_day(office, calendar, "2026-03-19")
    last = step(office, "employee", address)
    read(last, "#clock_card", words["holiday"], f"{locale}-6-holiday")
    last.goto("/notifications")
    expect(last.locator("main")).to_contain_text(words["told"])


FORWARD: dict[str, tuple[str, Told]] = {
    "es": (
        "Mucha",
        Told(
            ("domingo 29 de marzo", "antes de las 07:00"),
            ("sáb 28 mar, 22:00–24:00", "dom 29 mar, 00:00–07:00: el reloj se adelanta 1 h", "cuentan 6 h"),
        ),
    ),
    "en": (
        "Very",
        Told(
            ("Sunday 29 March", "by 07:00"),
            ("Sat Mar 28, 22:00–24:00", "Sun Mar 29, 00:00–07:00: clocks go forward 1 h", "6 h count"),
        ),
    ),
}


@pytest.mark.parametrize("locale", ["es", "en"])
def test_SL13_a_promise_over_the_night_in_which_the_clocks_go_forward(watch: Watch, office: Office, locale: str) -> None:
    urgent, told = FORWARD[locale]
    give_hours(office, ALWAYS)
    watch.set("2026-03-28 22:00")
    employee = at(office, "employee")
    fill_in(employee)
    employee.get_by_role("radio", name=urgent).check()
    expect(employee.locator("#promise .date")).to_contain_text("29")
    read(employee, "#promise", told, f"{locale}-7-night-form")
    address = send(employee)
    read(employee, "#clock_card", told, f"{locale}-8-night")
    watch.set("2026-03-29 03:30")
    pause(office, address, "¿Qué impresora es?")
    watch.set("2026-03-29 05:00")
    answer(office, address, "La de la puerta.")
    read(step(office, "employee", address), "#clock_card", Told(("29", "08:30")), f"{locale}-9-night-paused")
