"""What the database itself keeps, whoever writes to it: seats, decisions and links are those of their approval."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, update
from sqlalchemy.exc import IntegrityError

from portal.approvals.models import Approval, ApprovalDecision, ApprovalLink, ApprovalSeat
from portal.core.db import db
from tests.approvals.begun import approve, begin, open_seats, seat_of
from tests.cast.people import Cast

PARTIES = ("requester_id", "beneficiary_id", "author_id", "editor_id")


def decision(approval: Approval, seat: ApprovalSeat, by_id: int, now: datetime, **other: Any) -> ApprovalDecision:
    values = {
        "approval_id": approval.id,
        "stage_id": seat.stage_id,
        "seat_id": seat.id,
        "seat_group_id": seat.seat_group_id,
        "acted_by_id": by_id,
        "outcome": "approved",
        "reason": "",
        "at": now,
        "channel": "page",
        "content_hash": "",
        **approval.copy_of_parties(),
    }
    return ApprovalDecision(**(values | other))


def refused(row: object) -> None:
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_decision_that_names_another_group_does_not_get_round_the_first(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    seat = seat_of(approval, cast.head)
    approve(approval, cast.head, now)
    db.session.commit()
    refused(decision(approval, seat, cast.head.id, now))
    refused(decision(approval, seat, cast.head.id, now, seat_group_id="another"))


def test_a_decision_belongs_to_the_stage_and_the_approval_of_its_seat(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    _other_paper, other = begin(cast, now)
    seat, elsewhere = seat_of(approval, cast.head), seat_of(other, cast.head)
    db.session.commit()
    refused(decision(approval, seat, cast.head.id, now, stage_id=elsewhere.stage_id))
    refused(decision(approval, seat, cast.head.id, now, approval_id=other.id))


@pytest.mark.parametrize("party", PARTIES)
def test_AP19_a_false_copy_of_the_parties_does_not_let_one_of_them_decide(cast: Cast, now: datetime, party: str) -> None:
    """The check compares with the copies in the row; so the copies must be those of the approval."""
    _paper, approval = begin(cast, now, **({party: cast.colleague.id} if party != "requester_id" else {"by": cast.colleague}))
    seat = seat_of(approval, cast.head)
    db.session.commit()
    false = dict.fromkeys(PARTIES, cast.stranger.id)
    refused(decision(approval, seat, cast.colleague.id, now, **false))
    copied = {"approval_id": approval.id, "stage_id": seat.stage_id, "rule": "person", "from_at": now}
    refused(ApprovalSeat(person_id=cast.colleague.id, seat_group_id="false", **copied, **false))


@pytest.mark.parametrize("column", ["person_id", "seat_group_id", "stage_id", "approval_id", *PARTIES])
def test_a_seat_stays_what_it_is(cast: Cast, now: datetime, column: str) -> None:
    _paper, approval = begin(cast, now)
    seat = open_seats(approval)[0]
    db.session.commit()
    with pytest.raises(IntegrityError):
        db.session.execute(update(ApprovalSeat).where(ApprovalSeat.id == seat.id).values({column: getattr(seat, column)}))
    db.session.rollback()


def test_AP13_a_link_stays_bound_to_seat_person_and_content(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    seat = open_seats(approval)[0]
    bound = {"token_hash": "t" * 64, "seat_id": seat.id, "person_id": seat.person_id, "content_hash": "c" * 64}
    db.session.add(ApprovalLink(**bound, made_at=now, until_at=now + timedelta(days=14)))
    db.session.commit()
    for column, value in [*bound.items(), ("until_at", now + timedelta(days=99))]:
        with pytest.raises(IntegrityError):
            db.session.execute(update(ApprovalLink).values({column: value}))
        db.session.rollback()
    refused(ApprovalLink(**bound, made_at=now, until_at=now + timedelta(days=14)))  # no token twice
    refused(ApprovalLink(**(bound | {"token_hash": "u" * 64}), made_at=now, until_at=now))


@pytest.mark.parametrize("table", [ApprovalSeat, ApprovalDecision])
def test_none_of_the_four_parties_is_ever_missing(cast: Cast, table: type[Any]) -> None:
    """A NULL would make the check pass."""
    columns = {column["name"]: column["nullable"] for column in inspect(db.engine).get_columns(table.__tablename__)}
    assert not any(columns[name] for name in PARTIES)
