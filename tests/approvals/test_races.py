"""Two approvers at once, in real threads on both databases (AP18)."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from portal.approvals import actions, queries
from portal.approvals.models import ApprovalDecision
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.models import Person, Role
from tests.accounts.helpers import enrol
from tests.approvals import papers
from tests.approvals.begun import begin, seat_of
from tests.cast.people import build, grant
from tests.racing import ROUNDS, patiently, race

pytestmark = race


@pytest.fixture
def racing_app(real_app: Flask) -> Iterator[Flask]:
    with real_app.app_context():
        papers.install()
    yield real_app
    with real_app.app_context():
        papers.remove()


class Decider(Thread):
    """Decides in a context and transaction of its own, when the other is ready too."""

    def __init__(self, app: Flask, ready: Barrier, seat_id: int, person_id: int, outcome: str, content_hash: str) -> None:
        super().__init__()
        self.app, self.ready = app, ready
        self.given = (seat_id, person_id, outcome, content_hash)
        self.result = ""

    def run(self) -> None:
        with self.app.app_context():
            self.ready.wait()
            patiently(self.decide)

    def decide(self) -> None:
        seat_id, person_id, outcome, content_hash = self.given
        try:
            with transaction():
                by = db.session.get_one(Person, person_id)
                actions.decide(seat_id, by, outcome, "Because of the budget", content_hash, clock.now())
            self.result = "decided"
        except Refused as refused:
            self.result = refused.reason


def test_AP18_R13_two_approvers_of_any_decide_differently_at_once(racing_app: Flask) -> None:
    with racing_app.app_context():
        cast = build()
        grant(cast.colleague, Role.HEAD, cast.customer_care)
        db.session.commit()
        for _round in range(ROUNDS):
            _paper, approval = begin(cast, clock.now())
            people = (cast.head, cast.colleague)
            seats = [(seat_of(approval, person).id, person.id) for person in people]
            approval_id, content_hash = approval.id, approval.content_hash
            db.session.commit()
            ready = Barrier(2)
            deciders = [
                Decider(racing_app, ready, seat_id, person_id, outcome, content_hash)
                for (seat_id, person_id), outcome in zip(seats, ("approved", "rejected"), strict=True)
            ]
            for decider in deciders:
                decider.start()
            for decider in deciders:
                decider.join()
            results = sorted(decider.result for decider in deciders)
            decisions = db.session.scalars(select(ApprovalDecision).where(ApprovalDecision.approval_id == approval_id)).all()
            assert len(decisions) == 1
            assert "decided" in results
            assert any(result.startswith("Ya la ") for result in results), results
            db.session.commit()


def test_RQ8_withdrawing_meets_a_decision(racing_app: Flask) -> None:
    with racing_app.app_context():
        cast = build()
        db.session.commit()
        for _round in range(ROUNDS):
            paper, approval = begin(cast, clock.now())
            seat, content_hash, paper_id = seat_of(approval, cast.head), approval.content_hash, paper.id
            db.session.commit()
            ready = Barrier(2)
            decider = Decider(racing_app, ready, seat.id, cast.head.id, "approved", content_hash)
            db.session.commit()
            decider.start()
            ready.wait()
            with transaction():
                actions.end(papers.KIND, paper_id, "", clock.now())
            decider.join()
            strip = queries.strip(papers.KIND, paper_id, clock.now())
            assert strip is not None
            decided = strip.ended_why == "approved"
            assert decided == (decider.result == "decided")
            assert decided or "retiró" in decider.result
            db.session.commit()


def test_AP10_a_dearer_correction_meets_a_decision(racing_app: Flask) -> None:
    """Whoever comes first: the larger sum is never granted by the head alone."""
    finance = {"rule": "service_head", "above": 100_000, "currency": "EUR"}
    with racing_app.app_context():
        cast = build()
        enrol(cast.head)
        for _round in range(ROUNDS):
            paper, approval = begin(cast, clock.now(), {}, finance, {}, amount=5, currency="EUR")
            seat, content_hash, paper_id = seat_of(approval, cast.head), approval.content_hash, paper.id
            db.session.commit()
            ready = Barrier(2)
            decider = Decider(racing_app, ready, seat.id, cast.head.id, "approved", content_hash)
            decider.start()
            ready.wait()
            with transaction():
                actions.hold(papers.KIND, paper_id)
                db.session.get_one(papers.Paper, paper_id).text = "Something much dearer"
                db.session.flush()
                actions.content_changed(papers.KIND, paper_id, cast.employee, clock.now(), 200_000)
            decider.join()
            strip = queries.strip(papers.KIND, paper_id, clock.now())
            assert strip is not None
            assert [stage.state for stage in strip.stages] == ["open", "waiting", "waiting"], decider.result
            assert (strip.round, strip.ended_at) == (2, None)
            db.session.commit()
