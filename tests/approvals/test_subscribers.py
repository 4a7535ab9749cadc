"""The company changes while approvals wait: the rules are run again at once."""

from datetime import datetime, timedelta

import pytest

from portal.core.db import db
from portal.core.events import publish
from portal.people.events import DelegationStarted, PersonDeactivated, RoleGranted, RoleRevoked
from portal.people.models import Role, RoleGrant
from tests.approvals.begun import asked, begin, states
from tests.cast.people import Cast, away, grant

pytestmark = pytest.mark.usefixtures("today")


def test_AP9_deactivating_an_approver_asks_the_next(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now)
    cast.head.active = False
    publish(PersonDeactivated(cast.head.id, cast.admin.id))
    assert asked(approval) == ["Dolores Arias"]


def test_AP9_losing_the_role_asks_the_next(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, {"rule": "role", "role": "trainer"})
    role = db.session.scalars(db.select(RoleGrant).filter_by(person_id=cast.trainer.id, role=Role.TRAINER)).one()
    role.until_at = now
    db.session.flush()
    publish(RoleRevoked(cast.trainer.id, Role.TRAINER, None, cast.admin.id))
    assert asked(approval) == ["Ignacio Vela"]


def test_rule_8_a_blocked_stage_finds_somebody_who_gets_the_role(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {"mode": "count", "needed": 2})
    assert states(paper, now) == ["blocked"]
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    publish(RoleGranted(cast.colleague.id, Role.HEAD, cast.customer_care.id, cast.admin.id))
    assert (states(paper, now), asked(approval)) == (["open"], ["Carmen Ruiz", "Marta Soler"])


def test_rule_22_a_delegation_to_the_requester_asks_the_next_level_at_once(cast: Cast, now: datetime) -> None:
    cast.head.manager_id = cast.finance_head.id
    _paper, approval = begin(cast, now, by=cast.delegate)
    absence = away(cast.head, cast.delegate, start=now - timedelta(hours=1))
    started = DelegationStarted(absence.id, cast.head.id, cast.delegate.id, absence.from_at, absence.until_at)
    publish(started)
    publish(started)
    assert asked(approval) == ["Fermín Costa", "Marta Soler"]
