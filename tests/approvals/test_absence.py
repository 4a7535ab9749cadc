"""Who stands in for whom, until when, and never twice (AP-19 to AP-24)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.approvals.models import ApprovalDecision
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person, Role
from tests.approvals.begun import approve, asked, begin, open_seats, seat_of, states, waiting
from tests.cast.people import Cast, away, grant


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of March 2026 by the clocks of Madrid, which are one hour ahead."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def march(cast: Cast, person: Person, delegate: Person) -> None:
    """Away from 9 to 13 March."""
    away(person, delegate, days=5, start=at(9))


def test_AP1_the_delegate_decides_what_was_open_before(cast: Cast, app: object) -> None:
    march(cast, cast.head, cast.delegate)
    _paper, approval = begin(cast, at(6, 10))
    assert waiting(cast.delegate, at(8, 23)) == 0
    assert waiting(cast.delegate, at(9)) == 1
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
    assert waiting(cast.delegate, now) == 0
    approve(approval, cast.finance_head, now)
    assert open_seats(approval) == []


def test_a_delegate_never_acts_in_a_request_of_the_person_stood_in_for(cast: Cast, now: datetime) -> None:
    away(cast.employee, cast.delegate, start=now - timedelta(days=1))
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    with pytest.raises(Refused, match="stand in"):
        approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    assert waiting(cast.delegate, now) == 0


def test_delegations_are_no_chains(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    away(cast.delegate, cast.colleague, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    assert waiting(cast.colleague, now) == 0
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


def test_rule_23_a_person_counts_once_in_a_count(cast: Cast, now: datetime) -> None:
    grant(cast.delegate, Role.HEAD, cast.customer_care)
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    paper, approval = begin(cast, now, {"mode": "count", "needed": 2})
    absent = seat_of(approval, cast.head)
    approve(approval, cast.delegate, now)
    with pytest.raises(Refused, match="another person"):
        approve(approval, cast.delegate, now, absent)
    approve(approval, cast.head, now)
    assert states(paper, now) == ["approved"]
