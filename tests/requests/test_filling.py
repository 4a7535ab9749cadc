"""Filling in a form: nothing typed is lost, and one intention is one request (forms.md 11 to 20)."""

import io
import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from portal.accounts.models import Session
from portal.attachments.queries import files_of
from portal.catalogue.models import AudienceRow, Draft, FormVersion, Service
from portal.core.db import db
from portal.requests.models import Request, RequestAnswers
from tests.cast import people
from tests.cast.people import PASSWORD, sign_in
from tests.factories import catalogue as make
from tests.racing import ROUNDS, race

HX = {"HX-Request": "true", "HX-Target": "div#questions", "HX-Request-Type": "partial"}
PDF = b"%PDF-1.7 a sheet"
SUBJECT, DETAILS = make.SIMPLE["sections"][0]["fields"]


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"key": "what", "fields": [SUBJECT, DETAILS, *fields]}], "title": ["subject"]}


WITH_FILE = form(make.field("sheet", "file", "Ficha", "Sheet", rules={"files": 2}))
CONDITIONAL = form(
    make.field("wants_phone", "yes_no", "¿Con teléfono?", "With a phone?"),
    make.field(
        "number", "short_text", "Número", "Number", required=True,
        condition={"op": "equals", "question": "wants_phone", "value": True},
    ),
)  # fmt: skip


@pytest.fixture
def service(cast) -> Service:
    made = make.service(cast.it, content=make.SIMPLE)
    db.session.commit()
    return made


def address(service: Service) -> str:
    return f"/catalogue/{service.department.slug}/{service.slug}/request"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page, as a browser would post them."""
    form = page[page.index('id="request_form"') :]
    return dict(re.findall(r'<input type="hidden" name="(csrf_token|send_key|version|revision)" value="([^"]*)"', form))


def filled(client: FlaskClient, service: Service, **texts: Any) -> dict[str, Any]:
    page = client.get(address(service))
    assert page.status_code == 200
    return {**hidden(page.text), "on_page": list(texts), **{f"f.{key}": text for key, text in texts.items()}}


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def sent(client: FlaskClient, service: Service, **data: Any) -> Any:
    return client.post(address(service), data={**data, "go": "send"})


def test_form_shows_who_decides_before_it_is_sent(client, cast):
    service = make.service(cast.it, content=make.SIMPLE, stages=({"rule": "requester_head"},))
    sign_in(client, cast.employee)
    page = client.get(address(service))
    assert cast.head.name in page.text
    assert page.text.index(cast.head.name) < page.text.index('value="send"')


def test_sending_makes_the_request_and_leads_to_it(client, cast, service):
    sign_in(client, cast.employee)
    answer = sent(client, service, **filled(client, service, subject="Un portátil"))
    request = db.session.scalar(select(Request))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/requests/{request.reference}")
    assert (request.title, request.requester_id) == (f"{service.name['es']}: Un portátil", cast.employee.id)
    assert db.session.scalar(select(Draft)).sent_at is not None


def test_wrong_method_is_refused(client, cast, service):
    sign_in(client, cast.employee)
    assert client.put(address(service)).status_code == 405


def test_FO7_outsider_gets_404_everywhere(client, cast, service):
    db.session.execute(delete(AudienceRow))
    db.session.add(AudienceRow(service_id=service.id, kind="person", person_id=cast.employee2.id))
    sign_in(client, cast.employee)
    unknown = client.get("/catalogue/it/nothing/request")
    for answer in (client.get(address(service)), client.get(address(service), headers=HX)):
        assert answer.status_code == 404
    assert client.get(address(service)).data == unknown.data
    token = re.search(r'name="csrf_token" value="(\w+)"', client.get("/").text)[1]
    assert client.post(address(service), data={"csrf_token": token, "go": "send"}).status_code == 404


def test_FO3_double_click_and_reload_lead_to_one_request(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    first, second = sent(client, service, **data), sent(client, service, **data)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert count(Request) == 1


def test_RE10_back_button_with_other_content_sends_nothing_and_offers_a_new_request(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    sent(client, service, **data)
    again = sent(client, service, **{**data, "f.subject": "Dos portátiles"})
    assert again.status_code == 409
    assert "Dos portátiles" in again.text
    assert count(Request) == 1
    fresh = hidden(again.text)
    assert sent(client, service, **{**data, **fresh, "f.subject": "Dos portátiles"}).status_code == 303
    assert count(Request) == 2


def test_FO4_invalid_form_keeps_values_and_files(client, cast):
    service = make.service(cast.it, content=WITH_FILE)
    sign_in(client, cast.employee)
    data = filled(client, service, details="Con teclado español")
    answer = sent(client, service, **data, **{"file.sheet": (io.BytesIO(PDF), "ficha.pdf")})
    assert answer.status_code == 422
    assert 'id="error_summary"' in answer.text
    assert 'href="#field_subject"' in answer.text
    assert "Con teclado español" in answer.text
    assert "ficha.pdf" in answer.text
    ready = {**data, **hidden(answer.text), "on_page": ["subject"], "f.subject": "Un portátil"}
    assert sent(client, service, **ready).status_code == 303
    request = db.session.scalar(select(Request))
    assert [link.file.name for link in files_of("request", request.id, False, ("sheet",))] == ["ficha.pdf"]


def test_FO17_disguised_program_is_refused_by_name_and_the_rest_stays(client, cast):
    service = make.service(cast.it, content=WITH_FILE)
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    answer = sent(client, service, **data, **{"file.sheet": (io.BytesIO(b"MZ program"), "factura.pdf")})
    assert answer.status_code == 422
    assert "factura.pdf" in answer.text
    assert "Un portátil" in answer.text


def test_preview_stores_and_answers_with_the_questions_only(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portá")
    plain = client.post(f"{address(service)}/preview", data=data)
    assert plain.status_code == 303
    fragment = client.get(plain.location, headers=HX)
    assert "<html" not in fragment.text
    assert 'id="questions"' in fragment.text
    assert "Un portá" in fragment.text
    assert 'hx-target="#before_sending"' in fragment.text
    whole = client.get(plain.location)
    assert "<html" in whole.text
    assert count(Draft) == 1


def test_opening_the_form_again_continues_the_draft(client, cast, service):
    sign_in(client, cast.employee)
    client.post(f"{address(service)}/preview", data=filled(client, service, subject="A medias"))
    assert "A medias" in client.get(address(service)).text
    assert "A medias" not in client.get(f"{address(service)}?new=1").text


def test_FO14_draft_wins_over_a_link_that_prefills(client, cast, service):
    sign_in(client, cast.employee)
    assert "Del enlace" in client.get(f"{address(service)}?f.subject=Del enlace").text
    client.post(f"{address(service)}/preview", data=filled(client, service, subject="A medias"))
    page = client.get(f"{address(service)}?f.subject=Del enlace").text
    assert "A medias" in page
    assert "Del enlace" not in page


def test_R28_second_device_gets_both_texts(client, cast, service):
    sign_in(client, cast.employee)
    client.post(f"{address(service)}/preview", data=filled(client, service, subject="Primera"))
    old = filled(client, service, subject="En casa")
    client.post(f"{address(service)}/preview", data={**old, "f.subject": "En la oficina"})
    answer = client.post(address(service), data={**old, "go": "save"})
    assert answer.status_code == 409
    assert "En casa" in answer.text
    assert "En la oficina" in answer.text
    mine = client.post(address(service), data={**old, **hidden(answer.text), "go": "save"})
    assert mine.status_code == 303
    assert "En casa" in client.get(address(service)).text


@pytest.mark.parametrize("button", ["send", "save"])
def test_FO3_R28_a_page_is_no_other_device_to_its_own_preview_that_was_under_way(client, cast, service, button):
    sign_in(client, cast.employee)
    page = filled(client, service, subject="Un por")
    page["page"] = re.search(r'name="page" value="([^"]+)"', client.get(address(service)).text)[1]
    client.post(f"{address(service)}/preview", data=page)
    pressed = {**page, "f.subject": "Un portátil"}
    assert client.post(address(service), data={**pressed, "go": button}).status_code == 303
    late = client.post(f"{address(service)}/preview", data={**page, "f.subject": "Un portát"})
    assert late.status_code == 409
    assert db.session.scalars(select(Draft)).one().content["texts"]["subject"] == ["Un portátil"]


def test_R28_another_page_of_the_same_draft_is_told_apart(client, cast, service):
    sign_in(client, cast.employee)
    page = filled(client, service, subject="En casa") | {"page": "one"}
    client.post(f"{address(service)}/preview", data={**page, "f.subject": "En la oficina", "page": "other"})
    assert client.post(address(service), data={**page, "go": "send"}).status_code == 409
    assert count(Request) == 0


def end_sessions() -> None:
    db.session.execute(delete(Session))


def sign_in_at(client: FlaskClient, location: str, email: str) -> Any:
    page = client.get(location).text
    target = re.search(r'id="next" name="next" type="hidden" value="([^"]*)"', page)[1]
    return client.post("/sign-in", data={"name": email, "password": PASSWORD, "next": target})


def test_FO1_R20_session_ends_and_the_same_person_signs_in_again(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    end_sessions()
    asked = sent(client, service, **data)
    assert (asked.status_code, asked.location.startswith("/sign-in")) == (303, True)
    assert count(Request) == 0
    back = sign_in_at(client, asked.location, cast.employee.email)
    assert back.status_code == 303
    landed = client.get(back.location)
    request = db.session.scalar(select(Request))
    assert landed.location.endswith(f"/requests/{request.reference}")
    assert request.title.endswith(": Un portátil")
    assert count(Request) == 1


def test_FO1_incomplete_form_is_not_sent_by_signing_in(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, details="Solo detalles")
    end_sessions()
    asked = sent(client, service, **data)
    back = sign_in_at(client, asked.location, cast.employee.email)
    page = client.get(back.location, follow_redirects=True)
    assert "Solo detalles" in page.text
    assert 'id="error_summary"' in page.text
    assert count(Request) == 0


def test_FO2_R20_another_person_signs_in_and_sees_nothing(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Mi secreto")
    end_sessions()
    asked = sent(client, service, **data)
    back = sign_in_at(client, asked.location, cast.employee2.email)
    page = client.get(back.location, follow_redirects=True)
    assert "Mi secreto" not in page.text
    assert count(Request) == 0
    draft = db.session.scalar(select(Draft))
    assert (draft.person_id, draft.sent_at) == (cast.employee.id, None)


def test_key_of_another_person_does_nothing(client, cast, service):
    sign_in(client, cast.employee)
    theirs = filled(client, service, subject="Mío")
    other = client.application.test_client()
    sign_in(other, cast.employee2)
    mine = filled(other, service, subject="Suyo")
    answer = sent(other, service, **{**mine, "send_key": theirs["send_key"]})
    assert answer.status_code == 404
    assert count(Draft) == count(Request) == 0


@pytest.mark.parametrize("key", ["", "nonsense", "WyJhIl0.x.y"])
def test_form_without_a_key_of_ours_comes_back_with_everything(client, cast, service, key):
    sign_in(client, cast.employee)
    answer = sent(client, service, **{**filled(client, service, subject="Un portátil"), "send_key": key})
    assert answer.status_code == 422
    assert "Un portátil" in answer.text
    assert sent(client, service, **{**filled(client, service, subject="x"), **hidden(answer.text)}).status_code == 303


def test_FO6_withdrawn_service_keeps_the_text_and_refuses_to_send(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    client.post(f"{address(service)}/preview", data=data)
    db.session.execute(update(Service).values(state="withdrawn"))
    page = client.get(address(service))
    assert "Un portátil" in page.text
    answer = sent(client, service, **{**data, **hidden(page.text)})
    assert answer.status_code == 409
    assert "Un portátil" in answer.text
    assert count(Request) == 0


def test_question_that_is_hidden_is_not_sent_but_kept(client, cast):
    """FO5."""
    service = make.service(cast.it, content=CONDITIONAL)
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un móvil", wants_phone="no", number="600 123 123")
    assert sent(client, service, **data).status_code == 303
    answers = db.session.scalar(select(RequestAnswers))
    assert "number" not in {answer["key"] for answer in answers.content}
    assert db.session.scalar(select(Draft)).content["texts"]["number"] == ["600 123 123"]


def test_FO3_FO6_options_follow_the_earlier_answer_and_another_one_is_refused(client, cast):
    bilbao = {"condition": {"op": "equals", "question": "site", "value": "north"}}
    asked = form(
        make.field("site", "one_of", "Sede", "Site", options=[make.option(key, key, key) for key in ("north", "south")]),
        make.field(
            "desk", "one_of", "Mesa", "Desk", required=True,
            options=[make.option("a", "Mesa A", "Desk A", **bilbao), make.option("b", "Mesa B", "Desk B")],
        ),
    )  # fmt: skip
    service = make.service(cast.it, content=asked)
    db.session.commit()
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Silla", details="Para mí", site="south")
    data["on_page"] += ["desk"]
    south = client.get(client.post(address(service), data={**data, "go": "update"}).location)
    assert "Mesa A" not in south.text
    assert "Mesa B" in south.text
    data |= hidden(south.text) | {"f.site": "north"}
    fragment = client.get(client.post(f"{address(service)}/preview", data=data).location, headers=HX)
    assert "Mesa A" in fragment.text
    data |= dict(re.findall(r'name="(revision)" value="([^"]*)"', fragment.text)) | {"f.desk": "a"}
    refused = sent(client, service, **data | {"f.site": "south"})
    assert refused.status_code == 422
    assert "Mesa B" in refused.text
    assert sent(client, service, **data | hidden(refused.text)).status_code == 303
    assert count(Request) == 1


def test_new_version_comes_back_with_the_change_and_asks_for_confirmation(client, cast, service):
    sign_in(client, cast.employee)
    data = filled(client, service, subject="Un portátil")
    db.session.execute(update(FormVersion).values(state="superseded"))
    make.version(service, WITH_FILE, number=2)
    answer = sent(client, service, **data)
    assert answer.status_code == 422
    assert 'name="confirmed"' in answer.text
    assert count(Request) == 0
    again = {**data, **hidden(answer.text), "changed": "1"}
    assert sent(client, service, **again).status_code == 422
    assert sent(client, service, **again, confirmed="1").status_code == 303


def test_drafts_are_listed_and_can_be_discarded(client, cast, service):
    sign_in(client, cast.employee)
    client.post(f"{address(service)}/preview", data=filled(client, service, subject="A medias"))
    page = client.get("/requests/drafts").text
    assert address(service) in page
    draft = db.session.scalar(select(Draft))
    other = client.application.test_client()
    sign_in(other, cast.employee2)
    token = re.search(r'name="csrf_token" value="(\w+)"', other.get("/requests/drafts").text)[1]
    assert other.post(f"/requests/drafts/{draft.public_id}/removal", data={"csrf_token": token}).status_code == 404
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    assert client.post(f"/requests/drafts/{draft.public_id}/removal", data={"csrf_token": token}).status_code == 303
    assert count(Draft) == 0


@race
def test_R12_twenty_parallel_sends_make_one_request(real_app: Flask):
    with real_app.app_context():
        company = people.build()
        service = make.service(company.it, content=make.SIMPLE)
        db.session.commit()
        path, person = address(service), company.employee
        first = sign_in(real_app.test_client(), person)
        clients = [sign_in(real_app.test_client(), person) for _ in range(8)]
        db.session.commit()
    tokens = [re.search(r'name="csrf_token" value="(\w+)"', client.get(path).text)[1] for client in clients]
    for number in range(ROUNDS):
        barrier, answers = threading.Barrier(len(clients)), []
        data = {**hidden(first.get(f"{path}?new=1").text), "on_page": "subject", "f.subject": "Un portátil", "go": "send"}

        def press(client: FlaskClient, token: str) -> None:
            barrier.wait()  # noqa: B023
            answers.append(client.post(path, data={**data, "csrf_token": token}))  # noqa: B023

        threads = [threading.Thread(target=press, args=pair) for pair in zip(clients, tokens, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        with real_app.app_context():
            assert count(Request) == number + 1
