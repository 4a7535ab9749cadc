"""The worst status, impact of an incident, indicator of the page; pure (SP-10, table of the page indicator)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.status.vocabulary import DEGRADED, IMPACT, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, RANK, SEVERITY, UNKNOWN

CRITICAL_SENTENCE = "Major System Outage"
PARTIAL_SENTENCE = "Partial System Outage"
MINOR_SENTENCE = "Minor Service Outage"
SLOW_SENTENCE = "Degraded System Service"
SOME_SLOW_SENTENCE = "Partially Degraded Service"
MAINTENANCE_SENTENCE = "Service Under Maintenance"
FINE_SENTENCE = "All Systems Operational"
SEVERAL = 2


def worst(statuses: Iterable[str]) -> str:
    """Return the worst of the statuses; of none, it is unknown."""
    return max(statuses, key=SEVERITY.__getitem__, default=UNKNOWN)


def impact_of(statuses: Iterable[str]) -> str:
    """Return the impact that declared statuses amount to (SP-10)."""
    return max((IMPACT[status] for status in statuses), key=RANK.__getitem__, default="none")


def highest(impacts: Iterable[str]) -> str:
    """Return the highest of several impacts."""
    return max(impacts, key=RANK.__getitem__, default="none")


@dataclass(frozen=True)
class Open:
    """A published unresolved incident, as far as the indicator needs it."""

    impact: str
    published_at: datetime
    id: str


@dataclass(frozen=True)
class Verdict:
    """The state of the whole page; `incident` is the id of the one whose name is the description, else empty."""

    indicator: str
    sentence: str
    incident: str = ""


def verdict(statuses: Sequence[str], incidents: Iterable[Open]) -> Verdict:
    """Return the page indicator: the first matching line decides, then an incident with a higher impact."""
    by_components = _of_components(statuses)
    top = max(incidents, key=lambda one: (RANK[one.impact], one.published_at, one.id), default=None)
    if top is None or RANK[top.impact] <= RANK[by_components.indicator]:
        return by_components
    return Verdict(top.impact, "", top.id)


def _of_components(statuses: Sequence[str]) -> Verdict:
    there, everywhere = set(statuses), len(set(statuses)) == 1
    if MAJOR in there:
        return Verdict("critical", CRITICAL_SENTENCE) if everywhere else Verdict("major", PARTIAL_SENTENCE)
    if PARTIAL in there:
        return Verdict("major", PARTIAL_SENTENCE) if everywhere else Verdict("minor", MINOR_SENTENCE)
    if DEGRADED in there:
        return Verdict("minor", SLOW_SENTENCE if everywhere and len(statuses) >= SEVERAL else SOME_SLOW_SENTENCE)
    if MAINTENANCE in there:
        return Verdict("maintenance", MAINTENANCE_SENTENCE)
    return Verdict("none", FINE_SENTENCE)


def published(status: str, last_known: str = OPERATIONAL) -> str:
    """Return what may be told: never `unknown` (SP-7, API-3)."""
    return last_known if status == UNKNOWN else status
