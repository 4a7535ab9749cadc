"""Decisions: who may, on what, in which order, and that nobody decides on their own request."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.approvals import actions, queries
from portal.approvals.events import ApprovalBlocked, ApprovalGranted, ApprovalRejected
from portal.approvals.models import ApprovalDecision, ApprovalReceipt, ApprovalSeat
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Role
from tests.approvals import papers
from tests.approvals.begun import approve, asked, begin, open_seats, reject, seat_of, states
from tests.approvals.conftest import News
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away, grant

# --- routes ----------------------------------------------------------------------------------------------------------


def test_a_route_without_stages_asks_nobody(cast: Cast, now: datetime) -> None:
    paper = papers.write(cast.employee)
    route = papers.route()
    assert actions.start(KIND, paper.id, route.id, papers.facts(cast, cast.employee), cast.employee, now) is None


def test_stages_run_in_order_and_the_last_grants(cast: Cast, now: datetime, news: News) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    assert (asked(approval), states(paper, now)) == (["Marta Soler"], ["open", "waiting"])
    approve(approval, cast.head, now)
    assert (asked(approval), states(paper, now)) == (["Ignacio Vela"], ["approved", "open"])
    assert news == []
    approve(approval, cast.head2, now)
    assert states(paper, now) == ["approved", "approved"]
    assert news == [ApprovalGranted(KIND, paper.id, cast.head2.id)]
    assert asked(approval) == []


def test_a_rejection_ends_the_approval(cast: Cast, now: datetime, news: News) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    reject(approval, cast.head, now)
    assert states(paper, now) == ["rejected", "ended"]
    assert news == [ApprovalRejected(KIND, paper.id, cast.head.id, "Not this year")]


def test_AP8_two_rejections_of_two_of_three_reject_at_once(cast: Cast, now: datetime) -> None:
    for person in (cast.trainer, cast.editor, cast.improver):
        grant(person, Role.TRAINER) if person is not cast.trainer else None
    paper, approval = begin(cast, now, {"rule": "role", "role": "trainer", "mode": "count", "needed": 2})
    reject(approval, cast.trainer, now)
    assert states(paper, now) == ["open"]
    reject(approval, cast.editor, now)
    assert states(paper, now) == ["rejected"]
    left = db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.person_id == cast.improver.id)).one()
    assert left.ended_why == "stage_ended"


def test_AP21_a_count_above_the_people_is_blocked(cast: Cast, now: datetime, news: News) -> None:
    paper, _approval = begin(cast, now, {"mode": "count", "needed": 3})
    assert states(paper, now) == ["blocked"]
    assert [type(event) for event in news] == [ApprovalBlocked]
    assert list(db.session.scalars(queries.blocked(KIND))) == [paper.id]


def test_the_same_person_decides_each_of_two_stages(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, {}, {})
    approve(approval, cast.head, now)
    assert asked(approval) == ["Marta Soler"]
    approve(approval, cast.head, now)
    assert len(db.session.scalars(select(ApprovalDecision)).all()) == 2


def test_a_stage_for_a_different_person_climbs(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, {}, {"different_from": 1})
    approve(approval, cast.head, now)
    assert asked(approval) == ["Dolores Arias"]


# --- never one's own -------------------------------------------------------------------------------------------------


def test_AP6_a_head_who_asks_is_decided_by_the_head_above(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, by=cast.head)
    assert asked(approval) == ["Dolores Arias"]
    assert open_seats(approval)[0].rule == "head_above"


def test_AP6_then_by_the_fallback_and_else_it_is_blocked(cast: Cast, now: datetime, news: News) -> None:
    _paper, approval = begin(cast, now, by=cast.director, fallback=cast.finance_head)
    assert asked(approval) == ["Fermín Costa"]
    paper, _ = begin(cast, now, by=cast.director, fallback=cast.director)
    assert states(paper, now) == ["blocked"]
    assert news[-1].why == "nobody"


@pytest.mark.parametrize("party", ["beneficiary_id", "author_id", "editor_id"])
def test_parties_are_never_asked(cast: Cast, now: datetime, party: str) -> None:
    _paper, approval = begin(cast, now, **{party: cast.head.id})
    assert asked(approval) == ["Dolores Arias"]


def test_AP19_an_administrator_who_asks_decides_and_overrides_nothing(cast: Cast, now: datetime) -> None:
    grant(cast.admin, Role.HEAD, cast.it)
    paper, approval = begin(cast, now, {"rule": "service_head"}, by=cast.admin)
    seat = seat_of(approval, cast.head2)
    with pytest.raises(Refused, match="own request"):
        actions.decide(seat.id, cast.admin, "approved", "", approval.content_hash, now)
    with pytest.raises(Refused, match="own request"):
        actions.override(approval.id, cast.admin, "It is urgent, really", now)
    assert states(paper, now) == ["open"]


@pytest.mark.parametrize("party", ["requester_id", "beneficiary_id", "author_id", "editor_id"])
def test_AP19_the_database_refuses_a_seat_and_a_decision_of_a_party(cast: Cast, now: datetime, party: str) -> None:
    _paper, approval = begin(cast, now)
    seat = open_seats(approval)[0]
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(update(ApprovalSeat).where(ApprovalSeat.id == seat.id).values({party: seat.person_id}))
    db.session.rollback()
    db.session.add(
        ApprovalDecision(
            approval_id=approval.id,
            stage_id=seat.stage_id,
            seat_id=seat.id,
            seat_group_id=seat.seat_group_id,
            acted_by_id=cast.head.id,
            outcome="approved",
            reason="",
            at=now,
            channel="page",
            content_hash="",
            **(approval.copy_of_parties() | {party: cast.head.id}),
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_strangers_decide_nothing(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    seat = open_seats(approval)[0]
    for person in (cast.admin, cast.stranger_head, cast.agent):
        with pytest.raises(Refused, match="Only Marta Soler"):
            actions.decide(seat.id, person, "approved", "", approval.content_hash, now)


# --- reasons and records ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "fields"), [("rejected", ()), ("returned", ("text",))])
def test_rejecting_and_returning_need_a_reason(cast: Cast, now: datetime, outcome: str, fields: tuple[str, ...]) -> None:
    _paper, approval = begin(cast, now)
    seat = open_seats(approval)[0]
    with pytest.raises(Refused, match="10"):
        actions.decide(seat.id, cast.head, outcome, "  short  ", approval.content_hash, now, fields=fields)


def test_rule_30_the_second_decision_is_told_about_the_first(cast: Cast, now: datetime) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    _paper, approval = begin(cast, now)
    second = seat_of(approval, cast.colleague)
    approve(approval, cast.head, now)
    with pytest.raises(Refused, match="Already approved by Marta Soler"):
        actions.decide(second.id, cast.colleague, "rejected", "I disagree with it", approval.content_hash, now)
    assert len(db.session.scalars(select(ApprovalDecision)).all()) == 1


@pytest.mark.parametrize("table", ["approval_decision", "approval_event", "approval_receipt", "approval_content"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_records_are_never_changed(cast: Cast, now: datetime, table: str, statement: str) -> None:
    _paper, approval = begin(cast, now)
    approve(approval, cast.head, now)
    db.session.commit()
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(text(statement.format(table=table)))
    db.session.rollback()


def test_rule_31_the_receipt_holds_everything_and_nothing_confidential(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    receipt = db.session.scalars(select(ApprovalReceipt)).one()
    for words in ("A desk lamp", "Rafael Quintana", '"on_behalf_of": "Marta Soler"', approval.content_hash, "requester_head"):
        assert words in receipt.content
    assert "hidden words" not in receipt.content
    assert len(receipt.digest) == 64
