"""Who may do what with a request: the table of permissions.md, person by verb."""

import pytest

from portal.core import clock
from portal.requests import actions, policies
from portal.requests.models import Request
from tests.cast.people import Cast, away
from tests.factories import requests as factory

# person: (work, note, comment, withdraw, confirm, reopen, add a follower); Y is yes
TABLE = {
    "employee": "-- YYYYY",
    "colleague": "-- YYYYY",  # whom it is for
    "agent": "YY Y--YY",
    "agent2": "YY Y--YY",
    "head2": "YY Y--YY",
    "head": "-- Y---Y",  # of the requester, and asked to approve
    "director": "-- Y---Y",  # heads the department above
    "delegate": "-- Y----",  # stands in for the head
    "trainer": "-- -----",  # follows it
    "auditor": "-- -----",
    "admin": "-- -----",
    "stranger": "-- -----",
}
VERBS = (
    policies.may_work,
    policies.may_write_note,
    policies.may_comment,
    policies.may_withdraw,
    policies.may_confirm,
    policies.may_reopen,
    policies.may_add_watcher,
)


@pytest.fixture
def request_of_two(cast: Cast, approved_first) -> Request:
    made = factory.send(approved_first, cast.employee, beneficiary=cast.colleague)
    actions.add_watcher(made, cast.trainer, cast.employee, clock.now())
    away(cast.head, cast.delegate)
    return made


@pytest.mark.parametrize("who", TABLE)
def test_the_table(cast: Cast, request_of_two, who):
    decisions = [verb(getattr(cast, who), request_of_two, clock.now()) for verb in VERBS]
    assert "".join("Y" if decision else "-" for decision in decisions) == TABLE[who].replace(" ", "")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_refusal_has_a_sentence(cast: Cast, request_of_two, verb):
    assert verb(cast.stranger, request_of_two, clock.now()).reason.endswith(".")


@pytest.mark.parametrize("who", ["agent", "head2", "auditor"])
def test_who_reads_notes(cast: Cast, request_of_two, who):
    assert policies.may_read_internal(getattr(cast, who), request_of_two, clock.now())


@pytest.mark.parametrize("who", ["employee", "head", "delegate", "trainer", "admin", "finance_head"])
def test_who_reads_no_notes(cast: Cast, request_of_two, who):
    assert not policies.may_read_internal(getattr(cast, who), request_of_two, clock.now())
