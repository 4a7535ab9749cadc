"""Who acts by a decision link, and what it shows when it decides no more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.approvals import actions, links
from portal.core.config import BadSetting
from portal.core.db import db
from tests.approvals.begun import begin, seat_of
from tests.approvals.conftest import NOW
from tests.approvals.linked import ENGLISH, begun, count_decisions, link_in_mail, nonce_in, press
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away, sign_in

pytestmark = pytest.mark.usefixtures("today")


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
