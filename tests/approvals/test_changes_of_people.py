"""People who leave, heads who pass on, administrators who step in, and batches."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.approvals import actions, queries
from portal.approvals.events import ApprovalGranted
from portal.approvals.models import ApprovalDecision, ApprovalEvent, ApprovalReceipt, ApprovalStage
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Role, RoleGrant
from tests.approvals.begun import approve, asked, begin, reject, seat_of, states, waiting
from tests.approvals.conftest import News
from tests.approvals.papers import KIND
from tests.cast.people import Cast, add_person, grant


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


def test_rule_10_the_open_stage_is_named(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    stage = queries.open_stage(KIND, paper.id)
    assert stage is not None
    assert stage.name["en"] == "Stage 1"
    approve(approval, cast.head, now)
    assert queries.open_stage(KIND, paper.id) is None


def test_AP20_a_batch_decides_each_row_by_itself(cast: Cast, now: datetime) -> None:
    begun = [begin(cast, now) for _ in range(5)]
    choices = [actions.Choice(seat_of(approval, cast.head).id, approval.content_hash) for _, approval in begun]
    paper, _changed = begun[2]
    paper.text = "Something else"
    actions.content_changed(KIND, paper.id, cast.employee, now)
    done = actions.decide_many(choices, cast.head, "approved", "", now)
    assert [bool(row.refused) for row in done] == [False, False, True, False, False]
    assert waiting(cast.head, now) == 1


def test_seats_of_a_person_added_later_in_the_company_are_not_asked(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    add_person("new@demo.example", "Nueva Jefa", cast.customer_care, (Role.HEAD,))
    assert asked(approval) == ["Marta Soler"]
