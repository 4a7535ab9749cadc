"""Who may do what with people and departments: person x verb, as permissions.md says (rows 17 and 36)."""

import pytest

from portal.core import clock
from portal.people import policies
from portal.people.models import Absence
from tests.cast.people import PEOPLE, Cast, away

WORKING = [name for name in PEOPLE if name != "deactivated"]


@pytest.mark.parametrize("who", WORKING)
def test_administrators_manage_auditors_read_others_neither(cast: Cast, who: str) -> None:
    person, now = getattr(cast, who), clock.now()
    assert bool(policies.may_see_administration(person, now)) == (who in ("admin", "auditor"))
    decision = policies.may_manage(person, now)
    assert bool(decision) == (who == "admin")
    assert decision or decision.reason


@pytest.mark.parametrize("who", WORKING)
def test_PE_11_nobody_changes_the_own_roles_or_ends_the_own_access(cast: Cast, who: str) -> None:
    person, now = getattr(cast, who), clock.now()
    assert not policies.may_change_roles(person, person, now)
    assert not policies.may_deactivate(person, person, now)
    assert bool(policies.may_change_roles(person, cast.colleague, now)) == (who == "admin")
    assert bool(policies.may_deactivate(person, cast.colleague, now)) == (who == "admin")


@pytest.mark.parametrize("who", WORKING)
def test_the_absent_person_and_administrators_end_an_absence(cast: Cast, who: str) -> None:
    absence: Absence = away(cast.head, cast.delegate)
    decision = policies.may_end_absence(getattr(cast, who), absence, clock.now())
    assert bool(decision) == (who in ("head", "admin"))
    assert bool(policies.may_register_absence(getattr(cast, who), clock.now())) == (who != "auditor")
