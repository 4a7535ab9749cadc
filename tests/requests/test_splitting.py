"""One request becomes several: clocks, links, history, and who may (permissions.md 2 row 14, service-levels.md 24)."""

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat, ApprovalStage
from portal.attachments.actions import store
from portal.attachments.models import StoredFile
from portal.attachments.queries import files_of
from portal.catalogue.formkit.pricing import PricedLine, Sum
from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request, RequestAnswers, RequestLink, State
from portal.service_levels import queries as levels
from portal.service_levels.models import ServiceLevel, ServiceTarget
from portal.service_levels.queries import About
from tests.accounts.helpers import enrol
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import catalogue as make
from tests.factories import requests as factory
from tests.factories.teams import team
from tests.service_levels.test_timing import at


def sealed(request: Request) -> str:
    return db.session.scalars(select(Approval.content_hash).where(Approval.subject_id == request.id)).one()


def split(request: Request, by, when, *parts, key: str = "k", **more) -> list[Request]:
    made = actions.split(request, [actions.Part(title, service) for title, service in parts], key, by, when, **more)
    db.session.flush()
    return list(made)


def test_a_part_starts_at_the_split_and_the_whole_keeps_its_clocks(cast: Cast, help_desk, clock):
    level = ServiceLevel(position=-1, name={"en": "Help"}, conditions={"service": ["it/help"]})
    db.session.add(level)
    db.session.flush()
    for kind, hours in (("fulfilment", 8), ("first_response", 4)):
        db.session.add(ServiceTarget(level_id=level.id, kind=kind, amount=hours * 3600, unit="seconds"))
    clock.move_to(at("mon 09:00"))
    whole = factory.send(help_desk, cast.employee)
    actions.take(whole, cast.agent, at("mon 09:00"))
    actions.ask_requester(whole, cast.agent, "Which?", at("mon 10:00"))
    (part,) = split(whole, cast.agent, at("mon 14:00"), ("A keyboard", help_desk))
    found = {one.clock.kind: one for one in levels.clocks(About("request", part.id))}
    assert {kind: one.at(at("mon 15:00")).due for kind, one in found.items()} == {
        "fulfilment": at("tue 13:00"),
        "first_response": at("mon 18:00"),
    }
    assert found["fulfilment"].intervals[0].start_cause == "split"
    assert levels.clock_of(About("request", whole.id)).at(at("mon 15:00")).state == "paused"
    assert (whole.state, part.state, part.assignee_id) == (State.WAITING_FOR_REQUESTER, State.OPEN, None)


def test_a_part_is_for_the_same_person_as_urgent_and_as_confidential(cast: Cast, help_desk):
    whole = factory.send(help_desk, cast.employee, beneficiary=cast.colleague)
    whole.confidential, whole.impact, whole.priority_set = True, "wide", "P1"
    actions.add_watcher(whole, cast.trainer, cast.employee, time.now())
    other = factory.service(cast.it, slug="other", team_id=team(cast.it, "Network", cast.head2, cast.agent).id)
    same, another = split(whole, cast.agent, time.now(), ("A keyboard", help_desk), ("A cable", other), title="A screen")
    for part in (same, another):
        assert (part.requester_id, part.beneficiary_id, part.author_id) == (cast.employee.id, cast.colleague.id, cast.employee.id)
        assert (part.confidential, part.impact, part.priority) == (True, "wide", "P1")
    assert db.session.get_one(RequestAnswers, same.id).content == db.session.get_one(RequestAnswers, whole.id).content
    assert db.session.get_one(RequestAnswers, another.id).content == []
    assert (another.service_id, another.team_id, whole.title) == (other.id, other.team_id, "A screen")


@pytest.mark.parametrize("same", [False, True], ids=["another service", "the same service"])
def test_a_part_asks_those_who_approve_its_service_also_if_the_whole_was_approved(
    cast: Cast, approved_first, open_request, same: bool
):
    whole = factory.send(approved_first, cast.employee) if same else open_request
    if same:
        approvals.decide(db.session.scalars(select(ApprovalSeat.id)).one(), cast.head, "approved", "", sealed(whole), time.now())
    assert whole.state == State.OPEN
    (part,) = split(whole, cast.agent, time.now(), ("A laptop", approved_first))
    assert part.state == State.WAITING_FOR_APPROVAL
    assert levels.clock_of(About("request", part.id)) is None
    waiting = select(ApprovalSeat.person_id).where(ApprovalSeat.ended_at.is_(None))
    assert list(db.session.scalars(waiting)) == [cast.head.id]
    with pytest.raises(Refused):
        split(part, cast.agent, time.now(), ("A bag", approved_first), key="while it is being decided")


def test_what_cannot_be_a_part_is_refused(cast: Cast, help_desk, open_request):
    elsewhere = factory.service(cast.finance)
    for_few = factory.service(cast.it, slug="few", audience=({"kind": "person", "person_id": cast.head.id},))
    for service in (elsewhere, for_few):
        with pytest.raises(Refused):
            split(open_request, cast.agent, time.now(), ("A keyboard", service))
    actions.withdraw(open_request, cast.employee, "", time.now())
    with pytest.raises(Refused):
        split(open_request, cast.agent, time.now(), ("A keyboard", help_desk))


def test_a_split_without_a_part_is_refused_and_tells_nobody(cast: Cast, open_request):
    with pytest.raises(Refused):
        split(open_request, cast.agent, time.now())
    assert not db.session.scalars(select(Notification).where(Notification.message == "requests/split")).all()


FINANCE_TOO = (*factory.HEAD_DECIDES, {"rule": "service_head", "above": 100_000, "currency": "EUR"})


@pytest.mark.parametrize(("price", "stages"), [(90_000, 1), (110_000, 2)], ids=["below the band", "in the band"])
def test_AP5_a_part_of_the_same_service_costs_what_the_whole_does_and_asks_its_bands(cast: Cast, price: int, stages: int):
    service = factory.service(cast.it, FINANCE_TOO, slug="laptop")
    cost = Sum("EUR", "once", "", False, (PricedLine("form", "A laptop", "1", price, price, 0),))
    whole = factory.send(service, cast.employee, sum=cost)
    while seat := db.session.scalar(select(ApprovalSeat).where(ApprovalSeat.ended_at.is_(None))):
        enrol(seat.person)
        approvals.decide(seat.id, seat.person, "approved", "", sealed(whole), time.now())
    (part,) = split(whole, cast.agent, time.now(), ("Another laptop", service))
    assert (part.amount, part.currency, db.session.get_one(RequestAnswers, part.id).cost) == (price, "EUR", cost.to_json())
    approval = db.session.scalars(select(Approval).where(Approval.subject_id == part.id)).one()
    assert (approval.amount, approval.net, approval.currency) == (price, price, "EUR")
    assert len(db.session.scalars(select(ApprovalStage).where(ApprovalStage.approval_id == approval.id)).all()) == stages


def test_PE15_files_of_the_answers_hang_on_the_part_too_and_those_of_the_conversation_do_not(cast: Cast):
    asked = {"sections": [{"key": "what", "fields": [make.field("sheet", "file", "Ficha", "Sheet")]}]}
    service = make.service(cast.it, content=asked)
    files = {name: upload(name, cast.employee) for name in ("sheet.txt", "loose.txt", "spoken.txt")}
    sent = [(files["sheet.txt"], "sheet"), (files["loose.txt"], None)]
    whole = factory.send(service, cast.employee, answers=(), files=sent)
    actions.comment(whole, cast.employee, "See this", False, time.now(), files=[files["spoken.txt"]])
    same, another = split(whole, cast.agent, time.now(), ("A screen", service), ("A cable", factory.service(cast.it)))
    links = files_of("request", same.id, False, ("sheet",))
    assert [(link.file.name, link.field_key) for link in links] == [("sheet.txt", "sheet"), ("loose.txt", None)]
    assert files_of("request", another.id, False, ("sheet",)) == []
    assert len(files_of("request", whole.id, False, ("sheet",))) == 3


def upload(name: str, by: Person) -> StoredFile:
    return store(FileStorage(io.BytesIO(b"words"), name), by, 1_000, time.now())


def key_on(page: str) -> str:
    found = re.search(r'name="send_key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_splitting_on_the_page_links_both_and_writes_it_on_both_once(app, cast: Cast, help_desk, open_request):
    agent, address = sign_in(app.test_client(), cast.agent), f"/requests/{open_request.reference}/split"
    shown = agent.get(address)
    assert open_request.title in shown.text
    form = token_of(agent) | {"send_key": key_on(shown.text), "title": "A screen"}
    form |= {f"service_{number}": help_desk.public_id for number in (1, 2, 3)}
    assert agent.post(address, data=form).status_code == 422, "without a part"
    assert agent.post(address, data=form | {"title_1": "   "}).status_code == 422, "blanks name no part"
    assert agent.post(address, data=form | {"title_1": "PARTWORD", "send_key": "made up"}).status_code == 400
    answer = agent.post(address, data=form | {"title_1": "PARTWORD", "title_3": "THIRDWORD"})
    assert answer.status_code == 303
    assert agent.post(address, data=form | {"title_1": "PARTWORD"}).status_code == 303, "RE-9"
    parts = db.session.scalars(select(Request).where(Request.id != open_request.id).order_by(Request.id)).all()
    assert [part.title for part in parts] == ["PARTWORD", "THIRDWORD"]
    assert len(db.session.scalars(select(RequestLink)).all()) == len(parts)
    requester = sign_in(app.test_client(), cast.employee)
    for reader in (agent, requester):
        whole = reader.get(f"/requests/{open_request.reference}").text
        part = reader.get(f"/requests/{parts[0].reference}").text
        assert "PARTWORD" in whole
        assert f"{'Separaste' if reader is agent else 'separó'} {parts[0].reference}" in whole
        assert open_request.reference in part
        assert "A screen" in part
    told = db.session.scalars(select(Notification.recipient_id).where(Notification.message == "requests/split")).all()
    assert told == [cast.employee.id]


@pytest.mark.parametrize(("who", "status"), [("employee", 403), ("head", 403), ("auditor", 403), ("stranger", 404)])
def test_only_the_agents_of_the_queue_split(app, cast: Cast, open_request, who, status):
    client, address = sign_in(app.test_client(), getattr(cast, who)), f"/requests/{open_request.reference}/split"
    assert client.get(address).status_code == status
    assert client.post(address, data=token_of(client) | {"title": "x", "title_1": "y"}).status_code == status
