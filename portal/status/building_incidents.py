"""From facts to public incidents and windows: only public components are named, embargoed things are not there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.status import course, planning
from portal.status.effective import highest, impact_of
from portal.status.facts import Facts
from portal.status.models import Incident, IncidentImpact, IncidentUpdate, Maintenance, MaintenanceUpdate
from portal.status.view import Affected, PublicIncident, PublicMaintenance, PublicUpdate, Text
from portal.status.vocabulary import RESOLVED, SCHEDULED


@dataclass(frozen=True)
class Register:
    """The public components: those that are there by row id, and the names of all that ever were."""

    ids: Mapping[int, str]
    names: Mapping[int, Text]

    def of(self, components: Iterable[int]) -> tuple[str, ...]:
        """Return the public ids of those that are there, in the order of the page."""
        wanted = set(components)
        return tuple(public for row, public in self.ids.items() if row in wanted)

    def names_of(self, components: Iterable[int]) -> tuple[Text, ...]:
        """Return the names, those of removed components too."""
        wanted = set(components)
        return tuple(name for row, name in self.names.items() if row in wanted)


def incidents_of(facts: Facts, register: Register) -> list[PublicIncident]:
    """Return the incidents with a public effect, the newest publication first (API-1)."""
    made = [_incident(one, facts, register) for one in facts.incidents if concerns_public(one, facts, register)]
    return sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)


def concerns_public(one: Incident, facts: Facts, register: Register) -> bool:
    """Return whether it is public at all: it names nothing, or something public (SP-33)."""
    touched = {row.component_id for row in facts.impacts.get(one.id, [])}
    return not one.internal and bool(facts.updates.get(one.id)) and (not touched or not touched.isdisjoint(register.names))


def _incident(one: Incident, facts: Facts, register: Register) -> PublicIncident:
    updates, impacts = facts.updates[one.id], facts.impacts.get(one.id, [])
    touched = list(dict.fromkeys(row.component_id for row in impacts))
    said = _updates(one, updates, impacts, register)
    return PublicIncident(
        id=one.public_id,
        name=Text(one.name, one.language),
        state=course.state_of(updates),
        impact=course.impact(impacts, updates, register.names, one.declared_impact),
        started_at=one.started_at,
        created_at=one.published_at,
        updated_at=max([update.updated_at for update in said] + ([one.edited_at] if one.edited_at else [])),
        monitoring_at=course.monitoring_at(updates),
        resolved_at=course.resolved_at(updates),
        updates=said,
        components=register.of(touched),
        names=register.names_of(touched),
        for_the_record=one.for_the_record,
    )


def _updates(
    one: Incident, updates: Sequence[IncidentUpdate], impacts: Sequence[IncidentImpact], register: Register
) -> tuple[PublicUpdate, ...]:
    before: dict[int, str] = {}
    made = []
    for update in updates:
        changes = course.changes_of(update, impacts, before)
        before = {} if update.state == RESOLVED else {component: new for component, _old, new in changes}
        affected = tuple(Affected(register.ids[row], old, new) for row, old, new in changes if row in register.ids)
        made.append(_public(one, update, affected, update.next_due_at))
    return tuple(reversed(made))


def windows_of(facts: Facts, register: Register) -> list[PublicMaintenance]:
    """Return the windows with a public effect, the latest start first."""
    made = []
    for one in facts.windows:
        touched = {row.component_id for row in facts.planned.get(one.id, [])}
        if facts.window_updates.get(one.id) and (not touched or not touched.isdisjoint(register.names)):
            made.append(_window(one, touched, facts, register))
    return sorted(made, key=lambda window: (window.scheduled_for, window.id), reverse=True)


def _window(one: Maintenance, touched: set[int], facts: Facts, register: Register) -> PublicMaintenance:
    said = tuple(reversed([_public(one, update) for update in facts.window_updates[one.id]]))
    statuses = [row.status for row in facts.planned.get(one.id, []) if row.component_id in register.names]
    return PublicMaintenance(
        id=one.public_id,
        name=Text(one.name, one.language),
        state=planning.state_of(one, facts.now),
        impact=highest(["maintenance", impact_of(statuses)]),
        scheduled_for=one.scheduled_for,
        scheduled_until=one.scheduled_until,
        started_at=_if_passed(planning.start_of(one), facts.now),
        ended_at=_if_passed(planning.end_of(one), facts.now),
        created_at=one.published_at,
        updated_at=_window_changed(one, said, facts.now),
        updates=said,
        components=register.of(touched),
        names=register.names_of(touched),
        sequence=one.sequence,
        overrunning=planning.is_overrunning(one, facts.now),
    )


def _if_passed(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at <= now else None


def _window_changed(one: Maintenance, said: Sequence[PublicUpdate], now: datetime) -> datetime:
    """Return when what is public of it last changed, by people or by the clock."""
    instants = [one.published_at, *(update.updated_at for update in said)]
    by_clock = (one.edited_at, planning.start_of(one), planning.end_of(one), one.cancelled_at)
    cancelled = planning.state_of(one, now) not in (SCHEDULED,) and one.cancelled_at is not None
    counted = (one.edited_at, one.cancelled_at) if cancelled else by_clock
    return max([*instants, *(at for at in counted if at is not None and at <= now)])


def _public(
    one: Incident | Maintenance,
    update: IncidentUpdate | MaintenanceUpdate,
    affected: tuple[Affected, ...] = (),
    next_due_at: datetime | None = None,
) -> PublicUpdate:
    return PublicUpdate(
        id=update.public_id,
        of=one.public_id,
        state=update.state,
        body=Text(update.body, one.language),
        created_at=update.published_at,
        updated_at=update.edited_at or update.published_at,
        published_at=update.published_at,
        edited_at=update.edited_at,
        affected=affected,
        notify=update.notify,
        next_due_at=next_due_at,
    )
