"""Correcting what was sent: the marked questions after a return, all of them before the first decision."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.approvals.actions import return_for_correction
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from portal.requests.models import Request, RequestAnswers, State
from tests.cast.people import sign_in
from tests.factories import catalogue as make
from tests.requests.test_filling import filled, sent

LAPTOP = {
    "sections": [
        {
            "key": "what",
            "fields": [
                *make.SIMPLE["sections"][0]["fields"],
                make.field("desk", "short_text", "Puesto", "Desk", required=True),
            ],
        }
    ],
    "title": ["subject"],
}


@pytest.fixture
def asked(client, cast) -> Request:
    """A request of the employee that waits for her head."""
    service = make.service(cast.it, content=LAPTOP, stages=({"rule": "requester_head"},))
    db.session.commit()
    sign_in(client, cast.employee)
    answer = sent(client, service, **filled(client, service, subject="Un portátil", details="Ligero", desk="214"))
    assert answer.status_code == 303
    return db.session.scalars(select(Request)).one()


def open_seat() -> ApprovalSeat:
    return db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.ended_at.is_(None))).one()


def send_back(head: Person, *fields: str) -> None:
    approval = db.session.scalars(select(Approval)).one()
    return_for_correction(open_seat().id, head, "Falta saber el puesto exacto.", fields, approval.content_hash, clock.now())
    db.session.commit()


def answers(request: Request) -> dict[str, Any]:
    db.session.rollback()
    content = db.session.get_one(RequestAnswers, request.id, populate_existing=True).content
    return {answer["key"]: answer["shown"] for answer in content}


def change(client: FlaskClient, request: Request, **texts: str) -> Any:
    token = re.search(r'name="csrf_token" value="(\w+)"', client.get("/requests").text)[1]
    data = {"csrf_token": token, "on_page": list(texts), **{f"f.{key}": text for key, text in texts.items()}}
    return client.post(f"/requests/{request.reference}/answers", data=data)


def test_returned_request_asks_for_the_marked_question_only(client, cast, asked):
    send_back(cast.head, "desk")
    page = client.get(f"/requests/{asked.reference}/answers")
    assert page.status_code == 200
    assert "Falta saber el puesto exacto." in page.text
    assert 'name="f.desk"' in page.text
    assert 'name="f.subject"' not in page.text


def test_AP11_third_question_is_ignored_and_named(client, cast, asked):
    send_back(cast.head, "desk")
    answer = change(client, asked, desk="216", subject="Un avión")
    assert answer.status_code == 303
    assert answers(asked) == {"subject": "Un portátil", "details": "Ligero", "desk": "216"}
    assert "Qué necesitas" in client.get(answer.location).text


def test_corrected_request_is_asked_again(client, cast, asked):
    send_back(cast.head, "desk")
    change(client, asked, desk="216")
    assert open_seat().person_id == cast.head.id
    assert db.session.get_one(Request, asked.id).state == State.WAITING_FOR_APPROVAL


def test_before_the_first_decision_everything_can_be_changed(client, cast, asked):
    before = db.session.scalars(select(Approval)).one().content_hash
    assert change(client, asked, subject="Dos portátiles", desk="216").status_code == 303
    db.session.rollback()
    assert db.session.get_one(Request, asked.id).title.endswith(": Dos portátiles")
    assert db.session.scalars(select(Approval)).one().content_hash != before


def test_invalid_correction_keeps_what_was_typed(client, cast, asked):
    answer = change(client, asked, desk="", details="Con teclado")
    assert answer.status_code == 422
    assert 'id="error_summary"' in answer.text
    assert "Con teclado" in answer.text
    assert answers(asked)["desk"] == "214"


def test_decided_request_cannot_be_changed(client, cast, asked):
    from portal.approvals.actions import decide

    approval = db.session.scalars(select(Approval)).one()
    decide(open_seat().id, cast.head, "approved", "", approval.content_hash, clock.now())
    db.session.commit()
    assert change(client, asked, desk="216").status_code == 409
    assert answers(asked)["desk"] == "214"


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("head", 403), ("agent", 403), ("admin", 404)])
def test_others_cannot_change_the_answers(client, cast, asked, who, status):
    other = client.application.test_client()
    sign_in(other, getattr(cast, who))
    assert other.get(f"/requests/{asked.reference}/answers").status_code == status
    assert change(other, asked, desk="216").status_code == status
