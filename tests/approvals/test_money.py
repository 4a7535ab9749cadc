"""Who decides what costs money signs in with a second factor (AP-27, SE-15)."""

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.accounts.models import TotpSecret
from portal.approvals import actions
from portal.approvals.models import Approval
from portal.core.db import db
from portal.core.errors import Refused
from tests.approvals.begun import approve, begin, seat_of
from tests.approvals.conftest import NOW
from tests.approvals.linked import begun, count_decisions, nonce_in, press
from tests.cast.people import Cast, sign_in, token_of

pytestmark = pytest.mark.usefixtures("today")


def button(approval: Approval, cast: Cast) -> str:
    return f"{seat_of(approval, cast.head).public_id}.{approval.content_hash}"


def enrol(cast: Cast) -> None:
    db.session.add(TotpSecret(person_id=cast.head.id, secret="A" * 32, last_step=0, confirmed_at=NOW))
    db.session.commit()


def test_SE15_without_it_the_page_says_so_and_nothing_is_decided_alone_or_in_a_batch(app: Flask, cast: Cast) -> None:
    _paper, approval = begin(cast, NOW, amount=100, currency="EUR")
    db.session.commit()
    client = sign_in(app.test_client(), cast.head)
    page = f"/approvals/{approval.public_id}"
    shown = client.get(page).text
    assert 'href="/account"' in shown.partition("<main")[2]
    assert 'value="approved"' not in shown, "no button that would be refused"
    one = client.post(f"{page}/decision", data=token_of(client) | {"approve": button(approval, cast)})
    assert (one.status_code, 'href="/account"' in one.text) == (403, True)
    several = client.post("/approvals/decisions", data=token_of(client) | {"seat": button(approval, cast), "outcome": "approved"})
    assert several.status_code == 403
    assert count_decisions() == 0
    enrol(cast)
    assert 'href="/account"' not in client.get(page).text.partition("<main")[2]
    assert client.post(f"{page}/decision", data=token_of(client) | {"approve": button(approval, cast)}).status_code == 303
    assert count_decisions() == 1


@pytest.mark.parametrize(("amount", "env"), [(None, "test"), (0, "test"), (100, "demo")], ids=["no sum", "nothing", "demo"])
def test_SE15_what_costs_nothing_needs_none_nor_does_the_demo(app: Flask, cast: Cast, monkeypatch, amount, env) -> None:
    monkeypatch.setitem(app.config, "PORTAL_ENV", env)
    _paper, approval = begin(cast, NOW, amount=amount, currency="EUR" if amount is not None else "")
    db.session.commit()
    client = sign_in(app.test_client(), cast.head)
    answer = client.post(f"/approvals/{approval.public_id}/decision", data=token_of(client) | {"approve": button(approval, cast)})
    assert answer.status_code == 303


@pytest.mark.usefixtures("let_links_decide")
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "signed out"])
def test_AP27_a_link_decides_small_sums_only_for_who_has_a_factor(app: Flask, cast: Cast, signed_in: bool) -> None:
    _paper, _approval, path = begun(cast, amount=100, currency="EUR")
    client = sign_in(app.test_client(), cast.head) if signed_in else app.test_client()
    nonce = nonce_in(client.get(path).text)
    assert press(client, path, nonce=nonce).status_code == 403
    assert count_decisions() == 0
    enrol(cast)
    assert press(client, path, nonce=nonce).status_code == 303
    assert count_decisions() == 1
    db.session.execute(delete(TotpSecret))
    db.session.commit()
    assert press(client, path, nonce=nonce).status_code == 303, "what was decided is shown (AP-28)"


def test_PE6_the_decision_itself_asks_for_the_factor_whatever_a_page_said_before(cast: Cast) -> None:
    _paper, approval = begin(cast, NOW, amount=100, currency="EUR")
    with pytest.raises(Refused):
        approve(approval, cast.head, NOW)
    choice = actions.Choice(seat_of(approval, cast.head).id, approval.content_hash)
    assert [bool(done.refused) for done in actions.decide_many([choice], cast.head, "approved", "", NOW)] == [True]
