"""Asking for somebody else: agents do, both see it, and neither approves it (forms.md 21, approvals.md 6)."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.approvals.models import Approval, ApprovalSeat
from portal.catalogue.models import AudienceRow, Draft, Service
from portal.core.db import db
from portal.people.models import Role
from portal.requests.models import Request
from tests.cast.people import add_person, grant, sign_in
from tests.factories import catalogue as make
from tests.requests.test_filling import address, filled, hidden, sent


@pytest.fixture
def desk(cast) -> Service:
    """A service of IT that the head of the requester's department approves; the agent of IT is in its audience."""
    cast.agent.language = cast.employee.language = "en"
    made = make.service(cast.it, content=make.SIMPLE, stages=({"rule": "requester_head"},))
    db.session.commit()
    return made


def the_request() -> Request:
    db.session.rollback()
    return db.session.scalars(select(Request)).one()


def test_agent_asks_for_an_employee_and_both_see_it(client: FlaskClient, cast, desk):
    sign_in(client, cast.agent)
    data = filled(client, desk, subject="A phone")
    assert "Who is it for?" in client.get(address(desk)).text
    preview = client.post(f"{address(desk)}/preview", data={**data, "for_whom": cast.employee.email}, follow_redirects=True)
    assert cast.head.name in preview.text, "the head of the person it is for decides"
    assert f'value="{cast.employee.name} · ' in preview.text
    answer = sent(client, desk, **{**data, **hidden(preview.text), "for_whom": cast.employee.email})
    assert answer.status_code == 303
    made = the_request()
    assert (made.requester_id, made.beneficiary_id, made.author_id) == (cast.agent.id, cast.employee.id, cast.agent.id)
    assert db.session.scalars(select(ApprovalSeat.person_id)).all() == [cast.head.id]
    for person in (cast.agent, cast.employee):
        sign_in(client, person)
        page = client.get(f"/requests/{made.reference}")
        assert page.status_code == 200
        assert cast.employee.name in page.text
        assert cast.agent.name in page.text
    sign_in(client, cast.colleague)
    assert client.get(f"/requests/{made.reference}").status_code == 404


def test_AP6_neither_of_both_is_asked_to_approve(client: FlaskClient, cast, desk):
    sign_in(client, cast.agent)
    assert sent(client, desk, **filled(client, desk, subject="A phone"), for_whom=cast.head.email).status_code == 303
    approval = db.session.scalars(select(Approval)).one()
    assert (approval.requester_id, approval.beneficiary_id) == (cast.agent.id, cast.head.id)
    assert cast.head.id not in db.session.scalars(select(ApprovalSeat.person_id)).all(), "it climbs, or is blocked"


def test_FO20_beneficiary_outside_the_audience_is_refused_with_a_sentence(client: FlaskClient, cast, desk):
    db.session.query(AudienceRow).delete()
    db.session.add(AudienceRow(service_id=desk.id, kind="person", person_id=cast.agent.id))
    db.session.commit()
    sign_in(client, cast.agent)
    answer = sent(client, desk, **filled(client, desk, subject="A phone", details="Black"), for_whom=cast.employee.email)
    assert answer.status_code == 422
    sentence = f"{cast.employee.name} cannot ask for this service, so nobody can ask for them."
    assert f'href="#field_for_whom">{sentence}' in answer.text
    assert 'value="A phone"' in answer.text
    assert "Black" in answer.text
    assert cast.employee.email in str(db.session.scalars(select(Draft)).one().content), "nothing is lost"
    assert db.session.scalar(select(Request.id)) is None
    own = sent(client, desk, **{**filled(client, desk, subject="A phone"), **hidden(answer.text)}, for_whom="")
    assert own.status_code == 303
    assert the_request().beneficiary_id == cast.agent.id


def test_who_is_no_agent_of_the_service_asks_for_nobody_else(client: FlaskClient, cast, desk):
    sign_in(client, cast.employee)
    data = filled(client, desk, subject="A phone")
    assert "Who is it for?" not in client.get(address(desk)).text
    answer = sent(client, desk, **data, for_whom=cast.agent.email)
    assert answer.status_code == 422
    assert "Only the agents of this department ask for somebody else." in answer.text
    assert db.session.scalar(select(Request.id)) is None


def test_agent_of_another_department_asks_for_nobody_else(client: FlaskClient, cast, desk):
    other = add_person("other@demo.example", "Olga Otero", cast.employee.department)
    grant(other, Role.AGENT, cast.employee.department)
    other.language = "en"
    db.session.commit()
    sign_in(client, other)
    assert sent(client, desk, **filled(client, desk, subject="A phone"), for_whom=cast.employee.email).status_code == 422


@pytest.mark.parametrize(("text", "says"), [("nobody@nowhere.example", "Nobody of this name"), ("Luis Prieto", "choose one")])
def test_name_that_means_nobody_or_several_is_asked(client: FlaskClient, cast, desk, text, says):
    for number in (1, 2):
        add_person(f"luis{number}@demo.example", "Luis Prieto", cast.employee.department)
    db.session.commit()
    sign_in(client, cast.agent)
    answer = sent(client, desk, **filled(client, desk, subject="A phone"), for_whom=text)
    assert answer.status_code == 422
    assert says in answer.text
    assert answer.text.count('name="for_whom"') == (1 if says.startswith("Nobody") else 3)


def test_conditions_ask_about_the_person_it_is_for(client: FlaskClient, cast):
    cast.agent.language = "en"
    theirs = make.field(
        "desk",
        "short_text",
        "Puesto",
        "Desk",
        condition={"op": "equals", "fact": "department", "value": cast.employee.department.slug},
    )
    form = {"sections": [{"key": "what", "fields": [*make.SIMPLE["sections"][0]["fields"], theirs]}], "title": ["subject"]}
    desk = make.service(cast.it, content=form)
    db.session.commit()
    sign_in(client, cast.agent)
    data = filled(client, desk, subject="A phone")
    assert "Desk" not in client.get(address(desk)).text
    page = client.post(f"{address(desk)}/preview", data={**data, "for_whom": cast.employee.email}, follow_redirects=True)
    assert 'name="f.desk"' in page.text
