"""The promise of a request, as what people do moves it. The identifiers are edge cases of service-levels.md."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import clock
from portal.core.db import db
from portal.requests import actions, clocks
from portal.requests.models import Request
from portal.service_levels import queries
from portal.service_levels.models import ServiceLevel, ServiceTarget
from portal.service_levels.queries import About, Timing
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.service_levels.test_timing import at

hour = timedelta(hours=1)


@pytest.fixture
def eight_hours(help_desk, clock) -> ServiceLevel:
    """What is promised for the service: ready in 8 h, answered in 4, also later."""
    level = ServiceLevel(position=-1, name={"en": "Help"}, conditions={"service": ["it/help"]})
    db.session.add(level)
    db.session.flush()
    for kind, hours in (("fulfilment", 8), ("first_response", 4), ("next_response", 4)):
        db.session.add(ServiceTarget(level_id=level.id, kind=kind, amount=hours * 3600, unit="seconds"))
    db.session.commit()
    return level


@pytest.fixture
def sent(cast: Cast, help_desk, eight_hours, clock) -> Request:
    """A request of Monday at ten, with who works on it."""
    clock.move_to(at("mon 10:00"))
    made = factory.send(help_desk, cast.employee)
    actions.take(made, cast.agent, at("mon 10:00"))
    return made


def timing(request: Request, when: str, kind: str = "fulfilment") -> Timing | None:
    found = [one for one in queries.clocks(About("request", request.id)) if one.clock.kind == kind]
    return found[-1].at(at(when)) if found else None


def state(request: Request, when: str, kind: str = "fulfilment") -> str:
    found = timing(request, when, kind)
    return found.state if found else ""


def due(request: Request, when: str, kind: str = "fulfilment") -> datetime | None:
    found = timing(request, when, kind)
    assert found is not None
    return found.due


def test_sending_starts_the_promise_and_the_first_response(sent):
    assert due(sent, "mon 11:00") == at("mon 18:00")
    assert due(sent, "mon 11:00", "first_response") == at("mon 14:00")
    assert state(sent, "mon 11:00", "next_response") == ""


def test_SL21_a_promise_in_working_days_does_not_count_the_day_it_starts(cast: Cast, clock):
    clock.move_to(at("mon 06:00"))
    request = factory.send(factory.service(cast.it, slug="other"), cast.employee)
    assert due(request, "mon 10:00") == at("2026-03-16 18:00")


def test_SL32_the_clock_waits_while_the_requester_is_asked(cast: Cast, sent):
    actions.ask_requester(sent, cast.agent, "Which desk?", at("mon 16:00"))
    found = timing(sent, "tue 10:00")
    assert found is not None
    assert (found.state, found.due, found.left) == ("paused", None, 2 * hour)
    actions.comment(sent, cast.employee, "Desk 214", False, at("tue 11:00"))
    assert due(sent, "tue 11:00") == at("tue 13:00")


def test_SL20_a_word_of_somebody_else_does_not_end_the_waiting(cast: Cast, sent):
    actions.ask_requester(sent, cast.agent, "Which desk?", at("mon 16:00"))
    actions.comment(sent, cast.agent2, "We have one left.", False, at("mon 17:00"))
    actions.comment(sent, cast.agent2, "It is the large one.", True, at("mon 17:00"))
    assert state(sent, "tue 10:00") == "paused"


def test_SL44_only_a_public_word_of_the_service_answers(cast: Cast, sent):
    actions.comment(sent, cast.agent, "Who has the key?", True, at("mon 11:00"))
    assert state(sent, "mon 11:00", "first_response") == "running"
    actions.comment(sent, cast.agent, "We are on it.", False, at("mon 12:00"))
    assert state(sent, "mon 18:00", "first_response") == "met"


def test_SL45_the_next_answer_is_due_from_the_first_word_that_has_none(cast: Cast, sent):
    actions.comment(sent, cast.employee, "Is it there?", False, at("mon 10:00"))
    actions.comment(sent, cast.employee, "Please hurry.", False, at("mon 11:30"))
    assert due(sent, "mon 11:30", "next_response") == at("mon 14:00")
    actions.comment(sent, cast.agent, "Tomorrow.", False, at("mon 12:00"))
    assert state(sent, "mon 18:00", "next_response") == "met"


def test_solving_stops_the_promise_and_thanks_ask_for_no_answer(cast: Cast, sent):
    actions.solve(sent, cast.agent, "It is on your desk.", at("mon 17:00"))
    actions.comment(sent, cast.employee, "Thank you!", False, at("mon 17:30"))
    assert (state(sent, "wed 10:00"), state(sent, "wed 10:00", "first_response")) == ("met", "breached")
    assert state(sent, "wed 10:00", "next_response") == ""


def test_reopening_goes_on_with_what_was_left_and_wants_an_answer(cast: Cast, sent):
    actions.solve(sent, cast.agent, "It is on your desk.", at("mon 17:00"))
    actions.reopen(sent, cast.employee, "It is dark.", at("wed 10:00"))
    assert due(sent, "wed 10:00") == at("wed 11:00")
    assert due(sent, "wed 10:00", "next_response") == at("wed 14:00")


def test_what_is_withdrawn_is_never_late(cast: Cast, sent):
    actions.withdraw(sent, cast.employee, "", at("mon 11:00"))
    assert state(sent, "fri2 10:00") == "met"
    assert not queries.breaches_of(About("request", sent.id))


def test_a_late_solution_is_written_as_a_breach(cast: Cast, sent):
    actions.solve(sent, cast.agent, "It is on your desk.", at("tue 10:00"))
    broken = {one.breach.at for one in queries.breaches_of(About("request", sent.id))}
    assert broken == {at("mon 14:00"), at("mon 18:00")}


def test_the_promise_begins_with_the_last_approval(cast: Cast, approved_first, clock):
    clock.move_to(at("mon 10:00"))
    request = factory.send(approved_first, cast.employee)
    assert state(request, "mon 11:00") == ""
    clock.move_to(at("wed 10:00"))
    shown, seat_id = db.session.scalars(select(Approval.content_hash)).one(), db.session.scalars(select(ApprovalSeat.id)).one()
    approvals.decide(seat_id, cast.head, "approved", "", shown, at("wed 10:00"))
    assert due(request, "wed 10:00") == at("2026-03-18 18:00")
    assert due(request, "wed 10:00", "first_response") == at("wed 14:00")


def test_who_writes_it_down_for_a_caller_has_answered(cast: Cast, help_desk, eight_hours, clock):
    clock.move_to(at("mon 10:00"))
    request = factory.send(help_desk, cast.employee, by=cast.agent)
    assert (state(request, "mon 11:00"), state(request, "mon 11:00", "first_response")) == ("running", "")


def test_warnings_go_to_who_has_it_and_to_the_head_of_the_department(cast: Cast, sent):
    told = clocks.recipients(sent.id, "fulfilment", ["assigned", "department_head"], at("mon 11:00"))
    assert set(told) == {cast.agent.id, cast.head2.id}
    assert clocks.find(sent.reference, cast.employee, at("mon 11:00")) == sent.id
    assert clocks.find(sent.reference, cast.stranger_head, at("mon 11:00")) is None


def test_levels_can_ask_about_services_and_where_the_requester_works(cast: Cast, sent):
    assert "it/help" in [choice.value for choice in clocks.services()]
    facts = clocks.facts_by_id(sent.id)
    assert (facts.service, facts.department, facts.department_id) == ("it/help", "it", cast.it.id)
    assert cast.employee.department.slug in facts.requester_department


# --- pages -----------------------------------------------------------------------------------------------------------


def page_of(client, address: str, person, language: str, when: str, clock, **headers: str) -> str:
    person.language = language
    clock.move_to(at(when))
    answer = sign_in(client, person).get(address, headers=headers)
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


cards = [
    ("es", "mon 11:00", ("Prometido para el", "lunes 9 de marzo", "antes de las 18:00", "quedan 7 h", "Por qué ese día")),
    ("en", "mon 11:00", ("Promised for", "Monday", "by 18:00", "7 h left", "Why that day")),
    ("en", "tue 10:00", ("Late", "1 h of open time")),
]


@pytest.mark.parametrize(("language", "when", "said"), cards)
def test_the_page_shows_the_promise_and_why(app, cast: Cast, sent, clock, language, when, said):
    page = page_of(app.test_client(), f"/requests/{sent.reference}", cast.employee, language, when, clock)
    assert [text for text in said if text not in page] == []
    assert page.index('id="clock_card"') < page.index('id="conversation"')


def test_SL35_a_promise_that_waits_says_for_what(app, cast: Cast, sent, clock):
    actions.ask_requester(sent, cast.agent, "Which desk?", at("mon 16:00"))
    page = page_of(app.test_client(), f"/requests/{sent.reference}", cast.employee, "es", "wed 10:00", clock)
    assert "El reloj está parado" in page
    assert "quedan 2 h" in page


def test_the_card_travels_with_what_changes_it(app, cast: Cast, sent, clock):
    wanted = {"HX-Request": "true", "HX-Target": "div#conversation"}
    page = page_of(app.test_client(), f"/requests/{sent.reference}", cast.employee, "en", "mon 11:00", clock, **wanted)
    assert '<hx-partial hx-target="#clock_card"><section class="promise"' in page


def test_nothing_is_promised_of_what_is_withdrawn(app, cast: Cast, sent, clock):
    actions.withdraw(sent, cast.employee, "", at("mon 11:00"))
    page = page_of(app.test_client(), f"/requests/{sent.reference}", cast.employee, "en", "tue 11:00", clock)
    assert '<div id="clock_card"></div>' in page
    assert "Promised for" not in page


QUEUE_SAYS_WHEN = [("es", "mon 11:00", "hoy, 18:00", ""), ("en", "tue 10:00", "yesterday, 18:00", "is-late")]


@pytest.mark.parametrize(("language", "when", "date", "look"), QUEUE_SAYS_WHEN)
def test_the_queue_says_the_promised_date(app, cast: Cast, sent, clock, language, when, date, look):
    page = page_of(app.test_client(), "/requests/queue", cast.agent, language, when, clock)
    assert date in page
    assert look in page


def test_a_poll_of_the_queue_answers_204_until_something_is_new(app, cast: Cast, sent, clock):
    wanted = {"HX-Request": "true", "HX-Target": "div#queue_rows"}
    client = app.test_client()
    page = page_of(client, "/requests/queue", cast.agent, "en", "mon 11:00", clock)
    address = re.search(r'id="queue_rows" hx-get="([^"]+)', page)[1].replace("&amp;", "&")
    assert client.get(address, headers=wanted).status_code == 204
    clock.move_to(at("mon 11:05"))
    news = client.get(address, headers=wanted)
    assert (news.status_code, "6 h 55 min left" in news.text.replace("\xa0", " ")) == (200, True)


@pytest.mark.parametrize(("language", "when", "said"), [("es", "mon 11:00", "quedan 7 h"), ("en", "tue 10:00", "late, 1 h")])
def test_the_queue_says_how_long_there_is(app, cast: Cast, sent, clock, language, when, said):
    page = page_of(app.test_client(), "/requests/queue", cast.agent, language, when, clock)
    assert said in page


def test_the_queue_says_that_what_waits_for_approval_has_not_started(app, cast: Cast, approved_first, clock):
    clock.move_to(at("mon 10:00"))
    factory.send(approved_first, cast.employee)
    page = page_of(app.test_client(), "/requests/queue", cast.agent, "es", "mon 11:00", clock)
    assert "aún no empieza" in page


def test_the_requester_reads_the_promised_date_in_the_list_and_on_home(app, cast: Cast) -> None:
    request = factory.send(factory.service(cast.it), cast.employee)
    due = queries.clocks_of("request", [request.id], ("fulfilment",))[request.id][0].at(clock.now()).due.isoformat()
    client = sign_in(app.test_client(), cast.employee)
    for page in ("/requests", "/"):
        assert f'class="date-chip" datetime="{due}"' in client.get(page).text, page
