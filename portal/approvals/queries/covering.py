"""Whether the stages of a route find somebody in every case: pure rules over a company that is read once (AP-32)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from portal.approvals.models import RouteStage
from portal.approvals.rules import Facts, Resolution, applies, resolve
from portal.core.db import db
from portal.people import queries as people
from portal.people.models import Department, Person, Role, RoleGrant

INVENTED = 0
"""The id of a requester who does not exist: somebody of a department who is nobody in particular."""
NO_STAGE = "no_stage"


@dataclass(frozen=True)
class Member:
    """What the rules may ask about an active person."""

    department_id: int
    manager_id: int | None
    site: str


@dataclass(frozen=True)
class Company:
    """Everybody at one moment, as the rules ask for them."""

    departments: Mapping[int, Department]
    members: Mapping[int, Member]
    granted: Mapping[str, Sequence[tuple[int | None, int]]]

    def heads(self, department_id: int) -> Sequence[int]:
        """Return the heads of one department."""
        return self._heads.get(department_id, ())

    @cached_property
    def _heads(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for where, person_id in self.granted.get(Role.HEAD, ()):
            if where is not None and person_id not in found[where]:
                found[where].append(person_id)
        return found

    def above(self, department_id: int) -> Sequence[int]:
        """Return the departments above one, nearest first."""
        found: list[int] = []
        above = self.departments[department_id].parent_id
        while above is not None and above not in found:
            found.append(above)
            above = self.departments[above].parent_id
        return found

    def holders(self, role: str, department_id: int | None) -> Sequence[int]:
        """Return who has a role, in a department or anywhere."""
        rows = self.granted.get(role, ())
        return list(dict.fromkeys(person for where, person in rows if department_id is None or where == department_id))

    def manager(self, person_id: int) -> int | None:
        """Return the manager of a person."""
        return self.members[person_id].manager_id if person_id in self.members else None

    def department(self, person_id: int) -> int | None:
        """Return the department of a person."""
        return self.members[person_id].department_id if person_id in self.members else None

    def is_active(self, person_id: int) -> bool:
        """Return whether the person is still here."""
        return person_id in self.members


def company(now: datetime) -> Company:
    """Read the company in three statements."""
    columns = (Person.id, Person.department_id, Person.manager_id, Person.site)
    rows = db.session.execute(select(*columns).where(Person.active))
    members = {id_: Member(department_id, manager_id, site) for id_, department_id, manager_id, site in rows}
    granted: dict[str, list[tuple[int | None, int]]] = defaultdict(list)
    grants = select(RoleGrant.role, RoleGrant.department_id, RoleGrant.person_id)
    held = grants.join(Person, Person.id == RoleGrant.person_id).where(Person.active, people.current_grants(now))
    for role, where, person_id in db.session.execute(held.order_by(RoleGrant.person_id)):
        granted[role].append((where, person_id))
    return Company({each.id: each for each in db.session.scalars(select(Department))}, members, granted)


# --- the amounts worth trying ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amounts:
    """The sums between two edges of bands, all of which ask the same stages; without edges every sum."""

    above: int | None = None
    up_to: int | None = None
    currency: str = ""
    without_tax: bool = False

    @property
    def sample(self) -> int | None:
        """Return one of them: the smallest."""
        if self.above is None and self.up_to is None:
            return None
        return 0 if self.above is None else self.above + 1


def amounts_of(stages: Iterable[RouteStage]) -> list[Amounts]:
    """Return the sums to try, from edge to edge of the bands of the stages (AP-10)."""
    found = list(stages)
    edges = sorted({edge for stage in found for edge in (stage.above, stage.up_to) if edge is not None})
    currency = next((stage.currency for stage in found if stage.currency), "")
    without_tax = any(stage.without_tax for stage in found)
    return [Amounts(above, up_to, currency, without_tax) for above, up_to in zip([None, *edges], [*edges, None], strict=True)]


# --- gaps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A stage that finds nobody, or too few; or sums for which nobody is asked though smaller ones are."""

    stage: RouteStage | None
    why: str


def gaps_of(stages: Sequence[RouteStage], facts: Facts, amounts: Amounts, found_in: Company) -> list[Gap]:
    """Return what the route lacks for these sums, asked for by this requester."""
    facts = replace(facts, amount=amounts.sample, net=amounts.sample, currency=amounts.currency)
    asked = [stage for stage in stages if applies(stage, facts)]
    if not asked:
        return [Gap(None, NO_STAGE)] if _were_forgotten(stages, amounts) else []
    found: dict[int, Resolution] = {}
    gaps = []
    for stage in asked:
        tried = [resolve(stage, facts, found_in, others) for others in _others(found, stages, stage.different_from)]
        found[stage.position] = tried[0]
        blocked = next((each.blocked for each in tried if each.blocked), "")
        if blocked:
            gaps.append(Gap(stage, blocked))
    return gaps


def _were_forgotten(stages: Sequence[RouteStage], amounts: Amounts) -> bool:
    """Return whether smaller sums are asked about, so that these were forgotten rather than left free."""
    return amounts.above is not None and any((stage.above or 0) < amounts.above for stage in stages)


def _others(found: Mapping[int, Resolution], stages: Sequence[RouteStage], position: int | None) -> list[Collection[int]]:
    """Return each set of people who may have decided the stage that this one must differ from."""
    earlier = found.get(position) if position is not None else None
    asked = [each.person_id for each in earlier.asked] if earlier else []
    mode = next((stage.mode for stage in stages if stage.position == position), "")
    if mode == "any":
        return [{person} for person in asked] or [()]
    return [asked]
