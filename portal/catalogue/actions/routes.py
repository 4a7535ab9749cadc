"""The editor's work on the route of a service: ordered stages, without drag (approvals.md 1 to 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from portal.approvals.models import Route, RouteStage
from portal.audit import actions as audit
from portal.catalogue.events import ServiceChanged
from portal.catalogue.models import Service
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person

MOST_STAGES = 9


class StaleRoute(Refused):
    """Somebody else has saved the route since the page was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed these stages meanwhile."))


@dataclass(frozen=True)
class Stage:
    """What an editor says of one stage."""

    name: Mapping[str, str]
    mode: str
    needed: int
    rule: str
    person_id: int | None = None
    role: str | None = None
    department_id: int | None = None
    different_from: int | None = None
    above: int | None = None
    up_to: int | None = None
    currency: str = ""
    without_tax: bool = False


Linked = tuple[Stage, Stage | None]


def add_stage(service: Service, stage: Stage, seen_revision: int, by: Person) -> None:
    """Add a stage at the end; its tax rule is that of the whole route (AP-5)."""
    route = _hold(service, seen_revision)
    stages = _taxed_alike([*_stages(route), stage], stage)
    if len(stages) > MOST_STAGES:
        raise Refused(_("A route has at most %(most)s stages.", most=MOST_STAGES))
    _write(service, route, stages, by)


def change_stage(service: Service, position: int, stage: Stage, seen_revision: int, by: Person) -> None:
    """Replace what one stage says; its tax rule is that of the whole route (AP-5)."""
    route = _hold(service, seen_revision)
    stages = _stages(route)
    _place(stages, position)
    stages[position - 1] = stage
    _write(service, route, _taxed_alike(stages, stage), by)


def _taxed_alike(stages: Sequence[Stage], saved: Stage) -> list[Stage]:
    return [replace(each, without_tax=saved.without_tax) for each in stages]


def move_stage(service: Service, position: int, step: int, seen_revision: int, by: Person) -> None:
    """Move a stage one place up (-1) or down (1); "different person" follows the stage it names, or ends."""
    route = _hold(service, seen_revision)
    stages = _stages(route)
    _place(stages, position)
    other = position + step
    if not 1 <= other <= len(stages):
        return
    linked = _linked(stages)
    linked[position - 1], linked[other - 1] = linked[other - 1], linked[position - 1]
    _write(service, route, _relinked(linked), by)


def remove_stage(service: Service, position: int, seen_revision: int, by: Person) -> None:
    """Take a stage out."""
    route = _hold(service, seen_revision)
    stages = _stages(route)
    _place(stages, position)
    linked = _linked(stages)
    del linked[position - 1]
    _write(service, route, _relinked(linked), by)


def set_fallback(service: Service, person: Person | None, seen_revision: int, by: Person) -> None:
    """Say who decides where the rules find nobody that may (AP-6)."""
    route = _hold(service, seen_revision)
    route.fallback_id = person.id if person else None
    _write(service, route, _stages(route), by)


def revision_of(service: Service) -> int:
    """Return the revision of the route, 0 while there is none."""
    return service.route.revision if service.route else 0


def _hold(service: Service, seen_revision: int) -> Route:
    lock(Service, service.id)
    if service.route is not None:
        lock(Route, service.route.id)
        db.session.expire(service.route, ["stages"])
    if revision_of(service) != seen_revision:
        raise StaleRoute
    if service.route is None:
        service.route = Route(revision=0)
        db.session.flush()
    return service.route


def _stages(route: Route) -> list[Stage]:
    names = Stage.__dataclass_fields__
    return [Stage(**{name: getattr(row, name) for name in names}) for row in route.stages]


def _place(stages: Sequence[Stage], position: int) -> None:
    if not 1 <= position <= len(stages):
        raise Refused(_("This stage is no longer there."))


def _linked(stages: Sequence[Stage]) -> list[Linked]:
    """Return each stage with the one it names in "different person"."""
    return [(stage, stages[stage.different_from - 1] if stage.different_from else None) for stage in stages]


def _relinked(linked: Sequence[Linked]) -> list[Stage]:
    """Return the stages in their new order; what a stage names must stand before it, else it names nobody."""
    found = []
    for place, (stage, other) in enumerate(linked):
        earlier = [position for position, (each, _other) in enumerate(linked[:place], 1) if each is other]
        found.append(replace(stage, different_from=earlier[0] if earlier else None))
    return found


def _write(service: Service, route: Route, stages: Sequence[Stage], by: Person) -> None:
    before = [_told(row) for row in _stages(route)]
    route.stages.clear()
    db.session.flush()
    route.stages.extend(RouteStage(position=place, **vars(stage)) for place, stage in enumerate(stages, 1))
    route.revision += 1
    db.session.flush()
    audit.record(by, "route.changed", "service", service.id, before={"stages": before}, after={"stages": [*map(_told, stages)]})
    publish(ServiceChanged(service.id, by.id))


def _told(stage: Stage) -> dict[str, Any]:
    return vars(stage) | {"name": dict(stage.name)}
