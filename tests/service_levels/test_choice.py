"""Which level is taken, and what makes a priority. The identifiers are edge cases of the rule book."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.service_levels.choosing import fails
from portal.service_levels.models import ServiceLevel
from portal.service_levels.queries import Assessment, Facts, Impact, Target, Urgency, choose, try_levels

HOUR = 3600
matrix = [
    (Impact.WIDE, Urgency.HIGH, "P1"),
    (Impact.WIDE, Urgency.NORMAL, "P2"),
    (Impact.WIDE, Urgency.LOW, "P3"),
    (Impact.GROUP, Urgency.HIGH, "P2"),
    (Impact.GROUP, Urgency.NORMAL, "P3"),
    (Impact.GROUP, Urgency.LOW, "P4"),
    (Impact.PERSON, Urgency.HIGH, "P3"),
    (Impact.PERSON, Urgency.NORMAL, "P4"),
    (Impact.PERSON, Urgency.LOW, "P5"),
]


@pytest.mark.parametrize(("impact", "urgency", "priority"), matrix)
def test_the_matrix_of_impact_and_urgency(impact: Impact, urgency: Urgency, priority: str) -> None:
    """Rule 34."""
    assert Assessment(impact, urgency).priority == priority


def test_SL51_external_customers_raise_the_impact_by_one_step_and_all_three_facts_stay() -> None:
    found = Assessment(Impact.PERSON, Urgency.NORMAL, external=True)
    assert (found.impact, found.effective, found.external, found.raised, found.priority) == (
        Impact.PERSON,
        Impact.GROUP,
        True,
        True,
        "P3",
    )


def test_SL52_wide_stays_wide_and_the_tick_is_kept() -> None:
    found = Assessment(Impact.WIDE, Urgency.HIGH, external=True)
    assert (found.effective, found.external, found.raised, found.priority) == (Impact.WIDE, True, False, "P1")


def test_conditions_hold_when_every_named_fact_has_one_of_the_values() -> None:
    facts = Facts(None, service="it/laptop", requester_department=("returns", "operations"), priority="P2")
    assert not fails({}, facts)
    assert not fails({"service": ["it/laptop", "it/phone"], "requester_department": ["operations"]}, facts)
    assert fails({"service": ["it/phone"], "site": ["Zaragoza"], "priority": ["P2"]}, facts) == ["service", "site"]


def level(position: int, name: str, **conditions: list[str]) -> ServiceLevel:
    made = ServiceLevel(position=position, name={"en": name}, conditions=conditions)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.usefixtures("app")
def test_SL30_of_two_levels_that_match_the_lower_position_is_taken_whatever_they_are_called() -> None:
    later, sooner = level(-1, "A", service=["it/laptop"]), level(-2, "Z", service=["it/laptop"])
    facts = Facts(None, service="it/laptop", priority="P1")
    assert choose(facts).level is sooner
    sooner.name, later.name = {"en": "A"}, {"en": "Z"}
    assert choose(facts).level is sooner
    sooner.active = False
    assert choose(facts).level is later


@pytest.mark.usefixtures("app")
def test_SL31_no_match_is_no_target() -> None:
    for one in db.session.scalars(select(ServiceLevel)):
        one.active = False
    found = choose(Facts(None, priority="P1"))
    assert (found.level, found.targets) == (None, {})


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("priority", "target"),
    [
        ("P1", Target(2 * HOUR)),
        ("P2", Target(4 * HOUR)),
        ("P3", Target(8 * HOUR)),
        ("P4", Target(5, "working_days")),
        ("P5", Target(10, "working_days")),
        ("", Target(5, "working_days")),
    ],
)
def test_initial_targets_by_priority(priority: str, target: Target) -> None:
    assert choose(Facts(None, priority=priority)).targets["fulfilment"] == target


@pytest.mark.usefixtures("app")
def test_every_level_says_why_it_fails_and_one_is_taken() -> None:
    level(-1, "Laptops of Zaragoza", service=["it/laptop"], site=["Zaragoza"])
    tried = try_levels(Facts(None, service="it/laptop", site="Getafe", priority="P2"))
    assert [(one.level.position, one.failed, one.taken) for one in tried[:4]] == [
        (-1, ["site"], False),
        (1, ["priority"], False),
        (2, [], True),
        (3, ["priority"], False),
    ]
