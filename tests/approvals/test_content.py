"""What is decided on: changed content, corrections, withdrawal."""

from datetime import datetime

import pytest

from portal.approvals import actions, queries
from portal.approvals.events import ApprovalReturned
from portal.core.errors import Refused
from portal.people.models import Role
from tests.approvals.begun import approve, asked, begin, open_seats, seat_of, states
from tests.approvals.conftest import News
from tests.approvals.papers import KIND
from tests.cast.people import Cast, grant


def test_rule_12_a_decision_on_older_content_is_refused_with_the_difference(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now)
    seen = approval.content_hash
    paper.text = "Two desk lamps"
    actions.content_changed(KIND, paper.id, cast.employee, now)
    assert approval.round == 2
    with pytest.raises(actions.ContentChanged) as caught:
        actions.decide(seat_of(approval, cast.head).id, cast.head, "approved", "", seen, now)
    assert [(change.before, change.after) for change in caught.value.changes] == [("A desk lamp", "Two desk lamps")]
    approve(approval, cast.head, now)


def test_rule_13_changed_content_asks_decided_stages_again(cast: Cast, now: datetime) -> None:
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
        assert queries.oldest(person, now, 9) == ([], 0)
    with pytest.raises(Refused, match="withdrawn"):
        actions.decide(seats[0].id, seats[0].person, "approved", "", approval.content_hash, now)
