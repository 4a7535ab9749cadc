"""The promise on the page of a form, before anything is sent (service-levels.md 37)."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import clock as now_clock
from portal.core.db import db
from portal.people.models import Person
from portal.requests.models import Request
from portal.service_levels import actions as levels
from portal.service_levels.models import ServiceTarget
from portal.service_levels.queries import About, clock_of
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue
from tests.factories import requests as factory
from tests.requests.test_filling import filled, sent
from tests.requests.test_queue_order import add_level
from tests.service_levels.test_timing import at


def form(app: Flask, person: Person, slug: str, language: str = "en", **headers: str) -> str:
    person.language = language
    answer = sign_in(app.test_client(), person).get(f"/catalogue/it/{slug}/request", headers=headers)
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


def decide_everything(cast: Cast, hours: int, clock) -> None:
    """Let the head decide what waits, each some open hours after she was asked."""
    for seat in db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.ended_at.is_(None))).all():
        approval = db.session.get_one(Approval, seat.approval_id)
        clock.move_to(seat.from_at + timedelta(hours=hours))
        approvals.decide(seat.id, cast.head, "approved", "", approval.content_hash, now_clock.now())


SAID: list[Any] = [
    ("en", "If you send it now, it is ready on", "Monday 16 March", "by 18:00", "Approval by Marta Soler", "Mon Mar 9, 16:00"),
    ("es", "Si la envías ahora, la tienes el", "lunes 16 de marzo", "antes de las 18:00", "Aprobación de Marta", "lun 9 mar"),
]


@pytest.mark.parametrize("said", SAID, ids=["en", "es"])
def test_SL37_the_form_says_by_when_it_is_approved_and_ready(app, cast: Cast, approved_first, clock, said):
    level = add_level(-1, 0, service=["it/laptop"])
    for amount, unit, kind in ((5, "working_days", "fulfilment"), (8 * 3600, "seconds", "approval")):
        db.session.add(ServiceTarget(level_id=level.id, kind=kind, amount=amount, unit=unit))
    db.session.commit()
    clock.move_to(at("fri 17:00"))
    language, *words = said
    page = form(app, cast.employee, "laptop", language)
    assert [word for word in words if word not in page] == []
    assert page.index('id="promise"') < page.index('value="send"')


def test_SL37_what_is_promised_before_is_what_the_clock_says_afterwards(app, cast: Cast, help_desk, clock):
    add_level(-1, 8, service=["it/help"])
    clock.move_to(at("fri 17:00"))
    assert "Monday 9 March" in form(app, cast.employee, "help")
    request = factory.send(help_desk, cast.employee)
    assert clock_of(About("request", request.id)).at(at("fri 17:00")).due == at("mon 16:00")


@pytest.mark.parametrize(("decisions", "said"), [(5, True), (4, False)])
def test_SL37_the_form_says_how_long_the_approver_usually_takes(app, cast: Cast, approved_first, clock, decisions, said):
    clock.move_to(at("mon 09:00"))
    for _ in range(decisions):
        factory.send(approved_first, cast.employee)
    decide_everything(cast, 5, clock)
    assert ("It usually takes" in form(app, cast.employee, "laptop")) is said


def test_SL37_the_hours_of_the_approver_count_for_the_approval(app, cast: Cast, approved_first, clock):
    clock.move_to(at("mon 10:00"))
    mornings = {"name": "Mornings", "zone": "Europe/Madrid", "hours": {"mon": {"08:00": "12:00"}, "tue": {"08:00": "12:00"}}}
    own = levels.create_calendar({**mornings, "exceptions": []}, cast.admin, at("mon 09:00"))
    levels.assign(own, [cast.head.department_id], [cast.head.department_id], cast.admin)
    assert "by Mon Mar 16, 10:00" in form(app, cast.employee, "laptop")


def test_AP11_a_stage_that_the_sum_leaves_out_promises_nothing(app, cast: Cast, clock, monkeypatch):
    factory.service(cast.it, ({"rule": "requester_head"}, {"rule": "service_head"}), slug="laptop")
    db.session.commit()
    assert form(app, cast.employee, "laptop").count("Approval by") == 2
    monkeypatch.setattr(import_module("portal.approvals.queries.preview"), "applies", lambda stage, facts: stage.position == 1)
    page = form(app, cast.employee, "laptop")
    assert "Approval by Marta Soler" in page
    assert page.count("Approval by") == 1


def test_SL31_nothing_is_promised_where_no_level_fits(app, cast: Cast, help_desk, clock):
    add_level(-1, 0, service=["it/help"])
    page = form(app, cast.employee, "help")
    assert "Nothing is promised for this." in page
    assert "is ready on" not in page


def test_SL25_a_calendar_without_open_time_has_no_date_and_the_form_is_there(app, cast: Cast, help_desk, clock):
    years = [(f"{year}-01-01", f"{year}-12-31") for year in range(2026, 2031)]
    closed = [{"from": first, "until": last, "yearly": False, "hours": {}, "label": {"en": "Closed"}} for first, last in years]
    content = {"name": "IT", "zone": "Europe/Madrid", "hours": {"mon": {"09:00": "18:00"}}, "exceptions": closed}
    own = levels.create_calendar(content, cast.admin, at("mon 09:00"))
    levels.assign(own, [cast.it.id], [cast.it.id], cast.admin)
    assert "the calendar has no open time in the next three years" in form(app, cast.employee, "help")


def test_the_promise_travels_with_the_questions(app, cast: Cast, help_desk, clock):
    page = form(app, cast.employee, "help", **{"HX-Request": "true", "HX-Target": "div#questions"})
    assert "<html" not in page
    along = page.partition('<hx-partial hx-target="#before_sending">')[2]
    assert 'id="promise"' in along


def test_the_form_that_comes_back_with_an_error_has_its_promise(app, cast: Cast, clock):
    service = catalogue.service(cast.it)
    db.session.commit()
    client = sign_in(app.test_client(), cast.employee)
    answer = sent(client, service, **filled(client, service, subject=""))
    assert answer.status_code == 422
    assert 'id="promise"' in answer.text
    assert not db.session.scalars(select(Request)).all()
