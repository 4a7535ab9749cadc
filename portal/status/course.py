"""The course of one incident, from its published updates and declared impacts; pure (SP-9 to SP-11)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from portal.status.effective import highest, impact_of
from portal.status.spans import Declared, Period
from portal.status.vocabulary import INVESTIGATING, MONITORING, OPEN_STATES, OPERATIONAL, RESOLVED


class Said(Protocol):
    """A published update."""

    id: int
    state: str
    published_at: datetime
    retracts: bool


class Impact(Protocol):
    """What an update declared of a component."""

    update_id: int
    component_id: int
    status: str
    since: datetime


def state_of(updates: Sequence[Said]) -> str:
    """Return the state that the newest update set."""
    return updates[-1].state if updates else INVESTIGATING


def is_retracted(updates: Iterable[Said]) -> bool:
    """Return whether it was a wrong publication: then it never had an effect (SP-14)."""
    return any(one.retracts for one in updates)


def resolved_at(updates: Sequence[Said]) -> datetime | None:
    """Return when it was resolved, none while it is open or after it was reopened."""
    found: datetime | None = None
    for update in updates:
        if update.state in OPEN_STATES:
            found = None
        elif update.state == RESOLVED and found is None:
            found = update.published_at
    return found


def monitoring_at(updates: Sequence[Said]) -> datetime | None:
    """Return when it was first watched after the last time that it was not."""
    found: datetime | None = None
    for update in updates:
        if update.state == MONITORING:
            found = found or update.published_at
        elif update.state in OPEN_STATES:
            found = None
    return found


def open_periods(updates: Sequence[Said], started_at: datetime) -> list[Period]:
    """Return the periods in which its impacts count: until a resolution, and again from a reopening."""
    if is_retracted(updates):
        return []
    periods: list[Period] = []
    since: datetime | None = started_at
    for update in updates:
        if since is not None and update.state not in OPEN_STATES:
            periods.append(Period(since, max(since, update.published_at)))
            since = None
        elif since is None and update.state in OPEN_STATES:
            since = update.published_at
    return periods if since is None else [*periods, Period(since)]


def declared(
    impacts: Sequence[Impact], updates: Sequence[Said], started_at: datetime, cause: str
) -> Mapping[int, Sequence[Declared]]:
    """Return by component what the incident declared, cut to the periods in which it counts."""
    by_component: dict[int, list[Impact]] = defaultdict(list)
    for impact in impacts:
        by_component[impact.component_id].append(impact)
    open_ = open_periods(updates, started_at)
    return {component: list(_cut(rows, open_, cause)) for component, rows in by_component.items()}


def _cut(rows: Sequence[Impact], open_: Sequence[Period], cause: str) -> Iterable[Declared]:
    ends = [*(row.since for row in rows[1:]), None]
    for row, end in zip(rows, ends, strict=True):
        for period in open_:
            since = max(row.since, period.since)
            until = min((one for one in (end, period.until) if one is not None), default=None)
            if until is None or since < until:
                yield Declared(row.status, Period(since, until), cause)


def current(impacts: Iterable[Impact], components: Iterable[int]) -> dict[int, str]:
    """Return what the incident declares now of those of its components that are asked for."""
    wanted = set(components)
    return {one.component_id: one.status for one in impacts if one.component_id in wanted}


def impact(impacts: Sequence[Impact], updates: Sequence[Said], components: Iterable[int], declared_impact: str | None) -> str:
    """Return its impact: while open that of its present statuses, afterwards the highest reached (SP-10)."""
    if is_retracted(updates):
        return "none"
    if declared_impact:
        return declared_impact
    wanted = set(components)
    if state_of(updates) in OPEN_STATES:
        return impact_of(current(impacts, wanted).values())
    return highest(impact_of([one.status]) for one in impacts if one.component_id in wanted)


def changes_of(update: Said, impacts: Sequence[Impact], before: Mapping[int, str]) -> list[tuple[int, str, str]]:
    """Return (component, status before, status after) of what an update declared; a resolution lets go of all."""
    if update.state == RESOLVED:
        return [(component, status, OPERATIONAL) for component, status in before.items()]
    own = {one.component_id: one.status for one in impacts if one.update_id == update.id}
    after = {**before, **own}
    return [(component, before.get(component, OPERATIONAL), status) for component, status in after.items()]
