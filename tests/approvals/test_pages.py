"""The list "To approve" and the page of one decision, with and without htmx."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.approvals import actions
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat
from portal.core.db import db
from portal.people.models import Person, Role
from portal.requests.sending import Answer
from tests.approvals.begun import approve, begin, counted, open_seats, seat_of
from tests.approvals.conftest import NOW
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away, grant, sign_in, token_of
from tests.factories import catalogue
from tests.factories import requests as request_factory

pytestmark = pytest.mark.usefixtures("today")


def browser(app: Flask, person: Person) -> FlaskClient:
    return sign_in(app.test_client(), person)


def post(client: FlaskClient, path: str, htmx: str = "", **fields: object):
    headers = {"HX-Request": "true", "HX-Target": f"article#{htmx}"} if htmx else {}
    return client.post(path, data=token_of(client) | fields, headers=headers)


def button(seat: ApprovalSeat, approval: Approval) -> str:
    return f"{seat.public_id}.{approval.content_hash}"


def count_decisions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ApprovalDecision)) or 0


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_oldest_first_and_counts(cast: Cast, app: Flask) -> None:
    begin(cast, NOW - timedelta(hours=1), title="Younger")
    begin(cast, NOW - timedelta(days=1), title="Older")
    page = browser(app, cast.head).get("/approvals").text
    assert page.index("Older") < page.index("Younger")
    assert "2 peticiones te esperan" in page
    assert "ayer, 10:00" in page


def test_the_list_costs_the_same_for_one_row_and_for_many(cast: Cast, app: Flask) -> None:
    begin(cast, NOW)
    client = browser(app, cast.head)
    client.get("/approvals")
    with counted() as statements:
        client.get("/approvals")
    for _ in range(5):
        begin(cast, NOW)
    db.session.commit()
    with counted() as more:
        client.get("/approvals")
    assert more() == statements() <= 12


def test_the_page_of_a_decision_costs_at_most_twelve_statements(cast: Cast, app: Flask) -> None:
    service = request_factory.service(cast.it, request_factory.HEAD_DECIDES, slug="laptop")
    request_factory.send(service, cast.employee)
    path = f"/approvals/{db.session.scalars(select(Approval.public_id)).one()}"
    client = browser(app, cast.head)
    client.get(path)
    with counted() as statements:
        assert client.get(path).status_code == 200
    assert statements() <= 12


def test_a_stage_after_ones_own_is_ticked_already(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW, {}, {})
    _other_paper, _other = begin(cast, NOW, title="Chair")
    approve(approval, cast.head, NOW)
    page = browser(app, cast.head).get("/approvals").text
    assert page.count(" checked") == 1
    assert page.index(" checked") > page.index("Chair")


def test_the_entry_is_shown_to_those_who_have_or_had_something(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    assert 'href="/approvals"' in browser(app, cast.head).get("/").text
    assert 'href="/approvals"' not in browser(app, cast.employee).get("/").text
    approve(approval, cast.head, NOW)
    page = browser(app, cast.head).get("/approvals").text
    assert 'href="/approvals"' in page
    assert "Nada espera tu aprobación" in page
    assert "Lo que has decidido" in page


def test_approving_in_the_list_answers_303_and_the_list(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    answer = post(client, f"/approvals/{approval.public_id}/decision", approve=button(seat, approval))
    assert (answer.status_code, answer.location) == (303, "/approvals")
    assert "Has aprobado «Lamp»" in client.get("/approvals").text
    assert count_decisions() == 1


def test_htmx_gets_the_row_with_its_result_and_a_link(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    row = f"ask_{seat.public_id}"
    path = f"/approvals/{approval.public_id}/decision"
    answer = post(client, path, htmx=row, approve=button(seat, approval))
    assert answer.status_code == 303
    fragment = client.get("/approvals", headers={"HX-Request": "true", "HX-Target": f"article#{row}"}).text
    assert "<html" not in fragment
    assert f'id="{row}"' in fragment
    assert "Has aprobado «Lamp»" in fragment
    assert "/papers/" in fragment
    assert "Nada espera tu aprobación" in fragment


def test_htmx_gets_the_row_with_the_difference_when_the_content_changed(cast: Cast, app: Flask) -> None:
    paper, approval = begin(cast, NOW)
    seen = approval.content_hash
    paper.text = "Two desk lamps"
    actions.content_changed(KIND, paper.id, cast.employee, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    path = f"/approvals/{approval.public_id}/decision"
    answer = post(client, path, htmx=f"ask_{seat.public_id}", approve=f"{seat.public_id}.{seen}")
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "Two desk lamps" in answer.text
    assert button(seat, approval) in answer.text
    assert count_decisions() == 0


def test_the_list_is_paged_and_counts_all(cast: Cast, app: Flask) -> None:
    begun = [begin(cast, NOW - timedelta(hours=number), title=f"Lamp {number:02}") for number in range(17)]
    client = browser(app, cast.head)
    first = client.get("/approvals").text
    assert re.findall(r"Lamp \d\d(?=</a></h2>)", first) == [f"Lamp {number:02}" for number in range(16, 1, -1)]
    assert "17 peticiones te esperan" in first
    assert re.search(r'id="count_approvals_index">17<', first)
    second = client.get(re.search(r'rel="next" href="([^"]+)"', first)[1]).text
    assert re.findall(r"Lamp \d\d(?=</a></h2>)", second) == ["Lamp 01", "Lamp 00"]
    assert "17 peticiones te esperan" in second
    assert "ayer, 18:00" in second
    previous = re.search(r'rel="prev" href="([^"]+)"', second)[1]
    assert "Lamp 16" in client.get(previous).text
    for _paper, approval in begun[:2]:
        approve(approval, cast.head, NOW)
    gone = client.get(re.search(r'rel="next" href="([^"]+)"', first)[1]).text
    assert "Lamp 16" in gone


def test_a_refused_batch_stays_on_its_page(cast: Cast, app: Flask) -> None:
    begun = [begin(cast, NOW - timedelta(hours=number), title=f"Lamp {number:02}") for number in range(17)]
    client = browser(app, cast.head)
    there = re.search(r'rel="next" href="([^"]+)"', client.get("/approvals").text)[1]
    action = html.unescape(re.search(r'action="(/approvals/decisions[^"]*)"', client.get(html.unescape(there)).text)[1])
    ticked = [button(seat_of(approval, cast.head), approval) for _paper, approval in begun[:2]]
    refused = post(client, action, seat=ticked, outcome="rejected", reason="short")
    assert refused.status_code == 422
    assert "Lamp 00" in refused.text
    assert refused.text.count(" checked") == 2
    done = post(client, action, seat=ticked, outcome="approved")
    assert (done.status_code, done.location) == (303, "/approvals")
    assert count_decisions() == 2


# --- one decision ----------------------------------------------------------------------------------------------------


def test_the_page_shows_content_without_what_is_confidential(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    page = browser(app, cast.head).get(f"/approvals/{approval.public_id}").text
    assert "A desk lamp" in page
    assert "hidden words" not in page
    assert "jefatura del departamento de quien pide" in page


def test_who_decides_reads_each_answer_once(cast: Cast, app: Flask) -> None:
    questions = [catalogue.field(f"a{number}", "short_text", f"Pregunta {number}", f"Question {number}") for number in range(5)]
    content = {"sections": [{"key": "what", "fields": questions}]}
    service = catalogue.service(cast.it, "laptop", content, stages=request_factory.HEAD_DECIDES)
    answers = [Answer(f"a{number}", f"Answer {number}", f"Question {number}", f"Answer {number}") for number in range(5)]
    request_factory.send(service, cast.employee, answers=answers)
    path = f"/approvals/{db.session.scalars(select(Approval.public_id)).one()}"
    page = browser(app, cast.head).get(path).text
    assert [page.count(f"<dd>Answer {number}</dd>") for number in range(5)] == [1] * 5
    assert page.index("Answer 2") < page.index('value="approved"') < page.index("Answer 3")


@pytest.mark.parametrize("htmx", ["", "decision"])
@pytest.mark.parametrize(("outcome", "fields"), [("approved", []), ("rejected", []), ("returned", ["text"])])
def test_each_outcome_is_decided_by_a_plain_form(cast: Cast, app: Flask, outcome: str, fields: list[str], htmx: str) -> None:
    _paper, approval = begin(cast, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    answer = post(
        client,
        f"/approvals/{approval.public_id}/decision",
        htmx=htmx,
        seat=seat.public_id,
        content_hash=approval.content_hash,
        outcome=outcome,
        reason="Because of the budget",
        fields=fields,
    )
    assert answer.status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(ApprovalDecision)).one().outcome == outcome


def test_a_missing_reason_answers_422_and_keeps_what_was_typed(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    path = f"/approvals/{approval.public_id}/decision"
    given = {"seat": seat.public_id, "content_hash": approval.content_hash}
    answer = post(client, path, outcome="returned", reason="Too dear", **given)
    assert answer.status_code == 422
    assert "Too dear</textarea>" in answer.text
    assert "al menos 10" in answer.text
    assert "Marca qué hay que corregir" in answer.text
    assert count_decisions() == 0


def test_rule_12_an_old_hash_answers_409_with_the_difference_and_the_comment(cast: Cast, app: Flask) -> None:
    paper, approval = begin(cast, NOW)
    seen = approval.content_hash
    paper.text = "Two desk lamps"
    actions.content_changed(KIND, paper.id, cast.employee, NOW)
    client, seat = browser(app, cast.head), open_seats(approval)[0]
    path = f"/approvals/{approval.public_id}/decision"
    answer = post(client, path, seat=seat.public_id, content_hash=seen, outcome="approved", reason="Good idea")
    assert answer.status_code == 409
    assert re.search(r"<del>A desk lamp</del> → <ins>Two desk lamps</ins>", answer.text)
    assert "Good idea</textarea>" in answer.text
    assert f'value="{approval.content_hash}"' in answer.text
    assert count_decisions() == 0


@pytest.mark.parametrize("htmx", ["", "ask_x"])
def test_AP2_an_ended_delegation_answers_403_and_keeps_the_comment(cast: Cast, app: Flask, htmx: str) -> None:
    away(cast.head, cast.delegate, days=2, start=NOW - timedelta(days=3))
    _paper, approval = begin(cast, NOW - timedelta(days=2))
    client, seat = browser(app, cast.delegate), seat_of(approval, cast.head)
    path = f"/approvals/{approval.public_id}/decision"
    given = {"seat": seat.public_id, "content_hash": approval.content_hash}
    answer = post(client, path, htmx=htmx, outcome="approved", reason="Good idea", **given)
    assert answer.status_code == 403
    assert "La sustitución terminó el" in answer.text
    assert "Marta Soler" in answer.text
    assert "A desk lamp" not in answer.text
    assert htmx or "Good idea</textarea>" in answer.text
    assert client.get(f"/approvals/{approval.public_id}").status_code == 403


@pytest.mark.parametrize("htmx", ["", "ask_x"])
def test_AP3_a_decided_seat_answers_409(cast: Cast, app: Flask, htmx: str) -> None:
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    _paper, approval = begin(cast, NOW)
    client, seat = browser(app, cast.delegate), seat_of(approval, cast.head)
    approve(approval, cast.head, NOW)
    path = f"/approvals/{approval.public_id}/decision"
    given = {"seat": seat.public_id, "content_hash": approval.content_hash}
    answer = post(client, path, htmx=htmx, outcome="rejected", reason="I think it is too dear", **given)
    assert answer.status_code == 409
    assert "Ya la aprobó Marta Soler: 10:00" in answer.text
    assert htmx or "I think it is too dear</textarea>" in answer.text
    assert count_decisions() == 1


def test_AP17_a_withdrawn_request_answers_409(cast: Cast, app: Flask) -> None:
    paper, approval = begin(cast, NOW)
    seat = open_seats(approval)[0]
    actions.end(KIND, paper.id, "", NOW)
    client = browser(app, cast.head)
    path = f"/approvals/{approval.public_id}/decision"
    answer = post(client, path, seat=seat.public_id, content_hash=approval.content_hash, outcome="approved", reason="")
    assert answer.status_code == 409
    assert "se retiró: 10:00" in answer.text
    assert count_decisions() == 0


def test_AP1_the_delegate_sees_for_whom(cast: Cast, app: Flask) -> None:
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    _paper, approval = begin(cast, NOW)
    client = browser(app, cast.delegate)
    assert "en nombre de Marta Soler" in client.get("/approvals").text
    assert "Decides por Marta Soler" in client.get(f"/approvals/{approval.public_id}").text


# --- who may see -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["employee", "admin", "agent", "stranger_head", "auditor", "partner", "colleague"])
def test_who_is_not_asked_gets_the_answer_of_an_unknown_id(cast: Cast, app: Flask, name: str) -> None:
    _paper, approval = begin(cast, NOW)
    seat = open_seats(approval)[0]
    client = browser(app, getattr(cast, name))
    for path in (f"/approvals/{approval.public_id}", f"/approvals/{approval.public_id}/receipt"):
        assert client.get(path).status_code == 404
    answer = post(
        client,
        f"/approvals/{approval.public_id}/decision",
        seat=seat.public_id,
        content_hash=approval.content_hash,
        outcome="approved",
    )
    assert answer.status_code == 404
    assert post(client, "/approvals/decisions", seat=button(seat, approval), outcome="approved").status_code == 404
    assert count_decisions() == 0


def test_a_seat_of_another_approval_is_not_found(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    _other_paper, other = begin(cast, NOW)
    client = browser(app, cast.head)
    seat = open_seats(other)[0]
    answer = post(
        client,
        f"/approvals/{approval.public_id}/decision",
        seat=seat.public_id,
        content_hash=other.content_hash,
        outcome="approved",
    )
    assert answer.status_code == 404


def test_the_requester_reads_the_receipt_once_it_is_over(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    client, path = browser(app, cast.employee), f"/approvals/{approval.public_id}/receipt"
    assert client.get(path).status_code == 404
    approve(approval, cast.head, NOW)
    page = client.get(path).text
    assert "Marta Soler" in page
    assert "Acta de PAP-" in page


# --- several at once -------------------------------------------------------------------------------------------------


def test_a_batch_that_is_all_done_goes_back_to_the_list(cast: Cast, app: Flask) -> None:
    begun = [begin(cast, NOW) for _ in range(3)]
    client = browser(app, cast.head)
    ticked = [button(seat_of(approval, cast.head), approval) for _, approval in begun]
    answer = post(client, "/approvals/decisions", seat=ticked, outcome="approved")
    assert (answer.status_code, answer.location) == (303, "/approvals")
    assert "Has aprobado 3 peticiones" in client.get("/approvals").text
    assert count_decisions() == 3


def test_AP20_a_batch_says_which_row_changed_and_how(cast: Cast, app: Flask) -> None:
    begun = [begin(cast, NOW, title=f"Lamp {number}") for number in range(5)]
    ticked = [button(seat_of(approval, cast.head), approval) for _, approval in begun]
    paper, _approval = begun[2]
    client = browser(app, cast.head)
    paper.text = "A chandelier"
    actions.content_changed(KIND, paper.id, cast.employee, NOW)
    answer = post(client, "/approvals/decisions", seat=ticked, outcome="approved")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Has aprobado 4 peticiones" in page
    assert page.count("sin hacer") == 1


@pytest.mark.parametrize(("outcome", "reason"), [("rejected", "short"), ("approved", "")])
def test_a_batch_without_reason_or_ticks_answers_422(cast: Cast, app: Flask, outcome: str, reason: str) -> None:
    _paper, approval = begin(cast, NOW)
    client = browser(app, cast.head)
    ticked = [button(seat_of(approval, cast.head), approval)] if outcome == "rejected" else []
    answer = post(client, "/approvals/decisions", seat=ticked, outcome=outcome, reason=reason)
    assert answer.status_code == 422
    assert (" checked" in answer.text) == bool(ticked)
    assert count_decisions() == 0


def test_a_batch_rejects_with_one_reason(cast: Cast, app: Flask) -> None:
    begun = [begin(cast, NOW) for _ in range(2)]
    client = browser(app, cast.head)
    ticked = [button(seat_of(approval, cast.head), approval) for _, approval in begun]
    assert post(client, "/approvals/decisions", seat=ticked, outcome="rejected", reason="Not this year").status_code == 303
    assert count_decisions() == 2


# --- passing on ------------------------------------------------------------------------------------------------------


def test_a_head_passes_it_on_to_a_head_who_is_not_concerned(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW, beneficiary_id=cast.stranger_head.id)
    client, path = browser(app, cast.head), f"/approvals/{approval.public_id}/forwarding"
    page = client.get(path).text
    assert "Fermín Costa" in page
    assert "Sonia Herrero" not in page
    assert post(client, path, to="", reason="").status_code == 422
    assert post(client, path, to=cast.stranger_head.public_id, reason="").status_code == 422
    assert post(client, path, to=cast.agent.public_id, reason="").status_code == 422
    assert post(client, path, to=cast.finance_head.public_id, reason="").status_code == 303
    assert "Fermín Costa decide en tu lugar" in client.get("/approvals").text
    assert client.get(path).status_code == 404
    assert browser(app, cast.finance_head).get(f"/approvals/{approval.public_id}").status_code == 200


def test_a_delegate_does_not_pass_on(cast: Cast, app: Flask) -> None:
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    _paper, approval = begin(cast, NOW)
    assert browser(app, cast.delegate).get(f"/approvals/{approval.public_id}/forwarding").status_code == 404


# --- administrators --------------------------------------------------------------------------------------------------


def test_an_administrator_sees_the_number_and_not_the_content(cast: Cast, app: Flask) -> None:
    paper, approval = begin(cast, NOW, {"mode": "count", "needed": 3})
    client = browser(app, cast.admin)
    page = client.get(f"/approvals/{approval.public_id}/administration").text
    assert f"PAP-{paper.id:06}" in page
    assert "administración avisada" in page
    assert "A desk lamp" not in page
    assert "Lamp" not in page
    for person in (cast.head, cast.employee, cast.agent):
        assert browser(app, person).get(f"/approvals/{approval.public_id}/administration").status_code == 404


def test_administrators_list_what_finds_nobody_without_their_own(cast: Cast, app: Flask) -> None:
    paper, approval = begin(cast, NOW, {"mode": "count", "needed": 3})
    own, _own = begin(cast, NOW, {"mode": "count", "needed": 3}, by=cast.admin)
    begin(cast, NOW)
    client = browser(app, cast.admin)
    page = client.get("/approvals/blocked").text
    assert f"PAP-{paper.id:06}" in page
    assert f"/approvals/{approval.public_id}/administration" in page
    assert f"PAP-{own.id:06}" not in page
    assert page.count("PAP-") == 1
    assert "Lamp" not in page
    assert 'href="/approvals/blocked"' in page
    for person in (cast.head, cast.employee, cast.auditor):
        answer = browser(app, person).get("/approvals/blocked")
        assert answer.status_code == 403
        assert "PAP-" not in answer.text


@pytest.mark.parametrize("what", ["round", "removal", "override"])
def test_what_an_administrator_does_needs_a_reason(cast: Cast, app: Flask, what: str) -> None:
    _paper, approval = begin(cast, NOW)
    client, path = browser(app, cast.admin), f"/approvals/{approval.public_id}/{what}"
    assert post(client, path, stage="1", reason="short").status_code == 422
    assert post(client, path, stage="1", reason="Marta is on leave for weeks").status_code == 303


def test_AP19_an_administrator_does_nothing_to_the_own_request(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW, by=cast.admin)
    client = browser(app, cast.admin)
    for what in ("round", "removal", "override"):
        path = f"/approvals/{approval.public_id}/{what}"
        assert post(client, path, stage="1", reason="I would like it quickly").status_code == 404


def test_two_seats_of_one_person_are_two_decisions(cast: Cast, app: Flask) -> None:
    grant(cast.delegate, Role.HEAD, cast.customer_care)
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    _paper, approval = begin(cast, NOW, {"mode": "all"})
    page = browser(app, cast.delegate).get(f"/approvals/{approval.public_id}").text
    assert "más de una vez" in page
