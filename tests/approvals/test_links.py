"""Decision links in mails: made when the mail is sent, and no scanner decides by one."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from portal.approvals import actions, links
from portal.approvals.models import ApprovalDecision, ApprovalLink
from portal.core import clock
from portal.core.db import db
from portal.notifications import sending
from portal.notifications.models import Outbox
from tests.approvals import papers
from tests.approvals.begun import begin, seat_of
from tests.approvals.conftest import NOW
from tests.approvals.linked import begun, count_decisions, link_in_mail, nonce_in, press
from tests.cast.people import Cast, away, build

pytestmark = pytest.mark.usefixtures("today")


# --- the mail --------------------------------------------------------------------------------------------------------


def test_SE57_the_token_has_128_bits_and_only_its_digest_is_kept(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    token = path.rpartition("/")[2]
    assert len(token) >= 22  # 128 bits in letters of six bits
    stored = [str(value) for row in db.session.execute(select(ApprovalLink.__table__)) for value in row]
    stored += [str(value) for row in db.session.execute(select(Outbox.__table__)) for value in row]
    assert not any(token in value for value in stored)


def test_the_link_is_made_when_the_mail_is_sent_and_for_its_reader_only(cast: Cast, app: Flask) -> None:
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    begin(cast, NOW)
    db.session.commit()
    assert db.session.scalars(select(ApprovalLink)).all() == []
    assert link_in_mail(cast.head) != link_in_mail(cast.delegate)
    assert {link.person_id for link in db.session.scalars(select(ApprovalLink))} == {cast.head.id, cast.delegate.id}


def test_a_mail_about_what_is_decided_meanwhile_carries_no_link(cast: Cast, app: Flask) -> None:
    _paper, approval = begin(cast, NOW)
    row_id = db.session.scalars(select(Outbox.id).where(Outbox.message == "approvals/asked")).one()
    actions.decide(seat_of(approval, cast.head).id, cast.head, "approved", "", approval.content_hash, NOW)
    db.session.commit()
    assert sending.check(row_id) == {}


def test_the_reminder_carries_a_link_too(cast: Cast, app: Flask) -> None:
    begin(cast, NOW)
    actions.remind_due(NOW + timedelta(hours=8), lambda department_id, start, end: end - start)
    assert link_in_mail(cast.head, "reminder")


# --- scanners --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("let_links_decide")
def test_AP13_a_scanner_opens_the_link_ten_times_and_nothing_is_decided(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    scanner = app.test_client()
    for _round in range(10):
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
    assert count_decisions() == 0
    assert press(app.test_client(), path).status_code == 303
    assert count_decisions() == 1


@pytest.mark.usefixtures("let_links_decide")
def test_AP13_a_post_without_the_nonce_of_this_link_is_a_bad_request(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    other = link_in_mail(cast.head)
    client = app.test_client()
    for nonce in ("", "made up", nonce_in(client.get(other).text)):
        assert client.post(path, data={"nonce": nonce, "outcome": "approved"}).status_code == 400
    assert count_decisions() == 0


@pytest.mark.usefixtures("let_links_decide")
def test_AP13_two_posts_make_one_decision_and_the_second_shows_the_result(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    client = app.test_client()
    nonce = nonce_in(client.get(path).text)
    for _time in range(2):
        answer = press(client, path, nonce=nonce)
        assert (answer.status_code, answer.location) == (303, path)
    assert count_decisions() == 1
    decision = db.session.scalars(select(ApprovalDecision)).one()
    assert (decision.channel, decision.acted_by_id, decision.outcome) == ("mail", cast.head.id, "approved")


def test_the_address_is_told_to_no_page_and_kept_in_no_cache(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    for answer in (app.test_client().get(path), app.test_client().post(path, data={}), app.test_client().get(path + "x")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("let_links_decide")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "https://elsewhere.example"}, 400),
    ],
    ids=["as a browser hides the address of this page", "hidden by another site", "hidden by nobody knows whom", "another site"],
)
def test_SE33_only_the_own_page_decides(cast: Cast, app: Flask, headers: dict[str, str], status: int) -> None:
    _paper, _approval, path = begun(cast)
    client = app.test_client()
    data = {"nonce": nonce_in(client.get(path).text), "outcome": "approved"}
    assert client.post(path, data=data, headers=headers).status_code == status


def test_a_link_that_nobody_made_leads_nowhere(app: Flask) -> None:
    assert app.test_client().get("/approvals/links/zzzzzzzzzzzz").status_code == 404
    assert app.test_client().post("/approvals/links/zzzzzzzzzzzz", data={"nonce": "x"}).status_code == 404


# --- both at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("_round", range(3))
def test_AP13_two_posts_at_the_same_moment_make_one_decision(real_app: Flask, _round: int) -> None:
    real_app.config[links.LIMIT] = "300.00 EUR"
    try:
        with real_app.app_context():
            papers.install()
            cast = build()
            begin(cast, clock.now(), secret="")
            path = link_in_mail(cast.head)
        nonce, ready, answers = nonce_in(real_app.test_client().get(path).text), Barrier(2), []

        def post() -> None:
            ready.wait()
            answers.append(real_app.test_client().post(path, data={"nonce": nonce, "outcome": "approved"}).status_code)

        threads = [Thread(target=post) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with real_app.app_context():
            assert count_decisions() == 1
        assert 303 in answers
        assert set(answers) <= {303, 409}
    finally:
        real_app.config[links.LIMIT] = ""
        with real_app.app_context():
            papers.remove()
