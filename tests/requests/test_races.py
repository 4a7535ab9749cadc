"""Two people at the same moment, in real threads on both databases: 10 rounds, or `RACE_ROUNDS` of them."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat
from portal.audit.models import AuditEntry
from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.security import new_token
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Assignment, Request, State
from portal.teams import actions as teams
from portal.teams.models import Team
from tests.cast.people import away, build
from tests.factories import requests as factory
from tests.factories.teams import team
from tests.racing import ROUNDS, patiently, race

pytestmark = race
Work = Callable[[], object]


def at_once(app: Flask, *works: Work) -> list[object]:
    """Run each work in a thread, context and transaction of its own, all at the same moment."""
    ready, results = Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Work) -> None:
        with app.app_context():
            ready.wait()
            results[place] = patiently(lambda: once(work))

    def once(work: Work) -> object:
        try:
            with transaction():
                return work()
        except Refused as refused:
            return refused.reason

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


@pytest.mark.parametrize("waiting", [2, 1], ids=["two-wait", "one-waits"])
def test_RQ2_two_agents_taking_the_next_get_two_requests_or_one_gets_none(real_app: Flask, waiting: int) -> None:
    with real_app.app_context():
        cast = build()
        service, queue, agents = factory.service(cast.it), cast.it.id, (cast.agent.id, cast.agent2.id)
        for _ in range(ROUNDS):
            sent = {factory.send(service, cast.employee).reference for _ in range(waiting)}
            db.session.commit()

            def take(agent_id: int) -> str | None:
                found = actions.take_next(queue, person(agent_id), clock.now())
                return found.reference if found else None

            got = at_once(real_app, *(lambda agent_id=agent_id: take(agent_id) for agent_id in agents))
            assert {reference for reference in got if reference} == sent
            assert len(sent) == waiting
            db.session.rollback()
        opened = select(func.count()).select_from(Assignment).where(Assignment.until_at.is_(None))
        assert db.session.scalar(opened) == ROUNDS * waiting


def test_a_form_sent_twice_at_once_is_one_request(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        service_id, employee_id = factory.service(cast.it).id, cast.employee.id
        db.session.commit()
        for number in range(ROUNDS):
            key = new_token()

            def send() -> str:
                from portal.catalogue.models import Service

                service, by = db.session.get_one(Service, service_id), person(employee_id)
                return actions.send(factory.sending(service, by, send_key=key), by, clock.now()).request.reference  # noqa: B023

            assert len(set(at_once(real_app, send, send, send))) == 1
            assert db.session.scalar(select(func.count()).select_from(Request)) == number + 1
            db.session.rollback()  # the lock that reading takes on SQLite outside the edge


def test_RQ8_a_withdrawal_and_an_approval_at_once_have_one_winner(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        service, employee_id, head_id = factory.service(cast.it, factory.HEAD_DECIDES), cast.employee.id, cast.head.id
        for _ in range(ROUNDS):
            request = factory.send(service, cast.employee)
            approval = db.session.scalars(select(Approval).where(Approval.subject_id == request.id)).one()
            seat_id = db.session.scalars(select(ApprovalSeat.id).where(ApprovalSeat.approval_id == approval.id)).one()
            request_id, shown, approval_id = request.id, approval.content_hash, approval.id
            db.session.commit()

            def withdraw() -> str:
                actions.withdraw(db.session.get_one(Request, request_id), person(employee_id), "", clock.now())  # noqa: B023
                return "withdrawn"

            def approve() -> str:
                approvals.decide(seat_id, person(head_id), "approved", "", shown, clock.now())  # noqa: B023
                return "approved"

            results = at_once(real_app, withdraw, approve)
            db.session.rollback()
            decided = select(func.count()).select_from(ApprovalDecision).where(ApprovalDecision.approval_id == approval_id)
            request = db.session.get_one(Request, request_id)
            assert request.state == State.WITHDRAWN  # after an approval it is open, and can be withdrawn too
            assert db.session.scalar(decided) == results.count("approved")


def test_R13_head_and_delegate_decide_at_once_and_one_decision_is_told_once(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        away(cast.head, cast.delegate)
        service, people = factory.service(cast.it, factory.HEAD_DECIDES), (cast.head, cast.delegate)
        names, person_ids, employee_id = {each.name for each in people}, [each.id for each in people], cast.employee.id
        for _ in range(ROUNDS):
            request = factory.send(service, cast.employee)
            approval = db.session.scalars(select(Approval).where(Approval.subject_id == request.id)).one()
            seat_id = db.session.scalars(select(ApprovalSeat.id).where(ApprovalSeat.approval_id == approval.id)).one()
            request_id, shown, approval_id = request.id, approval.content_hash, approval.id
            db.session.commit()

            def decide(person_id: int) -> int:
                return approvals.decide(seat_id, person(person_id), "approved", "", shown, clock.now()).id  # noqa: B023

            results = at_once(real_app, *(lambda person_id=person_id: decide(person_id) for person_id in person_ids))
            (told,) = [each for each in results if isinstance(each, str)]
            db.session.rollback()
            decision = db.session.scalars(select(ApprovalDecision).where(ApprovalDecision.approval_id == approval_id)).one()
            assert person(decision.acted_by_id).name in told
            assert told.startswith("Ya la ")
            assert {person(decision.acted_by_id).name} < names
            of_this = select(func.count()).where(AuditEntry.subject_kind == "request", AuditEntry.subject_id == request_id)
            assert db.session.scalar(of_this.where(AuditEntry.action == "approval.approved")) == 1
            news = select(func.count()).where(Notification.subject_id == request_id, Notification.recipient_id == employee_id)
            assert db.session.scalar(news.where(Notification.message == "requests/opened")) == 1
            db.session.rollback()


def test_what_is_sent_or_split_off_while_its_team_ends_is_never_an_ended_teams(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        service, agent_id, employee_id, head_id = factory.service(cast.it), cast.agent.id, cast.employee.id, cast.head2.id
        for number in range(ROUNDS):
            service.team = team(cast.it, f"Team {number}", cast.head2, lead=cast.agent)
            whole = factory.send(service, cast.employee)
            ids = service.id, service.team.id, whole.id
            db.session.commit()

            def end(ids: tuple[int, int, int]) -> None:
                teams.end(db.session.get_one(Team, ids[1]), person(head_id), clock.now())

            def send(ids: tuple[int, int, int]) -> None:
                factory.send(db.session.get_one(Service, ids[0]), person(employee_id))

            def split(ids: tuple[int, int, int]) -> None:
                part = actions.Part("A part", db.session.get_one(Service, ids[0]))
                actions.split(db.session.get_one(Request, ids[2]), [part], str(ids[2]), person(agent_id), clock.now())

            got = at_once(real_app, *(lambda work=work, ids=ids: work(ids) for work in (end, send, split)))
            assert got == [None, None, None]
            db.session.rollback()
            of_ended = select(func.count()).select_from(Request).join(Team).where(Team.ended_at.is_not(None))
            assert db.session.scalar(of_ended) == 0
        assert db.session.scalar(select(func.count()).select_from(Request)) == 3 * ROUNDS


def test_two_agents_merging_crosswise_merge_once(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        service, agents = factory.service(cast.it), (cast.agent.id, cast.agent2.id)
        for _ in range(ROUNDS):
            pair = [factory.send(service, cast.employee).id for _ in range(2)]
            db.session.commit()

            def merge(agent_id: int, ids: list[int]) -> str:
                one, other = (db.session.get_one(Request, request_id) for request_id in ids)
                return actions.merge(one, other, (), person(agent_id), clock.now()).reference

            got = at_once(real_app, lambda: merge(agents[0], pair), lambda: merge(agents[1], pair[::-1]))  # noqa: B023
            db.session.rollback()
            states = [db.session.get_one(Request, request_id).state for request_id in pair]
            assert sorted(states) == [State.CLOSED, State.OPEN]
            assert len([each for each in got if str(each).startswith("VEN-") and " " not in str(each)]) == 1, got
