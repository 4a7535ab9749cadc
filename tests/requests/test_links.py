"""Requests that have to do with each other, and asking again (requests.md 4 and 11)."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from portal.requests.models import Request, RequestLink
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory


def test_agents_link_requests_that_they_work_on(app, cast: Cast, help_desk, open_request):
    other = factory.send(help_desk, cast.employee2, title="The network is down")
    client = sign_in(app.test_client(), cast.agent)
    there = f"/requests/{open_request.reference}/links"
    assert client.get(there).status_code == 200
    for _ in range(2):
        data = token_of(client) | {"reference": other.reference.lower().removeprefix("ven-"), "kind": "caused_by"}
        assert client.post(there, data=data).status_code == 303
    assert len(db.session.scalars(select(RequestLink)).all()) == 1
    page = client.get(f"/requests/{open_request.reference}").text
    assert "The network is down" in page
    assert "es la causa de esta" in page
    assert "viene de esta" in client.get(f"/requests/{other.reference}").text


def test_each_reader_sees_the_linked_requests_that_are_theirs(app, cast: Cast, help_desk, open_request):
    other = factory.send(help_desk, cast.employee2, title="SECRETWORD")
    actions.link(open_request, other, "related", cast.agent, clock.now())
    page = sign_in(app.test_client(), cast.employee).get(f"/requests/{open_request.reference}").text
    assert "SECRETWORD" not in page
    assert other.reference not in page


def test_an_unknown_and_a_foreign_reference_get_the_same_answer(app, cast: Cast, open_request):
    foreign = factory.send(factory.service(cast.finance, slug="money"), cast.employee2)
    client, answers = sign_in(app.test_client(), cast.agent), []
    for reference in (foreign.reference, "VEN-000000000"):
        data = token_of(client) | {"reference": reference, "kind": "related"}
        answer = client.post(f"/requests/{open_request.reference}/links", data=data)
        answers.append(answer.text.split('id="error_summary"')[1].split("</ul>")[0])
        assert answer.status_code == 422
    assert answers[0] == answers[1]


def test_only_agents_link(app, cast: Cast, open_request):
    client = sign_in(app.test_client(), cast.employee)
    data = token_of(client) | {"reference": "VEN-1", "kind": "related"}
    assert client.post(f"/requests/{open_request.reference}/links", data=data).status_code == 403


def test_what_is_asked_again_is_linked_to_what_was_closed(app, cast: Cast, open_request):
    actions.withdraw(open_request, cast.employee, "", clock.now())
    client = sign_in(app.test_client(), cast.employee)
    page = client.get(f"/requests/{open_request.reference}").text
    assert "Pedirla de nuevo" in page
    form = client.get(f"/catalogue/it/help/request?follows={open_request.reference}&new=1")
    key = form.text.split('name="send_key" value="')[1].split('"')[0]
    data = token_of(client) | {"send_key": key, "on_page": ["subject", "details"], "f.subject": "A monitor, please", "go": "send"}
    answer = client.post("/catalogue/it/help/request", data=data | sending_fields(form.text))
    assert answer.status_code == 303, answer.text
    again = db.session.scalars(select(Request).where(Request.id != open_request.id)).one()
    link = db.session.scalars(select(RequestLink)).one()
    assert (link.from_id, link.to_id, link.kind) == (again.id, open_request.id, "follow_up_of")
    assert "se pidió antes" in client.get(f"/requests/{again.reference}").text


def sending_fields(page: str) -> dict[str, str]:
    """Return the other hidden values of the form, as a browser posts them."""
    found = {}
    for tag in page.split("<input ")[1:]:
        tag = tag.split(">")[0]
        if 'type="hidden"' in tag and 'name="' in tag:
            name = tag.split('name="')[1].split('"')[0]
            if name not in {"csrf_token", "send_key", "on_page"}:
                found[name] = tag.split('value="')[1].split('"')[0] if 'value="' in tag else ""
    return found


def test_the_reference_of_somebody_else_follows_nothing(app, cast: Cast, open_request):
    actions.withdraw(open_request, cast.employee, "", clock.now())
    client = sign_in(app.test_client(), cast.colleague)
    form = client.get(f"/catalogue/it/help/request?follows={open_request.reference}&new=1")
    assert form.status_code == 200
    assert open_request.reference not in form.text
