"""A session ends in the middle of a long form; an approval is returned; two things happen at once: nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from portal.accounts.models import Session
from portal.core.db import db
from portal.requests.models import Request, RequestEvent
from tests.stories.office import Office
from tests.stories.test_new_laptop import PHONE

LANGUAGES = pytest.mark.parametrize("locale", ["es", "en"])
FORM = "/catalogue/it/laptop/request"


def fill(page: Page) -> None:
    page.goto(FORM)
    page.locator("[name='f.subject']").fill("Adrià Puigdomènech")
    page.locator("[name='f.desk']").fill("214")
    page.locator("[name='f.details']").fill("Con lector de pantalla, por favor. " * 20)


def send(page: Page) -> str:
    fill(page)
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
    return page.url.partition("?")[0]


def end_sessions(office: Office) -> None:
    with office.server.app.app_context():
        db.session.execute(delete(Session))
        db.session.commit()


@LANGUAGES
def test_session_that_ends_in_a_long_form_loses_nothing(office: Office, locale: str) -> None:
    page = office.at("employee")
    fill(page)
    expect(page.locator("#draft_state")).to_contain_text(re.compile(r"\d\d:\d\d"))
    end_sessions(office)
    page.locator("[name='f.desk']").fill("216")
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile("/sign-in"))
    office.sign_in(page, "employee")
    page.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
    expect(page.locator("main")).to_contain_text("216")
    expect(page.locator("main")).to_contain_text("Con lector de pantalla")
    with office.server.app.app_context():
        assert len(db.session.scalars(select(Request)).all()) == 1


@LANGUAGES
def test_somebody_else_signs_in_and_sees_nothing_of_it(office: Office, locale: str) -> None:
    page = office.at("employee")
    fill(page)
    expect(page.locator("#draft_state")).to_contain_text(re.compile(r"\d\d:\d\d"))
    end_sessions(office)
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile("/sign-in"))
    office.sign_in(page, "employee2")
    expect(page.locator("body")).not_to_contain_text("Adrià")
    with office.server.app.app_context():
        assert not db.session.scalars(select(Request)).all()
    mine = office.at("employee")
    mine.goto(FORM)
    expect(mine.locator("[name='f.subject']")).to_have_value("Adrià Puigdomènech")


@LANGUAGES
def test_question_appears_when_an_earlier_answer_asks_for_it(office: Office, locale: str) -> None:
    page = office.at("employee")
    fill(page)
    expect(page.locator("[name='f.number']")).to_have_count(0)
    page.locator("[name='f.phone'][value=yes]").check()
    expect(page.locator("[name='f.number']")).to_be_visible()
    expect(page.locator("[name='f.desk']")).to_have_value("214")
    page.locator("[name='f.number']").fill("600 123 123")
    page.locator("[name='f.phone'][value=no]").check()
    expect(page.locator("[name='f.number']")).to_have_count(0)
    page.locator("[name='f.phone'][value=yes]").check()
    expect(page.locator("[name='f.number']")).to_have_value("600 123 123")


@LANGUAGES
def test_delegate_decides_for_the_head_who_is_away(office: Office, locale: str) -> None:
    give_absence(office)
    page = office.at("employee")
    page.goto(FORM)
    expect(page.locator("#before_sending")).to_contain_text("Rafael Quintana")
    expect(page.locator("#before_sending")).to_contain_text("Marta Soler")
    address = send(page)
    delegate = office.at("delegate", viewport=PHONE)
    delegate.goto("/approvals")
    expect(delegate.locator("#approval_list")).to_contain_text("Marta Soler")
    delegate.locator("form[action$='/decision'] button").first.click()
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Rafael Quintana")


def give_absence(office: Office) -> None:
    """The head is away today and the delegate stands in."""
    from datetime import timedelta

    from portal.core import clock
    from portal.people.models import Absence, Person

    with office.server.app.app_context():
        ids = {one.email.partition("@")[0]: one.id for one in db.session.scalars(select(Person))}
        now = clock.now()
        absence = Absence(
            person_id=ids["head"], delegate_id=ids["delegate"], zone="Europe/Madrid",
            from_at=now - timedelta(days=1), until_at=now + timedelta(days=2),
        )  # fmt: skip
        db.session.add(absence)
        db.session.commit()


@LANGUAGES
def test_head_returns_it_and_the_employee_corrects_only_what_is_marked(office: Office, locale: str) -> None:
    page = office.at("employee")
    address = send(page)
    head = office.at("head")
    head.goto("/approvals")
    head.locator("#approval_list a[href*='/approvals/']").first.click()
    head.locator("[name=reason]").fill("Falta saber el puesto exacto.")
    head.locator("details:has(button[value=returned]) > summary").click()
    head.locator("input[name=fields][value=desk]").check()
    head.locator("button[value=returned]").click()
    head.wait_for_load_state()
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Falta saber el puesto exacto.")
    page.locator("#request_head a[href$='/answers']").click()
    expect(page.locator("[name='f.subject']")).to_have_count(0)
    page.locator("[name='f.desk']").fill("216")
    page.locator("main form button.is-primary").click()
    page.wait_for_url(address)
    head.goto("/approvals")
    head.locator("#approval_list a[href*='/approvals/']").first.click()
    expect(head.locator("main")).to_contain_text("216")


@LANGUAGES
def test_withdrawn_request_meets_an_approval(office: Office, locale: str) -> None:
    page = office.at("employee")
    address = send(page)
    head = office.at("head")
    head.goto("/approvals")
    page.goto(f"{address}/withdrawal")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/requests/VEN-\d{6}$"))
    head.locator("form[action$='/decision'] button").first.click()
    expect(head.locator("#messages")).to_contain_text(re.compile("retir|withdrawn", re.IGNORECASE))
    with office.server.app.app_context():
        request = db.session.scalars(select(Request)).one()
        assert request.state == "withdrawn"
        kinds = set(db.session.scalars(select(RequestEvent.kind).where(RequestEvent.request_id == request.id)))
        assert "opened" not in kinds


@LANGUAGES
def test_two_agents_take_the_next_one_and_get_different_ones(office: Office, locale: str) -> None:
    page = office.at("employee")
    for subject in ("Una pantalla", "Un ratón"):
        page.goto("/catalogue/it/help/request?new=1")
        page.locator("[name='f.subject']").fill(subject)
        page.locator("button[value=send]").click()
        page.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
    agents = [office.at("agent"), office.at("agent2")]
    for agent in agents:
        agent.goto("/requests/queue")
    taken = []
    for agent in agents:
        agent.locator("form[action$='/requests/queue/next'] button, form[action*='next'] button").first.click()
        agent.wait_for_url(re.compile(r"/requests/VEN-\d{6}"))
        taken.append(agent.locator("h1").inner_text())
    assert sorted(title.partition(": ")[2] for title in taken) == ["Un ratón", "Una pantalla"]
    agents[0].goto("/requests/queue")
    agents[0].locator("form[action*='next'] button").first.click()
    expect(agents[0].locator("#messages")).not_to_be_empty()
