"""Which requests there are: how many stand where, how old they are, and those of the people who sign in."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.demo.cases import it, people, work
from portal.demo.company import Employee
from portal.demo.telling import Case
from portal.people.models import Role

CASES = (*it.CASES, *people.CASES, *work.CASES)


@dataclass(frozen=True)
class Plan:
    """One request to come: where it will stand, how many days ago it was sent, and perhaps by and for whom and of which case."""

    ending: str
    oldest: float
    newest: float
    requester: str = ""
    service: str = ""
    agent: str = ""
    # for whom it was asked, if not for the one who asked
    beneficiary: str = ""
    # what happens then: its promise is raised, waits for a supplier or is missed, or a part of it is split off
    then: str = ""


# What the people who sign in find as their own (contract.md), and a request whose only approver is its requester.
PINNED = (
    Plan("waiting", 1.2, 0.9, "employee", it.JOINER),
    Plan("waiting", 0.9, 0.5, "improver", people.DAY_OFF),
    Plan("waiting", 0.6, 0.2, "employee", people.COURSE),
    Plan("waiting", 0.9, 0.4, "joana.pires", work.SUPPLIES),
    Plan("waiting", 2.1, 1.5, "employee2", it.ACCESS),
    Plan("asking", 3.0, 2.0, "employee", it.FAULT, "agent"),
    Plan("working", 6.0, 5.0, "employee", it.LAPTOP, "agent"),
    Plan("working", 4.0, 3.0, "employee2", it.FAULT, "agent"),
    Plan("returned", 3.5, 3.0, "employee", work.SUPPLIES),
    Plan("solved", 4.0, 3.0, "employee", it.PASSWORD, "agent"),
    Plan("open", 0.4, 0.2, "employee", work.FAULT),
    Plan("waiting", 0.8, 0.3, "employee", work.OFFICE),
    Plan("rejected", 12.0, 10.0, "employee", people.COURSE),
    Plan("withdrawn", 20.0, 18.0, "employee", people.VISIT),
    Plan("reopened", 9.0, 8.0, "employee", it.LAPTOP, "agent"),
    Plan("asking", 5.0, 4.0, "employee2", it.SCANNER, "agent"),
    Plan("working", 3.0, 2.0, "partner", work.DOCK),
    Plan("solved", 6.0, 5.0, "partner", work.OFF_ROUTE),
    Plan("solved", 5.0, 4.0, "head", work.FIGURES),
    Plan("working", 8.0, 6.0, "delegate", people.HEALTH),
    Plan("working", 5.0, 4.0, "employee", people.HEALTH),
    Plan("waiting", 1.5, 1.0, "head2", people.DAY_OFF),
    Plan("open", 2.2, 1.9, "joana.pires", it.ACCESS),
    Plan("working", 2.6, 2.2, "adria.puigdomenech", it.PROGRAM, "agent", then="split"),
    Plan("waiting", 4.0, 3.5, "carlos.mendizabal", it.LAPTOP),
    Plan("waiting", 1.4, 1.0, "employee2", work.SUPPLIES),  # above the sum from which general management decides too
    Plan("working", 0.5, 0.4, "improver", it.FAULT, "agent", then="raised"),
    Plan("working", 6.0, 5.0, "employee2", it.LAPTOP, "agent", then="supplier"),
    Plan("working", 13.0, 12.0, "employee", it.FAULT, "agent", then="missed"),
    Plan("working", 2.0, 1.0, "agent", it.FAULT, "pau.casals", beneficiary="employee"),
)
# ending: how many in all, oldest and newest in days
SHARES = {
    "closed": (70, 200.0, 18.0),
    "solved": (22, 11.0, 2.0),
    "working": (30, 13.0, 0.8),
    "open": (22, 3.0, 0.1),
    "asking": (13, 15.0, 1.0),
    "waiting": (17, 4.0, 0.1),
    "returned": (4, 5.0, 1.0),
    "reopened": (4, 12.0, 4.0),
    "rejected": (10, 150.0, 5.0),
    "withdrawn": (7, 120.0, 2.0),
}
NEEDS = {
    "asking": lambda case: case.ask,
    "returned": lambda case: case.correction[0],
    "reopened": lambda case: case.again,
    "rejected": lambda case: case.refusal,
}


def plans() -> Iterator[Plan]:
    """Return the requests to come: 199, and one that is split off."""
    yield from PINNED
    for ending, (count, oldest, newest) in SHARES.items():
        there = sum(plan.ending == ending for plan in PINNED)
        yield from [Plan(ending, oldest, newest)] * (count - there)


def fits(case: Case, plan: Plan, approved_services: frozenset[str]) -> bool:
    """Return whether the case can end as planned."""
    if plan.service and case.service != plan.service:
        return False
    if plan.requester and case.by and plan.requester not in case.by:
        return False
    if plan.ending in ("waiting", "returned", "rejected") and case.service not in approved_services:
        return False
    needed = NEEDS.get(plan.ending)
    return not needed or bool(needed(case))


def may_ask(employee: Employee, audience: tuple[str, ...], department: str) -> bool:
    """Return whether somebody would ask this: in the audience, and not of the own department."""
    outside = Role.PARTNER in employee.roles
    if Role.AUDITOR in employee.roles or employee.key == "carlos.mendizabal":
        return False
    named = {f"department:{employee.department}", "partners" if outside else "employees", "role:head" if employee.head else ""}
    return bool(named & set(audience)) and employee.department != department
