"""Who is asked, and what decisions amount to: the rules as tables, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from portal.approvals.rules import Facts, OpenSeat, Vote, next_level, outcome, resolve

# departments: 1 company, 2 operations below it, 3 warehouse below that, 9 IT below the company
ABOVE = {1: [], 2: [1], 3: [2, 1], 9: [1]}
REQUESTER, BENEFICIARY, AUTHOR, EDITOR = 11, 12, 13, 14
FALLBACK = 90


@dataclass
class Company:
    """A directory of invented people."""

    of_heads: dict[int, list[int]] = field(default_factory=lambda: {1: [10], 2: [20], 3: [30, 31], 9: [40]})
    of_roles: dict[tuple[str, int | None], list[int]] = field(default_factory=dict)
    managers: dict[int, int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def heads(self, department_id: int) -> Sequence[int]:
        return [person for person in self.of_heads.get(department_id, []) if person not in self.gone]

    def above(self, department_id: int) -> Sequence[int]:
        return ABOVE[department_id]

    def holders(self, role: str, department_id: int | None) -> Sequence[int]:
        return [person for person in self.of_roles.get((role, department_id), []) if person not in self.gone]

    def manager(self, person_id: int) -> int | None:
        return self.managers.get(person_id)

    def department(self, person_id: int) -> int | None:
        return self.homes.get(person_id)

    def is_active(self, person_id: int) -> bool:
        return person_id not in self.gone


@dataclass
class Stage:
    rule: str
    mode: str = "any"
    needed: int = 1
    person_id: int | None = None
    role: str | None = None
    department_id: int | None = None


def facts(**given: int | None) -> Facts:
    values: dict[str, int | None] = {
        "requester_id": REQUESTER,
        "beneficiary_id": REQUESTER,
        "author_id": REQUESTER,
        "editor_id": REQUESTER,
        "requester_department_id": 3,
        "service_department_id": 9,
    }
    return Facts(**(values | given))  # type: ignore[arg-type]  # the table below gives the right types


ROLE = {("buyer", None): [50, 51], ("buyer", 9): [51]}
CASES = {
    "head of the requester's department": (Stage("requester_head"), facts(), Company(), [30, 31], "requester_head"),
    "head of the service's department": (Stage("service_head"), facts(), Company(), [40], "service_head"),
    "named person": (Stage("person", person_id=60), facts(), Company(), [60], "person"),
    "role anywhere": (Stage("role", role="buyer"), facts(), Company(of_roles=ROLE), [50, 51], "role"),
    "role in a department": (Stage("role", role="buyer", department_id=9), facts(), Company(of_roles=ROLE), [51], "role"),
    "manager": (Stage("manager"), facts(), Company(managers={REQUESTER: 70}), [70], "manager"),
    "one of two heads asks: the other": (Stage("requester_head"), facts(requester_id=30), Company(), [31], "requester_head"),
    "AP6 the only head asks: head above": (
        Stage("requester_head"),
        facts(requester_id=20, requester_department_id=2),
        Company(),
        [10],
        "head_above",
    ),
    "AP6 nobody above: fallback": (
        Stage("requester_head"),
        facts(requester_id=10, requester_department_id=1, fallback_person_id=FALLBACK),
        Company(),
        [FALLBACK],
        "fallback",
    ),
    "beneficiary excluded": (
        Stage("person", person_id=60),
        facts(beneficiary_id=60),
        Company(homes={60: 3}),
        [30, 31],
        "head_above",
    ),
    "author excluded": (Stage("service_head"), facts(author_id=40), Company(), [10], "head_above"),
    "last editor excluded": (Stage("service_head"), facts(editor_id=40), Company(), [10], "head_above"),
    "departments without a head are climbed over": (
        Stage("requester_head"),
        facts(),
        Company(of_heads={1: [10]}),
        [10],
        "head_above",
    ),
    "person who left: climbs from their department": (
        Stage("person", person_id=60),
        facts(),
        Company(homes={60: 9}, gone={60}),
        [40],
        "head_above",
    ),
    "no manager: head of the department": (Stage("manager"), facts(), Company(), [30, 31], "head_above"),
}


@pytest.mark.parametrize(("stage", "given", "company", "people", "rule"), CASES.values(), ids=CASES)
def test_rule_names_people(stage: Stage, given: Facts, company: Company, people: list[int], rule: str) -> None:
    found = resolve(stage, given, company)
    assert [asked.person_id for asked in found.asked] == people
    assert {asked.rule for asked in found.asked} == {rule}
    assert found.blocked == ""


BLOCKED = {
    "AP6 fallback excluded too": (
        Stage("requester_head"),
        facts(requester_id=10, requester_department_id=1, editor_id=FALLBACK, fallback_person_id=FALLBACK),
        Company(),
        "nobody",
    ),
    "no fallback": (Stage("requester_head"), facts(requester_id=10, requester_department_id=1), Company(), "nobody"),
    "fallback has left": (
        Stage("requester_head"),
        facts(requester_id=10, requester_department_id=1, fallback_person_id=FALLBACK),
        Company(gone={FALLBACK}),
        "nobody",
    ),
    "AP21 count 3 of 2": (Stage("requester_head", "count", 3), facts(), Company(), "too_few"),
    "exclusion makes the set too small": (Stage("requester_head", "count", 2), facts(author_id=31), Company(), "too_few"),
}


@pytest.mark.parametrize(("stage", "given", "company", "why"), BLOCKED.values(), ids=BLOCKED)
def test_stage_is_blocked_never_approved(stage: Stage, given: Facts, company: Company, why: str) -> None:
    found = resolve(stage, given, company)
    assert (found.asked, found.blocked) == ((), why)


def test_a_stage_for_another_person_leaves_the_earlier_decider_out() -> None:
    assert [asked.person_id for asked in resolve(Stage("requester_head"), facts(), Company(), others={30}).asked] == [31]
    assert [asked.person_id for asked in resolve(Stage("service_head"), facts(), Company(), others={40}).asked] == [10]


def test_next_level_is_manager_then_head_above_then_fallback() -> None:
    home = {30: 3, 20: 2, 10: 1}
    levels = [
        (Company(managers={30: 70}, homes=home), 30, (), 70),
        (Company(homes=home), 30, (31,), 20),
        (Company(homes=home), 20, (), 10),
    ]
    for company, person, excluded, expected in levels:
        above = next_level(person, excluded, facts(), company)
        assert above is not None
        assert above.person_id == expected
    above = next_level(10, (), facts(fallback_person_id=FALLBACK), Company(homes=home))
    assert above is not None
    assert above.person_id == FALLBACK
    assert next_level(10, (), facts(), Company(homes=home)) is None


def yes(person: int, group: str = "") -> Vote:
    return Vote(group or str(person), person, "approved")


def refusal(person: int) -> Vote:
    return Vote(str(person), person, "rejected")


def seats(*people: int) -> list[OpenSeat]:
    return [OpenSeat(str(person), person) for person in people]


OUTCOMES = {
    "any: nobody yet": ("any", 1, [], seats(1, 2), None),
    "any: first approves": ("any", 1, [yes(1)], seats(2), "approved"),
    "any: first rejects": ("any", 1, [refusal(1)], seats(2), "rejected"),
    "all: one missing": ("all", 1, [yes(1)], seats(2), None),
    "all: everybody": ("all", 1, [yes(1), yes(2)], [], "approved"),
    "all: first rejection": ("all", 1, [yes(1), refusal(2)], seats(3), "rejected"),
    "count 2 of 3: one approves": ("count", 2, [yes(1)], seats(2, 3), None),
    "count 2 of 3: two approve": ("count", 2, [yes(1), yes(2)], seats(3), "approved"),
    "count 2 of 3: one rejects": ("count", 2, [refusal(1)], seats(2, 3), None),
    "AP8 count 2 of 3: two reject": ("count", 2, [refusal(1), refusal(2)], seats(3), "rejected"),
    "count 1: one no is not the end": ("count", 1, [refusal(1)], seats(2), None),
    "rule 23: one person counts once": ("count", 2, [yes(1), yes(1, "for 2")], seats(3), None),
    "return stops at once": ("all", 1, [Vote("1", 1, "returned")], seats(2), "returned"),
    "nothing decided, nobody left": ("all", 1, [], [], None),
}


@pytest.mark.parametrize(("mode", "needed", "votes", "left", "expected"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcome_of_a_stage(mode: str, needed: int, votes: list[Vote], left: list[OpenSeat], expected: str | None) -> None:
    assert outcome(mode, needed, votes, left) == expected
