"""Decisions: who may, on what, in which order, and that nobody decides on their own request."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.approvals import actions, queries
from portal.approvals.events import ApprovalBlocked, ApprovalGranted, ApprovalRejected, ApprovalReturned
from portal.approvals.models import Approval, ApprovalDecision, ApprovalEvent, ApprovalReceipt, ApprovalSeat, ApprovalStage
from portal.core import events
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person, Role, RoleGrant
from tests.approvals import papers
from tests.approvals.papers import KIND, Paper
from tests.cast.people import Cast, add_person, away, grant

News = list[Any]


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> News:
    """What approvals publish during the test."""
    heard: News = []
    for event in (ApprovalGranted, ApprovalRejected, ApprovalReturned, ApprovalBlocked):
        monkeypatch.setitem(events._subscribers, event, [heard.append])
    return heard


def begin(cast: Cast, now: datetime, *stages: dict[str, Any], by: Person | None = None, **options: Any) -> tuple[Paper, Approval]:
    requester = by or cast.employee
    paper = papers.write(requester)
    route = papers.route(*(stages or ({},)), fallback=options.pop("fallback", None))
    approval = actions.start(KIND, paper.id, route.id, papers.facts(cast, requester, **options), requester, now)
    assert approval is not None
    return paper, approval


def open_seats(approval: Approval) -> list[ApprovalSeat]:
    found = select(ApprovalSeat).where(ApprovalSeat.approval_id == approval.id, ApprovalSeat.ended_at.is_(None))
    return list(db.session.scalars(found.order_by(ApprovalSeat.id)))


def asked(approval: Approval) -> list[str]:
    return sorted(seat.person.name for seat in open_seats(approval))


def seat_of(approval: Approval, person: Person) -> ApprovalSeat:
    return next(seat for seat in open_seats(approval) if seat.person_id == person.id)


def approve(approval: Approval, person: Person, now: datetime, seat: ApprovalSeat | None = None) -> ApprovalDecision:
    chosen = seat or seat_of(approval, person)
    return actions.decide(chosen.id, person, "approved", "", approval.content_hash, now)


def reject(approval: Approval, person: Person, now: datetime) -> ApprovalDecision:
    return actions.decide(seat_of(approval, person).id, person, "rejected", "Not this year", approval.content_hash, now)


def states(paper: Paper, now: datetime) -> list[str]:
    strip = queries.strip(KIND, paper.id, now)
    assert strip is not None
    return [stage.state for stage in strip.stages]


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


def test_AP30_the_second_decision_is_told_about_the_first(cast: Cast, now: datetime) -> None:
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


def test_AP31_the_receipt_holds_everything_and_nothing_confidential(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    receipt = db.session.scalars(select(ApprovalReceipt)).one()
    for words in ("A desk lamp", "Rafael Quintana", '"on_behalf_of": "Marta Soler"', approval.content_hash, "requester_head"):
        assert words in receipt.content
    assert "hidden words" not in receipt.content
    assert len(receipt.digest) == 64


# --- content ---------------------------------------------------------------------------------------------------------


def test_AP12_a_decision_on_older_content_is_refused_with_the_difference(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    seen = approval.content_hash
    paper.text = "Two desk lamps"
    actions.content_changed(KIND, paper.id, cast.employee, now)
    assert approval.round == 2
    with pytest.raises(actions.ContentChanged) as caught:
        actions.decide(seat_of(approval, cast.head).id, cast.head, "approved", "", seen, now)
    assert [(change.before, change.after) for change in caught.value.changes] == [("A desk lamp", "Two desk lamps")]
    approve(approval, cast.head, now)


def test_AP13_changed_content_asks_decided_stages_again(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    approve(approval, cast.head, now)
    paper.text = "Another lamp"
    actions.content_changed(KIND, paper.id, cast.employee, now)
    assert (asked(approval), states(paper, now)) == (["Marta Soler"], ["open", "waiting"])


def test_content_that_is_the_same_asks_nobody_again(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    actions.content_changed(KIND, paper.id, cast.employee, now)
    assert approval.round == 1


def test_the_last_editor_does_not_decide(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    paper.text = "A lamp for me"
    actions.content_changed(KIND, paper.id, cast.head, now)
    assert asked(approval) == ["Dolores Arias"]


def test_AP11_a_return_marks_fields_and_stops_the_stage(cast: Cast, now: datetime, news: News) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    paper, approval = begin(cast, now)
    seat = seat_of(approval, cast.head)
    with pytest.raises(Refused, match="Mark"):
        actions.return_for_correction(seat.id, cast.head, "Which lamp exactly?", (), approval.content_hash, now)
    fields = ("text", "secret")
    actions.return_for_correction(seat.id, cast.head, "Which lamp exactly?", fields, approval.content_hash, now)
    assert states(paper, now) == ["returned"]
    assert open_seats(approval) == []
    asked_for = queries.correction(KIND, paper.id)
    assert asked_for is not None
    assert (asked_for.fields, asked_for.reason) == (frozenset(fields), "Which lamp exactly?")
    assert news == [ApprovalReturned(KIND, paper.id, cast.head.id, fields, "Which lamp exactly?")]


@pytest.mark.parametrize(("new_text", "expected"), [("Lamp 4711", ["open", "waiting"]), ("A desk lamp", ["approved", "open"])])
def test_sending_again_asks_the_same_stage_and_all_stages_if_the_content_changed(
    cast: Cast, now: datetime, new_text: str, expected: list[str]
) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    approve(approval, cast.head, now)
    seat = seat_of(approval, cast.head2)
    actions.return_for_correction(seat.id, cast.head2, "Which lamp exactly?", ("text",), approval.content_hash, now)
    paper.text = new_text
    actions.resubmit(KIND, paper.id, cast.employee, now)
    assert states(paper, now) == expected
    assert queries.correction(KIND, paper.id) is None
    with pytest.raises(Refused, match="correction"):
        actions.resubmit(KIND, paper.id, cast.employee, now)


def test_AP17_withdrawing_ends_all_seats(cast: Cast, now: datetime) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    grant(cast.delegate, Role.HEAD, cast.customer_care)
    paper, approval = begin(cast, now, {"mode": "all"})
    seats = open_seats(approval)
    assert len(seats) == 3
    actions.end(KIND, paper.id, "No longer needed", now)
    assert open_seats(approval) == []
    for person in (cast.head, cast.colleague, cast.delegate):
        assert queries.count_waiting(person, now) == len(queries.inbox(person, now)) == 0
    with pytest.raises(Refused, match="withdrawn"):
        actions.decide(seats[0].id, seats[0].person, "approved", "", approval.content_hash, now)


# --- absence ---------------------------------------------------------------------------------------------------------


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of March 2026 by the clocks of Madrid, which are one hour ahead."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def march(cast: Cast, person: Person, delegate: Person) -> None:
    """Away from 9 to 13 March."""
    away(person, delegate, days=5, start=at(9))


def test_AP1_the_delegate_decides_what_was_open_before(cast: Cast, app: object) -> None:
    march(cast, cast.head, cast.delegate)
    _paper, approval = begin(cast, at(6, 10))
    assert queries.count_waiting(cast.delegate, at(8, 23)) == 0
    assert queries.count_waiting(cast.delegate, at(9)) == 1
    decision = approve(approval, cast.delegate, at(10, 10), seat_of(approval, cast.head))
    assert (decision.acted_by_id, decision.on_behalf_of_id) == (cast.delegate.id, cast.head.id)
    told = {row.recipient_id for row in told_of("approvals/decided")}
    assert told == {cast.head.id, cast.delegate.id}


def told_of(message: str) -> list[Any]:
    from portal.notifications.models import Notification

    return list(db.session.scalars(select(Notification).where(Notification.message == message)))


def test_AP2_after_the_absence_the_delegate_is_refused(cast: Cast, app: object) -> None:
    march(cast, cast.head, cast.delegate)
    _paper, approval = begin(cast, at(6, 10))
    with pytest.raises(Refused, match=r"delegation ended on .*00:00; Marta Soler can decide"):
        approve(approval, cast.delegate, at(14, 0, 5), seat_of(approval, cast.head))
    approve(approval, cast.head, at(14, 0, 6))


def test_AP3_the_absent_person_may_decide_and_the_delegate_is_told(cast: Cast, app: object) -> None:
    march(cast, cast.head, cast.delegate)
    _paper, approval = begin(cast, at(6, 10))
    seat = seat_of(approval, cast.head)
    approve(approval, cast.head, at(10, 10))
    with pytest.raises(Refused, match="Already approved by Marta Soler"):
        approve(approval, cast.delegate, at(10, 10, 1), seat)
    assert len(db.session.scalars(select(ApprovalDecision)).all()) == 1


def test_AP5_a_delegate_who_asks_leaves_the_seat_to_the_manager_at_once(cast: Cast, now: datetime) -> None:
    cast.head.manager_id = cast.finance_head.id
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now, by=cast.delegate)
    assert asked(approval) == ["Fermín Costa", "Marta Soler"]
    assert len({seat.seat_group_id for seat in open_seats(approval)}) == 1
    with pytest.raises(Refused, match="own request"):
        approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    assert queries.count_waiting(cast.delegate, now) == 0
    approve(approval, cast.finance_head, now)
    assert open_seats(approval) == []


def test_a_delegate_never_acts_in_a_request_of_the_person_stood_in_for(cast: Cast, now: datetime) -> None:
    away(cast.employee, cast.delegate, start=now - timedelta(days=1))
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    with pytest.raises(Refused, match="stand in"):
        approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    assert queries.count_waiting(cast.delegate, now) == 0


def test_delegations_are_no_chains(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    away(cast.delegate, cast.colleague, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    assert queries.count_waiting(cast.colleague, now) == 0
    with pytest.raises(Refused, match="Only Marta Soler"):
        approve(approval, cast.colleague, now, seat_of(approval, cast.head))


def test_AP7_each_seat_of_all_needs_its_own_decision(cast: Cast, now: datetime) -> None:
    grant(cast.delegate, Role.HEAD, cast.customer_care)
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    paper, approval = begin(cast, now, {"mode": "all"})
    absent = seat_of(approval, cast.head)
    approve(approval, cast.delegate, now)
    assert states(paper, now) == ["open"]
    approve(approval, cast.delegate, now, absent)
    assert states(paper, now) == ["approved"]


def test_AP23_a_person_counts_once_in_a_count(cast: Cast, now: datetime) -> None:
    grant(cast.delegate, Role.HEAD, cast.customer_care)
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    paper, approval = begin(cast, now, {"mode": "count", "needed": 2})
    absent = seat_of(approval, cast.head)
    approve(approval, cast.delegate, now)
    with pytest.raises(Refused, match="another person"):
        approve(approval, cast.delegate, now, absent)
    approve(approval, cast.head, now)
    assert states(paper, now) == ["approved"]


# --- people who leave, heads who pass on -----------------------------------------------------------------------------


def test_AP9_when_an_approver_leaves_the_rule_is_run_again(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    cast.head.active = False
    actions.person_left(cast.head.id, now)
    assert asked(approval) == ["Dolores Arias"]
    cast.director.active = False
    actions.person_left(cast.director.id, now)
    assert states(paper, now) == ["blocked"]


def test_AP9_decisions_given_before_leaving_stay(cast: Cast, now: datetime) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    paper, approval = begin(cast, now, {"mode": "all"})
    approve(approval, cast.head, now)
    role = db.session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == cast.colleague.id, RoleGrant.role == Role.HEAD)
    ).one()
    role.until_at = now
    actions.person_left(cast.colleague.id, now)
    assert states(paper, now) == ["approved"]


def test_who_still_has_the_role_keeps_the_seat(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    actions.person_left(cast.head.id, now)
    assert asked(approval) == ["Marta Soler"]


def test_a_head_passes_the_question_to_another_head(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    seat = seat_of(approval, cast.head)
    for person in (cast.agent, cast.employee):
        with pytest.raises(Refused):
            actions.forward(seat.id, person, cast.head, "She knows more", now)
    actions.forward(seat.id, cast.finance_head, cast.head, "She knows more", now)
    assert asked(approval) == ["Fermín Costa"]
    approve(approval, cast.finance_head, now)
    assert states(paper, now) == ["approved"]


# --- administrators --------------------------------------------------------------------------------------------------


def test_AP12_removing_a_rejected_stage_recomputes_the_outcome(cast: Cast, now: datetime, news: News) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    reject(approval, cast.head, now)
    stage = db.session.scalars(select(ApprovalStage).where(ApprovalStage.position == 1)).one()
    with pytest.raises(Refused, match="reason"):
        actions.remove_stage(stage.id, cast.admin, "no", now)
    with pytest.raises(Refused, match="administrators"):
        actions.remove_stage(stage.id, cast.head, "I changed my mind", now)
    actions.remove_stage(stage.id, cast.admin, "Rejected by mistake", now)
    assert states(paper, now) == ["ended", "open"]
    approve(approval, cast.head2, now)
    assert news[-1] == ApprovalGranted(KIND, paper.id, cast.head2.id)
    removed = db.session.scalars(select(ApprovalEvent).where(ApprovalEvent.name == "stage_removed")).one()
    assert removed.reason == "Rejected by mistake"


def test_a_new_round_asks_again_and_overwrites_nothing(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    reject(approval, cast.head, now)
    actions.new_round(approval.id, cast.admin, "Marta pressed the wrong one", now)
    assert states(paper, now) == ["open"]
    approve(approval, cast.head, now)
    assert [row.outcome for row in db.session.scalars(select(ApprovalDecision).order_by(ApprovalDecision.id))] == [
        "rejected",
        "approved",
    ]
    assert len(db.session.scalars(select(ApprovalReceipt)).all()) == 2


def test_an_override_is_an_event_and_never_a_vote(cast: Cast, now: datetime, news: News) -> None:
    paper, approval = begin(cast, now)
    actions.override(approval.id, cast.admin, "Nobody is here this week", now)
    assert db.session.scalars(select(ApprovalDecision)).all() == []
    assert news == [ApprovalGranted(KIND, paper.id, cast.admin.id)]
    with pytest.raises(Refused, match="over"):
        actions.override(approval.id, cast.admin, "Nobody is here this week", now)


def test_AP10_the_open_stage_is_named(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    stage = queries.open_stage(KIND, paper.id)
    assert stage is not None
    assert stage.name["en"] == "Stage 1"
    approve(approval, cast.head, now)
    assert queries.open_stage(KIND, paper.id) is None


MakeApproval = Callable[..., Approval]


def test_AP20_a_batch_decides_each_row_by_itself(cast: Cast, now: datetime) -> None:
    begun = [begin(cast, now) for _ in range(5)]
    choices = [actions.Choice(seat_of(approval, cast.head).id, approval.content_hash) for _, approval in begun]
    paper, _changed = begun[2]
    paper.text = "Something else"
    actions.content_changed(KIND, paper.id, cast.employee, now)
    done = actions.decide_many(choices, cast.head, "approved", "", now)
    assert [bool(row.refused) for row in done] == [False, False, True, False, False]
    assert queries.count_waiting(cast.head, now) == 1


def test_seats_of_a_person_added_later_in_the_company_are_not_asked(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    add_person("new@demo.example", "Nueva Jefa", cast.customer_care, (Role.HEAD,))
    assert asked(approval) == ["Marta Soler"]
