"""Who may decide, pass on and administer, as a table (permissions.md rows 15 and 16)."""

from datetime import datetime, timedelta

import pytest

from portal.approvals import policies
from portal.people.models import Role
from tests.approvals.begun import begin, seat_of
from tests.cast.people import Cast, away, grant

# person: (may decide, may pass on, may administer)
TABLE = {
    "employee": (False, False, False),
    "head": (True, True, False),
    "delegate": (True, False, False),
    "head2": (False, False, False),
    "director": (False, False, False),
    "agent": (False, False, False),
    "admin": (False, False, True),
    "auditor": (False, False, False),
    "partner": (False, False, False),
    "colleague": (False, False, False),
    "deactivated": (False, False, False),
}


@pytest.mark.parametrize(("name", "expected"), TABLE.items(), ids=TABLE)
def test_who_may(cast: Cast, now: datetime, name: str, expected: tuple[bool, bool, bool]) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    seat, person = seat_of(approval, cast.head), getattr(cast, name)
    found = (
        policies.may_decide(person, seat, now),
        policies.may_forward(person, seat, now),
        policies.may_administer(person, approval, now),
    )
    assert tuple(map(bool, found)) == expected
    assert all(decision or decision.reason for decision in found)


@pytest.mark.parametrize("party", ["requester_id", "beneficiary_id", "author_id", "editor_id"])
def test_AP19_a_party_never_may_whatever_the_roles(cast: Cast, now: datetime, party: str) -> None:
    for role in (Role.ADMINISTRATOR, Role.HEAD):
        grant(cast.colleague, role, cast.customer_care if role == Role.HEAD else None)
    away(cast.head, cast.colleague, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now, **{party: cast.colleague.id})
    seat = seat_of(approval, cast.head)
    assert not policies.may_decide(cast.colleague, seat, now)
    assert not policies.may_administer(cast.colleague, approval, now)


def test_a_deactivated_absent_person_is_nobody_to_stand_in_for(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    cast.head.active = False
    assert not policies.may_decide(cast.delegate, seat_of(approval, cast.head), now)
