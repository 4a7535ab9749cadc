"""From facts to the periods of effective status, half-open and without gaps or overlaps; pure (SP-1 to SP-7, SP-20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from portal.status.effective import worst
from portal.status.vocabulary import SEVERITY, UNKNOWN


@dataclass(frozen=True)
class Period:
    """Half-open `[since, until)`; without `until` it goes on."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether the instant lies within."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Declared:
    """A status that a person, a check or an incident declares for a period."""

    status: str
    period: Period
    cause: str = ""


@dataclass(frozen=True)
class Planned:
    """An active window with its declared status, and the periods that a published version had covered beforehand (SP-20)."""

    status: str
    period: Period
    announced: Sequence[Period]
    cause: str = ""


@dataclass(frozen=True)
class Span:
    """A period with one effective status; `excluded` seconds take no part in uptime."""

    status: str
    since: datetime
    until: datetime
    excluded: bool = False
    cause: str = ""


def spans(
    baseline: Sequence[Declared], impacts: Sequence[Declared], windows: Sequence[Planned], start: datetime, end: datetime
) -> list[Span]:
    """Return the spans of `[start, end)`, whatever the order of the facts."""
    found: list[Span] = []
    edges = _edges(baseline, impacts, windows, start, end)
    for since, until in pairwise(edges):
        _append(found, _at(baseline, impacts, windows, since, until))
    return found


def status_at(baseline: Sequence[Declared], impacts: Sequence[Declared], windows: Sequence[Planned], at: datetime) -> str:
    """Return the effective status at one instant: a window replaces the baseline, and never hides an incident (SP-1, SP-2)."""
    return _at(baseline, impacts, windows, at, at).status


def _edges(
    baseline: Sequence[Declared], impacts: Sequence[Declared], windows: Sequence[Planned], start: datetime, end: datetime
) -> list[datetime]:
    facts: list[Declared | Planned] = [*baseline, *impacts, *windows]
    periods = [one.period for one in facts]
    periods += [period for window in windows for period in window.announced]
    instants = {one for period in periods for one in (period.since, period.until) if one is not None}
    return sorted({start, end, *(one for one in instants if start < one < end)})


def _at(
    baseline: Sequence[Declared], impacts: Sequence[Declared], windows: Sequence[Planned], since: datetime, until: datetime
) -> Span:
    hit = [one for one in impacts if one.period.holds(since)]
    open_ = [one for one in windows if one.period.holds(since)]
    below = _worst_of(open_) if open_ else _last(baseline, since)
    above = _worst_of(hit) if hit else None
    if above is not None and SEVERITY[above.status] >= SEVERITY[below.status if below else UNKNOWN]:
        return Span(above.status, since, until, False, above.cause)
    if below is None:
        return Span(UNKNOWN, since, until)
    return Span(below.status, since, until, bool(open_) and _was_announced(open_, since), below.cause)


def _worst_of(facts: Iterable[Declared | Planned]) -> Declared | Planned:
    there = sorted(facts, key=lambda one: (one.period.since, one.cause))
    status = worst(one.status for one in there)
    return next(one for one in there if one.status == status)


def _last(baseline: Sequence[Declared], at: datetime) -> Declared | None:
    """Return the baseline in force: the one that began last."""
    there = sorted((one for one in baseline if one.period.holds(at)), key=lambda one: one.period.since)
    return there[-1] if there else None


def _was_announced(windows: Iterable[Planned], at: datetime) -> bool:
    return any(period.holds(at) for window in windows for period in window.announced)


def _append(found: list[Span], new: Span) -> None:
    """Join neighbours that say the same."""
    if found and (found[-1].status, found[-1].excluded, found[-1].cause) == (new.status, new.excluded, new.cause):
        found[-1] = replace(found[-1], until=new.until)
    else:
        found.append(new)
