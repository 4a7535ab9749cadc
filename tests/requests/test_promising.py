"""What an agent does with a promise, on the page of the request. The identifiers are edge cases of service-levels.md."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.notifications.models import Notification
from portal.requests import actions, policies
from portal.requests.models import Request, RequestEvent
from portal.service_levels import queries
from portal.service_levels.models import ClockBreach
from portal.service_levels.queries import About, Assessment, Impact, Urgency
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory
from tests.service_levels.test_timing import at

FIRST_ANSWER = "missed/first_response-20260309T130000/annulment"
ORDINARY = {"impact": "person", "urgency": "normal", "direct": "", "text": "A customer called."}


@pytest.fixture
def sent(cast: Cast, help_desk, clock) -> Request:
    """A request of Monday at ten that the agent has; it is of priority 4: five working days."""
    clock.move_to(at("mon 10:00"))
    made = factory.send(help_desk, cast.employee)
    actions.take(made, cast.agent, at("mon 10:00"))
    db.session.commit()
    return made


@pytest.fixture
def page(app, clock):
    """Return a function that reads the page of a request as a person."""

    def read(request: Request, person, when: str = "mon 11:00", language: str = "en") -> str:
        clock.move_to(at(when))
        person.language = language
        answer = sign_in(app.test_client(), person).get(f"/requests/{request.reference}")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", unescape(answer.text).replace("\xa0", " "))

    return read


@pytest.fixture
def post(app, clock):
    """Return a function that posts one of the forms as a person."""

    def send(request: Request, person, what: str, when: str, **data: Any) -> Any:
        clock.move_to(at(when))
        client = sign_in(app.test_client(), person)
        answer = client.post(f"/requests/{request.reference}/{what}", data=token_of(client) | data)
        db.session.expire_all()
        return answer

    return send


def reading(request: Request):
    found = queries.clock_of(About("request", request.id))
    assert found is not None
    return found


def events(request: Request) -> list[RequestEvent]:
    return list(db.session.scalars(select(RequestEvent).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id)))


def told(person) -> list[str]:
    return list(db.session.scalars(select(Notification.message).where(Notification.recipient_id == person.id)))


# --- priority --------------------------------------------------------------------------------------------------------


def test_SL51_the_tick_raises_the_impact_and_the_requester_reads_why(cast: Cast, sent, page, post):
    assert post(sent, cast.agent, "priority", "mon 10:12", **ORDINARY, external="y").status_code == 303
    assert (sent.priority, reading(sent).target, reading(sent).at(at("mon 11:00")).due) == (
        "P3",
        queries.Target(8 * 3600),
        at("mon 18:00"),
    )
    said = page(sent, cast.employee)
    assert "P3" in said
    by = "because external customers are affected (ticked by Nuria Campos, 10:12)."
    assert f"Impact: one person, raised to group {by} Urgency: normal." in said
    assert "elevado a grupo porque afecta a clientes externos" in page(sent, cast.employee, language="es")


def test_SL52_wide_stays_wide_and_the_tick_is_still_shown(cast: Cast, sent, page, post):
    assert post(sent, cast.agent, "priority", "mon 10:12", **ORDINARY | {"impact": "wide"}, external="y").status_code == 303
    assert sent.priority == "P2"
    assert "Impact: many people; external customers are affected (ticked by Nuria Campos, 10:12)." in page(sent, cast.employee)


def test_a_priority_set_directly_keeps_the_computed_one_beside_it(cast: Cast, sent, page, post):
    assert post(sent, cast.agent, "priority", "mon 10:30", **ORDINARY | {"direct": "P1"}).status_code == 303
    last = events(sent)[-1]
    assert (last.kind, last.data["priority"], last.data["computed"], last.data["text"]) == (
        "assessed",
        "P1",
        "P4",
        "A customer called.",
    )
    said = page(sent, cast.employee)
    assert "Nuria Campos set the priority to P1 (from impact and urgency: P4)" in said
    assert "Set directly; from impact and urgency it would be P4." in said
    assert "requests/promised_anew" in told(cast.employee)
    assert post(sent, cast.agent, "priority", "mon 10:40", **ORDINARY).status_code == 303
    assert (sent.priority, sent.priority_set) == ("P4", None)


def test_a_priority_without_a_reason_or_with_an_unknown_value_is_refused(cast: Cast, sent, post):
    for wrong in ({"text": " "}, {"impact": "planet"}, {"direct": "P0"}, {"urgency": ""}):
        assert post(sent, cast.agent, "priority", "mon 10:30", **ORDINARY | {"direct": "P1"} | wrong).status_code == 422
    assert (sent.priority, len(queries.targets_of_clock(reading(sent).clock.id))) == ("P4", 1)


def test_rule_22_elapsed_stays_when_the_priority_changes(cast: Cast, sent):
    actions.assess(sent, Assessment(Impact.PERSON, Urgency.HIGH), None, "Today", cast.agent, at("mon 15:00"))
    found = reading(sent).at(at("mon 15:00"))
    assert (found.elapsed.total_seconds(), found.due) == (5 * 3600, at("mon 18:00"))
    first, second = queries.targets_of_clock(reading(sent).clock.id)
    assert (first.until_at, second.from_at, second.by_id, second.reason) == (
        at("mon 15:00"),
        at("mon 15:00"),
        cast.agent.id,
        "Today",
    )


def test_SL39_a_lower_priority_after_a_breach_is_a_new_target_and_counts_as_broken(cast: Cast, sent, page):
    actions.assess(sent, Assessment(Impact.PERSON, Urgency.HIGH), None, "Today", cast.agent, at("mon 10:00"))
    actions.assess(sent, Assessment(Impact.PERSON, Urgency.NORMAL), None, "It can wait", cast.agent, at("tue 10:00"))
    assert [one.at for one in db.session.scalars(select(ClockBreach)) if one.clock_id == reading(sent).clock.id] == [
        at("mon 18:00")
    ]
    said = page(sent, cast.employee, "tue 11:00")
    assert "It was promised for Monday 9 March. New target" in said
    assert "Monday 16 March" in said
    assert 'class="board is-late"' in said


def test_who_asks_says_impact_and_urgency_only_where_the_form_asks(cast: Cast, help_desk, clock):
    clock.move_to(at("mon 10:00"))
    values = (("impact", "group"), ("urgency", "high"), ("external_customers", True))
    answers = tuple(actions.Answer(key, value, key, str(value)) for key, value in values)
    asked = factory.send(help_desk, cast.employee, answers=answers)
    assert (asked.priority, asked.assessment.effective, asked.external_by_id) == ("P1", Impact.WIDE, cast.employee.id)
    assert reading(asked).target == queries.Target(2 * 3600)
    odd = factory.send(help_desk, cast.employee, answers=(actions.Answer("impact", "planet", "Impact", "The planet"),))
    assert odd.priority == "P4"


# --- pauses ----------------------------------------------------------------------------------------------------------


def test_SL53_a_pause_with_a_date_ends_by_itself_without_a_job(cast: Cast, sent, page, post):
    form = {"reason": "supplier", "day": "2026-03-10", "hour": "09:00", "note": "They promised it by phone."}
    assert post(sent, cast.agent, "pause", "mon 12:00", **form).status_code == 303
    during = page(sent, cast.employee, "mon 15:00")
    assert "The clock waits" in during
    assert "waiting for a supplier" in during
    assert "It goes on by itself on Tue Mar 10, 09:00" in during
    assert "by phone" not in during
    assert "They promised it by phone." in page(sent, cast.agent, "mon 15:00")
    assert "Let it go on" in page(sent, cast.agent, "mon 15:00")
    found = reading(sent).at(at("tue 10:00"))
    assert (found.running, found.elapsed.total_seconds()) == (True, 3 * 3600)
    after = page(sent, cast.agent, "tue 10:00")
    assert "Let it go on" not in after
    assert "Let it wait" in after
    assert "The clock waits" not in after
    assert "requests/paused" in told(cast.employee)


def test_what_waits_is_resumed_from_the_page(cast: Cast, sent, post):
    assert post(sent, cast.agent, "pause", "mon 12:00", reason="planned", day="2026-03-20").status_code == 303
    assert reading(sent).at(at("mon 14:00")).paused_since == at("mon 12:00")
    assert post(sent, cast.agent, "pause", "mon 13:00", reason="planned", day="2026-03-21").status_code == 409
    assert post(sent, cast.agent, "resumption", "mon 15:00").status_code == 303
    assert reading(sent).at(at("mon 15:00")).running
    assert post(sent, cast.agent, "resumption", "mon 16:00").status_code == 409
    assert [one.kind for one in events(sent)][-2:] == ["paused", "resumed"]


def test_who_waits_for_the_requester_asks_something(cast: Cast, sent, post):
    assert post(sent, cast.agent, "pause", "mon 12:00", reason="waiting_for_requester").status_code == 422
    form = {"reason": "waiting_for_requester", "question": "Which desk?", "note": "Second floor?"}
    assert post(sent, cast.agent, "pause", "mon 12:00", **form).status_code == 303
    assert (sent.state, reading(sent).at(at("mon 13:00")).state) == ("waiting_for_requester", "paused")
    assert post(sent, cast.agent, "resumption", "mon 15:00").status_code == 303
    assert (sent.state, reading(sent).at(at("mon 15:00")).running) == ("in_progress", True)


@pytest.mark.parametrize("day", ["", "2026-03-06", "yesterday"])
def test_a_reason_that_needs_a_date_gets_one_in_the_future(cast: Cast, sent, post, day):
    answer = post(sent, cast.agent, "pause", "mon 12:00", reason="supplier", day=day)
    assert answer.status_code == 422
    assert reading(sent).at(at("mon 13:00")).running


# --- a date beside the promise ----------------------------------------------------------------------------------------


def test_SL55_both_dates_are_shown_and_the_promise_is_broken_all_the_same(app, cast: Cast, sent, page, post):
    actions.assess(sent, Assessment(Impact.PERSON, Urgency.HIGH), None, "Today", cast.agent, at("mon 10:00"))
    form = {"day": "2026-03-11", "text": "A part is missing."}
    assert post(sent, cast.agent, "expected-date", "mon 17:00", **form).status_code == 303
    before = page(sent, cast.employee, "mon 17:30")
    assert "Monday 9 March" in before
    assert "Now expected for Wed Mar 11, 23:59: A part is missing." in before
    queue = sign_in(app.test_client(), cast.agent).get("/requests/queue").text
    assert "hoy, 18:00" in queue
    assert "se espera mié 11 mar, 23:59" in queue
    late = page(sent, cast.employee, "tue 10:00")
    assert "It was promised for Monday 9 March. Now expected for" in late
    assert "Wednesday 11 March" in late
    actions.solve(sent, cast.agent, "Done.", at("wed 10:00"))
    after = page(sent, cast.employee, "wed 11:00")
    assert "Monday 9 March" in after
    assert "Not kept" in after
    assert "Expected for Wed Mar 11, 23:59: A part is missing." in after
    assert reading(sent).at(at("wed 11:00")).state == "breached"
    assert "requests/expected" in told(cast.employee)


@pytest.mark.parametrize("wrong", [{"day": "2026-03-06"}, {"day": ""}, {"text": " "}])
def test_an_expected_date_lies_in_the_future_and_has_a_reason(cast: Cast, sent, post, wrong):
    form = {"day": "2026-03-11", "text": "A part is missing."} | wrong
    assert post(sent, cast.agent, "expected-date", "mon 17:00", **form).status_code == 422
    assert queries.expected_date(About("request", sent.id)) is None


# --- what was not kept ------------------------------------------------------------------------------------------------


def test_rule_27_a_missed_promise_and_why_it_does_not_count_are_both_shown(cast: Cast, sent, page, post):
    """The first answer, due on Monday at 14:00, never came; nothing has been written of it yet."""
    assert "Missed promises" not in page(sent, cast.agent, "mon 13:00")
    missed = page(sent, cast.agent, "tue 10:00")
    assert "First answer: <time" in missed
    assert "Say why it does not count" not in missed
    assert "Missed promises" not in page(sent, cast.employee, "tue 10:00")
    assert "Say why it does not count" in page(sent, cast.head2, "tue 10:00")
    assert post(sent, cast.agent, FIRST_ANSWER, "tue 10:00", text="No").status_code == 403
    assert post(sent, cast.head2, "missed/team-20260309T130000/annulment", "tue 10:00", text="No").status_code == 404
    assert post(sent, cast.head2, FIRST_ANSWER, "tue 10:00", text=" ").status_code == 422
    assert post(sent, cast.head2, FIRST_ANSWER, "tue 10:00", text="They spoke at the door.").status_code == 303
    both = page(sent, cast.agent, "tue 11:00")
    assert "First answer: <time" in both
    assert "It does not count: They spoke at the door. (Ignacio Vela)" in both
    assert db.session.scalars(select(ClockBreach)).one().at == at("mon 14:00")
    again = post(sent, cast.head2, FIRST_ANSWER, "tue 12:00", text="Again.")
    assert again.status_code == 409
    assert "annulled this already" in again.text or "ya" in again.text


def test_the_promise_that_does_not_count_says_so_to_the_requester(cast: Cast, sent, page):
    actions.assess(sent, Assessment(Impact.PERSON, Urgency.HIGH), None, "Today", cast.agent, at("mon 10:00"))
    actions.comment(sent, cast.agent, "On it.", False, at("mon 11:00"))
    actions.annul(sent, "fulfilment-20260309T170000", "The building was closed.", cast.head2, at("tue 10:00"))
    said = page(sent, cast.employee, "tue 11:00")
    assert "was not kept. It does not count: The building was closed. (Ignacio Vela)" in said


# --- who may ----------------------------------------------------------------------------------------------------------

MAY: dict[str, set[str]] = {
    "may_assess": {"agent", "agent2", "head2"},
    "may_pause": {"agent", "agent2", "head2"},
    "may_expect": {"agent", "agent2", "head2"},
    "may_see_broken": {"agent", "agent2", "head2", "auditor"},
    "may_annul": {"head2"},
}


@pytest.mark.parametrize("verb", sorted(MAY))
def test_who_may_and_why_others_may_not(cast: Cast, sent, verb):
    now = at("mon 11:00")
    found = {name: getattr(policies, verb)(person, sent, now) for name, person in cast.everybody().items()}
    assert {name for name, decision in found.items() if decision} == MAY[verb]
    assert all(decision.reason for decision in found.values() if not decision)


@pytest.mark.parametrize("what", ["priority", "pause", "resumption", "expected-date"])
def test_who_asked_reads_and_changes_nothing_of_the_promise(cast: Cast, sent, post, what):
    assert post(sent, cast.employee, what, "mon 11:00", **ORDINARY).status_code == 403
    assert post(sent, cast.stranger, what, "mon 11:00").status_code == 404
