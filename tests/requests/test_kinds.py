"""The contract that every kind of request meets; a new kind is tested by being registered (architecture.md)."""

from functools import cache
from typing import Any

import pytest

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.catalogue.formkit.answers import Filled, Typed, ask, fill
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.reading import title_of, to_store
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.models import Service
from portal.catalogue.queries import context_of, published_version
from portal.core import clock
from portal.core.db import db
from portal.notifications.models import Outbox
from portal.requests import actions
from portal.requests.kinds.registry import Kind, all_kinds, kind_of
from portal.requests.models import Request, State
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue


@cache
def keys() -> list[str]:
    """Return the keys of all kinds that the features of the portal register."""
    from pathlib import Path

    from tests.conftest import build

    build("sqlite://", Path())
    return [kind.key for kind in all_kinds()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "key" in metafunc.fixturenames:
        metafunc.parametrize("key", keys())


@pytest.fixture
def kind(app, key: str) -> Kind:
    return kind_of(key)


def offered(kind: Kind, cast: Cast, *stages: dict[str, Any]) -> Service:
    """Return a service of the kind, with its own form."""
    return catalogue.service(cast.it, f"of-{kind.key.replace('_', '-')}", dict(kind.form()), stages=stages, kind=kind.key)


def filled(kind: Kind, cast: Cast) -> Filled:
    """Return the kind's form with its example, as a person would type it."""
    form, context = load_form(kind.form()), context_of(cast.employee, clock.now())
    values = {name: type_of(form.by_key[name].type).from_json(value) for name, value in kind.example().items()}
    texts = {
        name: type_of(form.by_key[name].type).write(ask(form, form.by_key[name], values, context), value)
        for name, value in values.items()
    }
    return fill(form, Typed(context.language, texts), context)


def sent(kind: Kind, cast: Cast, *stages: dict[str, Any]) -> Request:
    service = offered(kind, cast, *stages)
    version = published_version(service.id)
    assert version is not None
    answers = filled(kind, cast)
    title = title_of(answers.form, {each.key: each for each in to_store(answers)}, "es")
    sending = actions.Sending(
        service=service,
        form_version=version,
        requester=cast.employee,
        send_key="one-key",
        title=title,
        answers=to_store(answers),
    )
    return actions.send(sending, cast.employee, clock.now()).request


def test_kind_has_a_key_a_title_and_a_form_that_asks_what_it_needs(kind):
    form = load_form(kind.form())
    assert kind.key
    assert str(kind.title)
    assert {name: form.by_key[name].type for name in kind.required_fields} == dict(kind.required_fields)


def test_example_is_a_valid_answer(kind, cast):
    assert filled(kind, cast).problems == ()


def test_form_is_shown(app, kind, cast):
    offered(kind, cast)
    answer = sign_in(app.test_client(), cast.employee).get(f"/catalogue/it/of-{kind.key.replace('_', '-')}/request")
    assert answer.status_code == 200


def test_summary_is_one_line(kind):
    assert "\n" not in kind.summary(kind.example())


def test_request_is_sent_shown_taken_and_solved(app, kind, cast):
    request = sent(kind, cast)
    assert request.state == State.OPEN
    page = sign_in(app.test_client(), cast.employee).get(f"/requests/{request.reference}")
    assert page.status_code == 200
    actions.take(request, cast.agent, clock.now())
    actions.solve(request, cast.agent, "Done.", clock.now())
    assert request.state == State.SOLVED


@pytest.mark.parametrize(("outcome", "state"), [("approved", State.OPEN), ("rejected", State.REJECTED)])
def test_request_is_decided_by_the_people_of_its_route(kind, cast, outcome, state):
    request = sent(kind, cast, {"rule": "requester_head"})
    seat, approval = db.session.scalars(select_one(ApprovalSeat)).one(), db.session.scalars(select_one(Approval)).one()
    assert seat.person_id == cast.head.id
    approvals.decide(seat.id, cast.head, outcome, "Because it is needed.", approval.content_hash, clock.now())
    assert request.state == state


def select_one(model: Any) -> Any:
    from sqlalchemy import select

    return select(model)


def test_request_is_withdrawn(kind, cast):
    request = sent(kind, cast, {"rule": "requester_head"})
    actions.withdraw(request, cast.employee, "", clock.now())
    assert request.state == State.WITHDRAWN


def test_mail_reads(app, kind, cast):
    from portal.notifications import words

    request = sent(kind, cast)
    actions.take(request, cast.agent, clock.now())
    actions.solve(request, cast.agent, "It is on your desk.", clock.now())
    row = db.session.scalars(select_one(Outbox)).one()
    mail = words.compose(row, words.thing_of("request", request, row.path), cast.employee, clock.now(), None, {})
    text = mail.get_body(("plain",)).get_content()
    assert request.title in mail["Subject"]
    assert "It is on your desk." in text
    assert f"/requests/{request.reference}" in text
