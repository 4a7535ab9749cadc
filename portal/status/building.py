"""From facts to the public view: every rule about what may be seen is applied here and nowhere else (SP-32 to SP-36)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.status import course, uptime
from portal.status.building_incidents import Register, incidents_of, windows_of
from portal.status.effective import Open, published, verdict, worst
from portal.status.facts import Facts, is_public
from portal.status.models import Component, ComponentGroup
from portal.status.planned import planned_for
from portal.status.spans import Declared, Period, Planned, Span, spans, status_at
from portal.status.stamps import Stamp
from portal.status.verdicts import describe
from portal.status.view import PublicComponent, PublicGroup, PublicIncident, PublicView, Text
from portal.status.vocabulary import MONITORED, OPERATIONAL, UNKNOWN

Kept = Mapping[int, Mapping[date, int | None]]


def build(facts: Facts, stamp: Stamp, zone: str, kept: Kept, languages: Sequence[str]) -> PublicView:
    """Return all that is public at the instant of the facts."""
    now = facts.now
    there = [one for one in facts.components if is_public(one) and (one.removed_at is None or one.removed_at > now)]
    today = now.astimezone(ZoneInfo(zone)).date()
    maker = Maker(facts, zone, now, languages[0])
    statuses = {one.id: maker.status(one) for one in there}
    troubled = any(status != OPERATIONAL for status in statuses.values())
    as_of = _as_of(now, stamp, zone, troubled)
    made = {one.id: maker.component(one, as_of, kept.get(one.id, {})) for one in there}
    register = Register({one.id: one.public_id for one in there}, _names(facts, languages[0]))
    incidents = incidents_of(facts, register)
    found = verdict([one.status for one in made.values()], [Open(i.impact, i.created_at, i.id) for i in incidents if i.is_open])
    return PublicView(
        page_id=stamp.page_id,
        revision=stamp.number,
        zone=zone,
        now=now,
        as_of=as_of,
        updated_at=stamp.latest,
        today=today,
        verdict=found,
        description=describe(found, incidents),
        items=_items(there, made, incidents, languages[0]),
        incidents=tuple(incidents),
        maintenances=tuple(windows_of(facts, register)),
    )


def _as_of(now: datetime, stamp: Stamp, zone: str, troubled: bool) -> datetime:
    """Return until when seconds are counted: to the minute while something is not as it should be, else since the last change."""
    if troubled:
        return max(now.replace(second=0, microsecond=0), min(stamp.latest, now))
    midnight = uptime.day_begins(now.astimezone(ZoneInfo(zone)).date(), zone)
    return min(now, max(stamp.latest, midnight))


def _names(facts: Facts, language: str) -> dict[int, Text]:
    """Return the names of public components, of removed ones too: the texts of past incidents keep them (SP-31)."""
    return {one.id: Text(one.name, language) for one in facts.components if is_public(one)}


class Maker:
    """Makes the public components of one instant."""

    def __init__(self, facts: Facts, zone: str, now: datetime, language: str) -> None:
        self.facts, self.zone, self.now, self.language = facts, zone, now, language
        self.impacts: dict[int, list[Declared]] = defaultdict(list)
        for one in facts.incidents:
            rows, updates = facts.impacts.get(one.id, []), facts.updates.get(one.id, [])
            for component, found in course.declared(rows, updates, one.started_at, one.public_id).items():
                self.impacts[component].extend(found)
        self.windows: Mapping[int, Sequence[Planned]] = planned_for(facts)

    def begins(self, one: Component) -> datetime:
        """Return the instant from which a component is measured."""
        return uptime.day_begins(one.start_date, self.zone)

    def baseline(self, one: Component) -> list[Declared]:
        """Return what people and checks confirmed; after a gap between checks nothing is known (SP-6)."""
        known = [] if one.observation == MONITORED else [Declared(OPERATIONAL, Period(self.begins(one)))]
        known += [Declared(row.status, Period(row.since)) for row in self.facts.baselines.get(one.id, [])]
        silent = unconfirmed_from(one, self.now)
        return [*known, Declared(UNKNOWN, Period(silent))] if silent else known

    def status(self, one: Component) -> str:
        """Return the effective status now, `unknown` included."""
        return status_at(self.baseline(one), self.impacts[one.id], self.windows.get(one.id, ()), self.now)

    def component(self, one: Component, as_of: datetime, kept: Mapping[date, int | None]) -> PublicComponent:
        """Return what may be seen of a component."""
        found = self.spans(one, as_of)
        status = self.status(one)
        lost, facts = status == UNKNOWN, sorted(self.baseline(one), key=lambda each: each.period.since)
        known = [each.status for each in facts if each.status != UNKNOWN]
        silent = [each.period.since for each in facts if each.status == UNKNOWN]
        return PublicComponent(
            id=one.public_id,
            name=Text(one.name, self.language),
            description=Text(one.description, self.language) if one.description and any(one.description.values()) else None,
            status=published(status, known[-1] if known else OPERATIONAL),
            created_at=one.created_at,
            updated_at=max(one.updated_at, last_change(found) or one.updated_at),
            position=one.position,
            showcase=one.showcase,
            start_date=one.start_date,
            group_id=one.group.public_id if one.group else None,
            only_show_if_degraded=one.only_show_if_degraded,
            spans=tuple(found),
            unconfirmed_since=silent[-1] if lost and known and silent else None,
            never_confirmed=lost and not known,
            kept_days=kept,
        )

    def spans(self, one: Component, as_of: datetime) -> list[Span]:
        """Return the spans of the 90 days, or since the component began (SP-27)."""
        first = uptime.day_begins(uptime.window(self.now, self.zone)[0], self.zone)
        start = max(first, self.begins(one))
        if start >= as_of:
            return []
        return spans(self.baseline(one), self.impacts[one.id], self.windows.get(one.id, ()), start, as_of)


def unconfirmed_from(one: Component, now: datetime) -> datetime | None:
    """Return the last check, when it lies too far back to tell what is now (SP-6)."""
    if one.checked_at is None or one.patience_seconds is None:
        return None
    return one.checked_at if one.checked_at + timedelta(seconds=one.patience_seconds) < now else None


def last_change(found: Sequence[Span]) -> datetime | None:
    """Return when the status last changed within the spans."""
    changed: datetime | None = None
    for before, after in pairwise(found):
        changed = after.since if before.status != after.status else changed
    return changed


def _items(
    there: Sequence[Component], made: Mapping[int, PublicComponent], incidents: Sequence[PublicIncident], language: str
) -> tuple[PublicGroup | PublicComponent, ...]:
    """Return groups and single components in the order of the page; a group without public children is not there (SP-8)."""
    children: dict[int, list[PublicComponent]] = defaultdict(list)
    groups: dict[int, ComponentGroup] = {}
    for one in there:
        if one.group is not None:
            groups[one.group.id] = one.group
            children[one.group.id].append(made[one.id])
    ordered: list[tuple[int, int, int, PublicGroup | PublicComponent]] = [
        (group.position, 0, group.id, _group(group, children[id_], incidents, language)) for id_, group in groups.items()
    ]
    ordered += [(one.position, 1, one.id, made[one.id]) for one in there if one.group is None]
    return tuple(entry[3] for entry in sorted(ordered, key=lambda entry: entry[:3]))


def _group(
    group: ComponentGroup, children: Sequence[PublicComponent], incidents: Sequence[PublicIncident], language: str
) -> PublicGroup:
    ids = {one.id for one in children}
    return PublicGroup(
        id=group.public_id,
        name=Text(group.name, language),
        status=worst(one.status for one in children),
        created_at=group.created_at,
        updated_at=max([group.updated_at, *(one.updated_at for one in children)]),
        position=group.position,
        children=tuple(children),
        open_incidents=sum(1 for one in incidents if one.is_open and ids & set(one.components)),
    )
