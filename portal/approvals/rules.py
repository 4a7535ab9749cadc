"""Who is asked in a stage: pure rules over facts and a directory of people (AP-2, AP-3, AP-4, AP-6 to AP-8)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.people.models import Role

HEAD_ABOVE = "head_above"
FALLBACK = "fallback"
NOBODY = "nobody"
TOO_FEW = "too_few"


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a subject. None of the first four is missing: who has no other is the requester."""

    requester_id: int
    beneficiary_id: int
    author_id: int
    editor_id: int
    requester_department_id: int
    service_department_id: int
    amount: int | None = None
    fallback_person_id: int | None = None
    currency: str = ""
    net: int | None = None

    @property
    def parties(self) -> frozenset[int]:
        """Return the people whom rule 6 excludes."""
        return frozenset((self.requester_id, self.beneficiary_id, self.author_id, self.editor_id))


class StageRule(Protocol):
    """The part of a stage that says who is asked; a stage of a route and one that runs both have it."""

    @property
    def mode(self) -> str:
        """any, all or count."""

    @property
    def needed(self) -> int:
        """How many persons must agree in a stage that counts."""

    @property
    def rule(self) -> str:
        """The approver rule."""

    @property
    def person_id(self) -> int | None:
        """Whom the rule "person" names."""

    @property
    def role(self) -> str | None:
        """What the rule "role" names."""

    @property
    def department_id(self) -> int | None:
        """The scope of that role."""


class Banded(Protocol):
    """The part of a stage that says for which amounts it is asked."""

    @property
    def above(self) -> int | None:
        """The amount that is still too small, in minor units."""

    @property
    def up_to(self) -> int | None:
        """The largest amount."""

    @property
    def currency(self) -> str:
        """The currency of both."""

    @property
    def without_tax(self) -> bool:
        """Whether they are compared with the sum without tax."""


def applies(stage: Banded, facts: Facts) -> bool:
    """Return whether the amount lies in the stage's band `(above, up_to]`: exactly the limit belongs to the lower one (AP-5).

    An amount that is not known, or is one of another currency, leaves no stage out. Where the sum without tax is not
    known, it is at most the whole sum, which then says only whether the band can be reached: it asks rather more.
    """
    net_unknown = stage.without_tax and facts.net is None
    amount = facts.net if stage.without_tax and not net_unknown else facts.amount
    if amount is None or facts.currency != stage.currency:
        return True
    reached = stage.above is None or amount > stage.above
    return reached and (net_unknown or stage.up_to is None or amount <= stage.up_to)


class Directory(Protocol):
    """What the rules ask of the company; only active people are in it."""

    def heads(self, department_id: int) -> Sequence[int]:
        """Return the heads of one department."""

    def above(self, department_id: int) -> Sequence[int]:
        """Return the departments above one, nearest first."""

    def holders(self, role: str, department_id: int | None) -> Sequence[int]:
        """Return who has a role, in a department or anywhere."""

    def manager(self, person_id: int) -> int | None:
        """Return the manager of a person."""

    def department(self, person_id: int) -> int | None:
        """Return the department of a person."""

    def is_active(self, person_id: int) -> bool:
        """Return whether the person is still here."""


@dataclass(frozen=True)
class Asked:
    """One person to ask, and the rule that gave them."""

    person_id: int
    rule: str


@dataclass(frozen=True)
class Resolution:
    """Whom a stage asks, or why it is blocked (AP-8)."""

    asked: tuple[Asked, ...]
    blocked: str = ""


def resolve(stage: StageRule, facts: Facts, directory: Directory, others: Collection[int] = ()) -> Resolution:
    """Return whom the stage asks: its rule, else the heads above, else the fallback, else nobody; never a party (AP-6).

    `others` decided the stage from which this one must differ (AP-7).
    """
    excluded = facts.parties | set(others)
    for rule, people in _levels(stage, facts, directory):
        left = [person for person in dict.fromkeys(people) if person not in excluded]
        if left:
            return _enough(stage, tuple(Asked(person, rule) for person in left))
    return Resolution((), NOBODY)


def _enough(stage: StageRule, asked: tuple[Asked, ...]) -> Resolution:
    if stage.mode == "count" and len(asked) < stage.needed:
        return Resolution((), TOO_FEW)
    return Resolution(asked)


def _levels(stage: StageRule, facts: Facts, directory: Directory) -> Iterator[tuple[str, Sequence[int]]]:
    yield stage.rule, _named(stage, facts, directory)
    yield from climb(_home(stage, facts, directory), directory, with_own=stage.rule not in ("requester_head", "service_head"))
    fallback = facts.fallback_person_id
    if fallback is not None and directory.is_active(fallback):
        yield FALLBACK, [fallback]


def _named(stage: StageRule, facts: Facts, directory: Directory) -> Sequence[int]:
    if stage.rule == "requester_head":
        return directory.heads(facts.requester_department_id)
    if stage.rule == "service_head":
        return directory.heads(facts.service_department_id)
    if stage.rule == "role":
        return _holders(stage, directory)
    named = directory.manager(facts.requester_id) if stage.rule == "manager" else stage.person_id
    return [named] if named is not None and directory.is_active(named) else []


def _holders(stage: StageRule, directory: Directory) -> Sequence[int]:
    if stage.role == Role.HEAD and stage.department_id is not None:
        return directory.heads(stage.department_id)
    return directory.holders(stage.role or "", stage.department_id)


def _home(stage: StageRule, facts: Facts, directory: Directory) -> int:
    """Return the department from which the rule climbs."""
    if stage.rule in ("requester_head", "manager"):
        return facts.requester_department_id
    named = stage.department_id if stage.rule == "role" else None
    if stage.rule == "person" and stage.person_id is not None:
        named = directory.department(stage.person_id)
    return named or facts.service_department_id


def climb(department_id: int, directory: Directory, *, with_own: bool) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the heads of the departments above, nearest first; `with_own` begins at the department itself."""
    if with_own:
        yield HEAD_ABOVE, directory.heads(department_id)
    for above in directory.above(department_id):
        yield HEAD_ABOVE, directory.heads(above)


def next_level(person_id: int, excluded: Collection[int], facts: Facts, directory: Directory) -> Asked | None:
    """Return who is asked beside a person who cannot or does not decide: manager, head above, fallback (AP-22, AP-25)."""
    manager = directory.manager(person_id)
    candidates = [("manager", [manager] if manager is not None and directory.is_active(manager) else [])]
    home = directory.department(person_id)
    if home is not None:
        candidates += [(rule, list(people)) for rule, people in climb(home, directory, with_own=True)]
    fallback = facts.fallback_person_id
    if fallback is not None and directory.is_active(fallback):
        candidates.append((FALLBACK, [fallback]))
    barred = facts.parties | set(excluded) | {person_id}
    for rule, people in candidates:
        for person in people:
            if person not in barred:
                return Asked(person, rule)
    return None


@dataclass(frozen=True)
class Vote:
    """One decision as the outcome counts it: for which seat group, by whom, and what."""

    seat_group_id: str
    person_id: int
    outcome: str


@dataclass(frozen=True)
class OpenSeat:
    """One alternative of a seat that is still to be decided."""

    seat_group_id: str
    person_id: int


def outcome(mode: str, needed: int, votes: Sequence[Vote], seats: Sequence[OpenSeat]) -> str | None:
    """Return the outcome of a stage, or None while it is open (AP-2, AP-3)."""
    said = {vote.outcome for vote in votes}
    if "returned" in said:
        return "returned"
    if mode == "count":
        return _counted(needed, votes, seats)
    if "rejected" in said:
        return "rejected"
    if "approved" in said and (mode == "any" or not seats):
        return "approved"
    return None


def _counted(needed: int, votes: Sequence[Vote], seats: Sequence[OpenSeat]) -> str | None:
    agreed = {vote.person_id for vote in votes if vote.outcome == "approved"}
    if len(agreed) >= needed:
        return "approved"
    refused = {vote.person_id for vote in votes if vote.outcome == "rejected"}
    left = {seat.seat_group_id for seat in seats if seat.person_id not in agreed | refused}
    return "rejected" if refused and len(agreed) + len(left) < needed else None
