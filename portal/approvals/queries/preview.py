"""What a route would ask, before anything is sent: names, stand-ins and reasons (AP-11)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import joinedload

from portal.approvals.directory import PeopleNow
from portal.approvals.models import Route, RouteStage
from portal.approvals.rules import Facts, Resolution, applies, resolve
from portal.core.db import db
from portal.people.models import Absence, Person


@dataclass(frozen=True)
class StandIn:
    """Somebody who is away, until when, and who may decide for them; nobody if the delegate may not."""

    absent: Person
    until: datetime
    delegate: Person | None


@dataclass(frozen=True)
class PreviewStage:
    """One stage as the requester sees it before sending. `why` is the rule that gave the people.

    A stage whose band leaves the amount out is shown too, with nobody, and will not be created (AP-1, AP-11).
    """

    label: Mapping[str, str]
    mode: str
    needed: int
    people: tuple[Person, ...]
    stand_ins: tuple[StandIn, ...]
    why: str
    blocked: str
    above: int | None = None
    up_to: int | None = None
    currency: str = ""
    without_tax: bool = False
    applies: bool = True


def preview(route_id: int | None, facts: Facts, now: datetime) -> list[PreviewStage]:
    """Return whom the stages of a route would ask now; no route or no stage gives an empty list."""
    route = db.session.get(Route, route_id, options=[joinedload(Route.stages)]) if route_id else None
    if route is None or not route.stages:
        return []
    if facts.fallback_person_id is None:
        facts = replace(facts, fallback_person_id=route.fallback_id)
    directory = PeopleNow(now)
    directory.prepare(route.stages, facts)
    found: dict[int, Resolution] = {}
    for stage in [each for each in route.stages if applies(each, facts)]:
        found[stage.position] = resolve(stage, facts, directory, _others(found, stage.different_from))
    known = directory.people({asked.person_id for resolution in found.values() for asked in resolution.asked})
    return [_shown(stage, found.get(stage.position), known, facts) for stage in route.stages]


def _others(found: Mapping[int, Resolution], position: int | None) -> set[int]:
    """Return who will surely have decided the stage that this one must differ from."""
    asked = found[position].asked if position is not None and position in found else ()
    return {asked[0].person_id} if len(asked) == 1 else set()


def _shown(
    stage: RouteStage, resolution: Resolution | None, known: Mapping[int, tuple[Person, Absence | None]], facts: Facts
) -> PreviewStage:
    found = resolution or Resolution(())
    asked = [known[asked.person_id] for asked in found.asked]
    return PreviewStage(
        label=stage.name,
        mode=stage.mode,
        needed=stage.needed,
        people=tuple(person for person, _ in asked),
        stand_ins=tuple(_stand_in(person, absence, facts.parties) for person, absence in asked if absence is not None),
        why=found.asked[0].rule if found.asked else "",
        blocked=found.blocked,
        above=stage.above,
        up_to=stage.up_to,
        currency=stage.currency,
        without_tax=stage.without_tax,
        applies=resolution is not None,
    )


def _stand_in(person: Person, absence: Absence, parties: Collection[int]) -> StandIn:
    delegate = None if absence.delegate_id in parties else absence.delegate
    return StandIn(person, absence.until_at, delegate)
