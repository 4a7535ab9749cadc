"""R20: the session table is lost while people work; everybody signs in again, and nobody reads what is not theirs."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.accounts.models import Session
from portal.attachments.queries import files_of
from portal.conversations import actions as spoken
from portal.conversations.models import Comment, CommentDraft
from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from tests.architecture.test_edges import addresses
from tests.cast.people import PASSWORD, Cast, sign_in
from tests.factories import requests as factory

pytestmark = pytest.mark.sqlite_only


def lose_sessions() -> None:
    db.session.execute(delete(Session))
    db.session.commit()


def test_R20_without_sessions_every_page_asks_to_sign_in_and_shows_nothing(app: Flask, cast: Cast, client) -> None:
    sign_in(client, cast.employee)
    assert cast.employee.name in client.get("/").text
    lose_sessions()
    asked = addresses(app, "GET", "signed_in")
    assert len(asked) > 50
    for address in asked:
        answer = client.get(address)
        assert (answer.status_code, answer.location.startswith("/sign-in")) == (303, True), address
        assert cast.employee.name not in answer.text
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0


def hidden_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|send_key|last|kept)"(?: type="hidden")? value="([^"]*)"', page))


def sign_in_again(client, location: str, email: str):
    target = re.search(r'name="next" type="hidden" value="([^"]*)"', client.get(location).text)[1]
    answer = client.post("/sign-in", data={"name": email, "password": PASSWORD, "next": target})
    return client.get(answer.location, follow_redirects=True).text


@pytest.fixture
def taken(cast: Cast):
    request = factory.send(factory.service(cast.it), cast.employee)
    actions.take(request, cast.agent, clock.now())
    db.session.commit()
    return request


def post_without_session(client, request, person, step: str = "comments", **more):
    sign_in(client, person)
    page = f"/requests/{request.reference}"
    fields = hidden_on(client.get(page).text)
    lose_sessions()
    asked = client.post(f"{page}/{step}", data={**fields, "text": "Written for an hour.", "audience": "public", **more})
    assert (asked.status_code, asked.location.startswith("/sign-in")) == (303, True)
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    return asked.location


@pytest.mark.parametrize("step", ["comments", "question", "solution"])
def test_R20_words_under_a_request_wait_for_their_author(cast: Cast, client, taken, step: str) -> None:
    location = post_without_session(client, taken, cast.agent, step, file=(io.BytesIO(b"%PDF-1.4"), "plan.pdf"))
    back = sign_in_again(client, location, cast.agent.email)
    assert "Written for an hour." in back
    assert "plan.pdf está adjunto." in back
    page = f"/requests/{taken.reference}"
    fields = hidden_on(back) | {"text": "Written for an hour.", "audience": "public"}
    assert client.post(f"{page}/comments", data=fields).status_code == 303
    assert [link.file.name for link in files_of("request", taken.id, True)] == ["plan.pdf"]
    assert "Written for an hour." not in client.get(f"{page}?draft=1").text.partition("<textarea")[2].partition("</textarea")[0]


def test_R20_another_person_who_signs_in_reads_none_of_it(cast: Cast, client, taken) -> None:
    location = post_without_session(client, taken, cast.agent)
    assert "Written for an hour." not in sign_in_again(client, location, cast.agent2.email)


def test_R20_words_without_a_key_of_ours_are_kept_for_nobody(cast: Cast, client, taken) -> None:
    post_without_session(client, taken, cast.agent, send_key="made up")
    assert db.session.scalar(select(func.count()).select_from(CommentDraft)) == 0


def test_drafts_of_comments_are_forgotten_after_ninety_days(cast: Cast, client, taken) -> None:
    post_without_session(client, taken, cast.agent)
    spoken.forget_drafts(clock.now() + timedelta(days=89))
    assert db.session.scalar(select(func.count()).select_from(CommentDraft)) == 1
    spoken.forget_drafts(clock.now() + timedelta(days=91))
    assert db.session.scalar(select(func.count()).select_from(CommentDraft)) == 0
