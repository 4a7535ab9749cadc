"""The clock of each stage of an approval, and where people read it. The identifiers are rules and cases of service-levels.md."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import clock as now_clock
from portal.core.db import db
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request
from portal.service_levels import actions as levels
from portal.service_levels import queries
from portal.service_levels.queries import About, Reading
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.service_levels.test_timing import at

TWO_STAGES = ({"rule": "requester_head"}, {"rule": "service_head"})


@pytest.fixture
def asked(cast: Cast, approved_first, clock) -> Request:
    """A request of Monday at ten that waits for the head: eight hours of a day from nine to six."""
    clock.move_to(at("mon 10:00"))
    return factory.send(approved_first, cast.employee)


def clocks(request: Request) -> list[Reading]:
    return [one for one in queries.clocks(About("request", request.id)) if one.clock.kind == "approval"]


def states(request: Request, when: str) -> list[str]:
    return [one.at(at(when)).state for one in clocks(request)]


def due(request: Request, when: str) -> datetime | None:
    return clocks(request)[-1].at(at(when)).due


def seat() -> ApprovalSeat:
    return db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.ended_at.is_(None))).one()


def decide(by: Person, outcome: str = "approved", **values: Any) -> None:
    content = db.session.scalars(select(Approval.content_hash)).one()
    approvals.decide(seat().id, by, outcome, "Say which desk it is for.", content, now_clock.now(), **values)


def test_SL17_a_stage_has_a_clock_from_its_opening_to_its_outcome(cast: Cast, asked, clock):
    assert (states(asked, "mon 11:00"), due(asked, "mon 11:00")) == (["running"], at("mon 18:00"))
    clock.move_to(at("mon 15:00"))
    decide(cast.head)
    assert states(asked, "wed 10:00") == ["met"]
    assert clocks(asked)[0].end_cause == "decided"


def test_SL17_each_stage_has_its_own(cast: Cast, clock):
    clock.move_to(at("mon 10:00"))
    request = factory.send(factory.service(cast.it, TWO_STAGES), cast.employee)
    assert len(clocks(request)) == 1
    clock.move_to(at("mon 17:00"))
    decide(cast.head)
    assert (states(request, "mon 17:30"), due(request, "mon 17:30")) == (["met", "running"], at("tue 16:00"))
    clock.move_to(at("tue 17:00"))
    decide(cast.head2)
    assert states(request, "wed 10:00") == ["met", "breached"]


def test_SL17_it_waits_while_the_request_is_back_for_correction(cast: Cast, asked, clock):
    clock.move_to(at("mon 16:00"))
    decide(cast.head, "returned", fields=["subject"])
    assert (states(asked, "wed 10:00"), due(asked, "wed 10:00")) == (["paused"], None)
    clock.move_to(at("wed 10:00"))
    approvals.resubmit("request", asked.id, cast.employee, at("wed 10:00"))
    assert (states(asked, "wed 10:30"), due(asked, "wed 10:30")) == (["running"], at("wed 12:00"))


def test_SL17_the_hours_of_who_is_asked_count(cast: Cast, approved_first, clock):
    clock.move_to(at("mon 10:00"))
    mornings = {"name": "Mornings", "zone": "Europe/Madrid", "hours": {"mon": {"08:00": "12:00"}, "tue": {"08:00": "12:00"}}}
    own = levels.create_calendar({**mornings, "exceptions": []}, cast.admin, at("mon 09:00"))
    levels.assign(own, [cast.head.department_id], [cast.head.department_id], cast.admin)
    assert due(factory.send(approved_first, cast.employee), "mon 11:00") == at("2026-03-16 10:00")


def test_SL17_a_stage_that_finds_nobody_has_its_promise_all_the_same(cast: Cast, clock):
    clock.move_to(at("mon 10:00"))
    nobody = factory.service(cast.it, ({"rule": "requester_head", "mode": "count", "needed": 3},))
    request = factory.send(nobody, cast.employee)
    assert due(request, "mon 11:00") == at("mon 18:00")


def test_AP13_other_content_is_a_new_question_with_a_clock_of_its_own(cast: Cast, asked, clock, monkeypatch):
    clock.move_to(at("mon 16:00"))
    monkeypatch.setattr("portal.approvals.contents.seal", lambda *_content: "0" * 64)
    approvals.content_changed("request", asked.id, cast.employee, at("mon 16:00"))
    assert (states(asked, "mon 17:00"), due(asked, "mon 17:00")) == (["met", "running"], at("tue 15:00"))


def test_AP10_going_on_without_approval_ends_a_clock_that_waits_for_a_correction(cast: Cast, asked, clock):
    decide(cast.head, "returned", fields=["subject"])
    approval = db.session.scalars(select(Approval)).one()
    approvals.override(approval.id, cast.admin, "The head is away until June.", now_clock.now())
    assert states(asked, "wed 10:00") == ["met"]
    assert clocks(asked)[0].stopped


@pytest.mark.parametrize("ending", ["withdrawn", "rejected"])
def test_SL46_what_is_over_is_never_late_afterwards(cast: Cast, asked, clock, ending):
    clock.move_to(at("mon 11:00"))
    if ending == "withdrawn":
        actions.withdraw(asked, cast.employee, "", at("mon 11:00"))
    else:
        decide(cast.head, "rejected")
    assert states(asked, "fri2 10:00") == ["met"]
    assert not queries.breaches_of(About("request", asked.id))


# --- pages -----------------------------------------------------------------------------------------------------------


def page(app: Flask, person: Person, address: str, language: str = "en") -> str:
    person.language = language
    answer = sign_in(app.test_client(), person).get(address)
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


SAID = [("en", "Answer promised by", "today, 18:00", "7 h left"), ("es", "Respuesta prometida:", "hoy, 18:00", "quedan 7 h")]


@pytest.mark.parametrize("said", SAID, ids=["en", "es"])
@pytest.mark.parametrize("where", ["/approvals", "/approvals/{}"])
def test_who_decides_reads_by_when(app: Flask, cast: Cast, asked, clock, where, said):
    clock.shift(timedelta(hours=1))
    language, *words = said
    shown = page(app, cast.head, where.format(db.session.scalars(select(Approval.public_id)).one()), language)
    assert [word for word in words if word not in shown] == []


def test_a_decision_that_is_late_says_so(app: Flask, cast: Cast, asked, clock):
    clock.move_to(at("tue 11:00"))
    shown = page(app, cast.head, "/approvals")
    assert "late, 2 h" in shown
    assert "date-chip is-late" in shown


def test_the_requester_reads_by_when_it_is_decided_and_why(app: Flask, cast: Cast, asked, clock):
    shown = page(app, cast.employee, f"/requests/{asked.reference}")
    assert "The decision is promised for" in shown
    assert "decides by today, 18:00" in shown
    assert "Why that day" in shown
    assert "After the decision, the work has 5 working days." in shown
    clock.move_to(at("tue 11:00"))
    assert "was to be decided by yesterday, 18:00" in page(app, cast.employee, f"/requests/{asked.reference}")


def test_the_requester_reads_that_the_clock_waits_for_the_correction(app: Flask, cast: Cast, asked, clock):
    clock.move_to(at("mon 16:00"))
    decide(cast.head, "returned", fields=["subject"])
    shown = page(app, cast.employee, f"/requests/{asked.reference}")
    assert "The clock waits" in shown
    assert "2 h left" in shown


@pytest.mark.parametrize("where", ["/requests", "/"], ids=["list", "home"])
def test_SL17_lists_of_who_asked_say_by_when_it_is_decided(app: Flask, cast: Cast, asked, clock, where):
    assert re.search(r'18:00</time>\s*(<div class="meta">)?for the decision', page(app, cast.employee, where))
    clock.move_to(at("mon 16:00"))
    decide(cast.head, "returned", fields=["subject"])
    assert "for the decision" not in page(app, cast.employee, where), "nothing runs while it is back"
