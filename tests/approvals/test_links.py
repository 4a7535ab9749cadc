"""Decision links in mails: no scanner decides, the session says who acts, and the link keeps showing the result."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.approvals import actions, links
from portal.approvals.models import Approval, ApprovalDecision, ApprovalLink
from portal.core import clock
from portal.core.config import BadSetting
from portal.core.db import db
from portal.notifications import sending
from portal.notifications.models import Outbox
from portal.people.models import Person
from tests.approvals import papers
from tests.approvals.begun import begin, seat_of
from tests.approvals.conftest import NOW
from tests.approvals.papers import KIND, Paper
from tests.cast.people import Cast, away, build, sign_in

pytestmark = pytest.mark.usefixtures("today")
LINK = re.compile(r"http://localhost(/approvals/links/([\w-]+))")
ENGLISH = {"Accept-Language": "en"}


def link_in_mail(person: Person, message: str = "asked") -> str:
    """Send the mail and return the path of the link that it carries."""
    found = select(Outbox.id).where(Outbox.recipient_id == person.id, Outbox.message == f"approvals/{message}")
    row_id = db.session.scalars(found.order_by(Outbox.id.desc())).first()
    assert row_id is not None
    db.session.commit()
    more = sending.check(row_id)
    assert more is not None
    body = sending.word(row_id, more)[0].get_body(("plain",))
    assert body is not None
    text = LINK.search(str(body.get_content()).replace("=\n", ""))
    assert text is not None, body.get_content()
    return text.group(1)


def begun(cast: Cast, secret: str = "", **options: object) -> tuple[Paper, Approval, str]:
    """Begin an approval of a paper and return the link of the head's mail."""
    paper, approval = begin(cast, NOW, secret=secret, **options)
    return paper, approval, link_in_mail(cast.head)


@pytest.fixture
def let_links_decide(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company lets links decide up to 300 euros."""
    monkeypatch.setitem(app.config, links.LIMIT, "300.00 EUR")


def nonce_in(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found is not None, page
    return found.group(1)


def press(client: FlaskClient, path: str, outcome: str = "approved", reason: str = "", nonce: str | None = None):
    page = client.get(path, headers=ENGLISH).text if nonce is None else ""
    return client.post(path, data={"nonce": nonce or nonce_in(page), "outcome": outcome, "reason": reason}, headers=ENGLISH)


def count_decisions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ApprovalDecision)) or 0


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


# --- who acts --------------------------------------------------------------------------------------------------------


def test_without_a_setting_every_link_asks_for_a_sign_in(cast: Cast, app: Flask) -> None:
    _paper, approval, path = begun(cast)
    client = app.test_client()
    page = client.get(path, headers=ENGLISH).text
    assert "Sign in and decide" in page
    assert "desk lamp" not in page
    assert 'name="nonce"' not in page
    from portal.core import security

    with app.test_request_context():
        nonce = security.sign("approval link", security.digest(path.rpartition("/")[2]))
    answer = press(client, path, nonce=nonce)
    assert answer.location == f"/approvals/{approval.public_id}"
    assert "/sign-in" in client.get(answer.location).location
    assert count_decisions() == 0


@pytest.mark.usefixtures("let_links_decide")
def test_AP22_a_confidential_request_asks_for_a_sign_in_and_shows_nothing_before(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast, secret="hidden words")
    page = app.test_client().get(path, headers=ENGLISH).text
    assert "Sign in and decide" in page
    for hidden in ("hidden words", "desk lamp", "Lamp", cast.employee.name):
        assert hidden not in page
    signed_in = sign_in(app.test_client(), cast.head).get(path).text
    assert "desk lamp" in signed_in
    assert "hidden words" not in signed_in


@pytest.mark.usefixtures("let_links_decide")
@pytest.mark.parametrize(
    ("amount", "currency", "decides"),
    [(30000, "EUR", True), (30001, "EUR", False), (100, "CHF", False), (None, "", True)],
    ids=["exactly the limit", "a cent more", "another currency", "no amount"],
)
def test_the_limit_of_the_company(cast: Cast, app: Flask, amount: int | None, currency: str, decides: bool) -> None:
    _paper, _approval, path = begun(cast, amount=amount, currency=currency)
    page = app.test_client().get(path, headers=ENGLISH).text
    assert ('name="nonce"' in page) == decides
    assert ("Sign in and decide" in page) != decides


@pytest.mark.parametrize("text", ["300", "300,00 EUR", "lots"])
def test_a_limit_that_is_no_sum_stops_the_start(text: str) -> None:
    with pytest.raises(BadSetting):
        links.limit_of(text)


def test_AP23_somebody_else_is_refused_without_a_name_and_the_link_still_works(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    own = sign_in(app.test_client(), cast.head)
    nonce = nonce_in(own.get(path).text)
    other = sign_in(app.test_client(), cast.colleague)
    for answer in (other.get(path), press(other, path, nonce=nonce)):
        assert answer.status_code == 403
        for name in (cast.head.name, cast.employee.name, "Lamp"):
            assert name not in answer.text
    assert count_decisions() == 0
    assert press(own, path).status_code == 303
    assert count_decisions() == 1


def test_AP2_the_delegate_posts_five_minutes_after_the_delegation(cast: Cast, app: Flask) -> None:
    cast.delegate.language = "en"
    away(cast.head, cast.delegate, days=5, start=datetime(2026, 3, 8, 23, tzinfo=UTC))
    begin(cast, NOW)
    path = link_in_mail(cast.delegate)
    client = sign_in(app.test_client(), cast.delegate)
    nonce = nonce_in(client.get(path).text)
    with time_machine.travel(datetime(2026, 3, 13, 23, 5, tzinfo=UTC), tick=False):
        client = sign_in(app.test_client(), cast.delegate)
        answer = press(client, path, nonce=nonce)
    assert answer.status_code == 403
    assert "Saturday 14 March 00:00" in answer.text
    assert f"{cast.head.name} can decide" in answer.text
    assert count_decisions() == 0


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_AP14_after_the_text_changed_the_difference_is_shown_and_the_old_hash_refused(cast: Cast, app: Flask) -> None:
    paper, approval, path = begun(cast)
    client = sign_in(app.test_client(), cast.head)
    nonce = nonce_in(client.get(path).text)
    paper.text = "A golden lamp"
    db.session.flush()
    actions.content_changed(KIND, paper.id, cast.employee, NOW)
    answer = press(client, path, nonce=nonce)
    assert answer.status_code == 409
    for page in (answer.text, client.get(path, headers=ENGLISH).text):
        assert "A desk lamp" in page
        assert "A golden lamp" in page
        assert f'href="/approvals/{approval.public_id}"' in page
    assert count_decisions() == 0


def test_rule_28_after_the_decision_the_same_link_shows_the_result(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    client = sign_in(app.test_client(), cast.head)
    assert "desk lamp" in press(client, path, "rejected").text  # 422: no reason; the page is still there
    assert press(client, path, "rejected", "Not this year").status_code == 303
    for reader in (client, app.test_client()):
        answer = reader.get(path, headers=ENGLISH)
        assert answer.status_code == 200
        assert f"Already rejected by {cast.head.name}" in answer.text


def test_AP3_the_absent_person_decides_while_the_delegate_has_the_link_open(cast: Cast, app: Flask) -> None:
    away(cast.head, cast.delegate, start=NOW - timedelta(days=1))
    _paper, approval = begin(cast, NOW)
    path = link_in_mail(cast.delegate)
    client = sign_in(app.test_client(), cast.delegate)
    nonce = nonce_in(client.get(path).text)
    actions.decide(seat_of(approval, cast.head).id, cast.head, "approved", "", approval.content_hash, NOW)
    answer = press(client, path, nonce=nonce)
    assert answer.status_code == 409
    assert f"Already approved by {cast.head.name}" in answer.text
    assert count_decisions() == 1


def test_AP17_the_link_of_what_was_withdrawn_says_so(cast: Cast, app: Flask) -> None:
    paper, _approval, path = begun(cast)
    actions.end(KIND, paper.id, "", NOW)
    assert "withdrawn at" in app.test_client().get(path, headers=ENGLISH).text


def test_after_14_days_the_link_says_until_when_it_worked(cast: Cast, app: Flask) -> None:
    _paper, _approval, path = begun(cast)
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        client = sign_in(app.test_client(), cast.head)
        assert "This link worked until" in client.get(path, headers=ENGLISH).text
    assert count_decisions() == 0


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
