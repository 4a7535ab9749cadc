"""Whether service standards are kept: each version against the part of a month in which it stood (KH8, KH15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all

from portal.core.db import db
from portal.knowledge.models import StandardVersion
from portal.reports.measuring import BROKEN, CLOCKS, KEPT, Scope, late_by_reading, promises
from portal.reports.periods import Month
from portal.reports.shares import Result
from portal.requests.models import Assignment
from portal.service_levels.models import ClockInterval, PauseReason

REASONS: Mapping[str, Any] = {
    "nobody": _("nobody had it when it fell due"),
    "supplier": _("it had waited for a supplier or a date"),
    "longer": _("the work took longer than promised"),
}
"""Why a promise was missed, as far as the clocks tell; what people wrote about it is not for everybody."""


@dataclass(frozen=True)
class Kept:
    """A version of a standard with its result in a month, and its misses by reason."""

    version: StandardVersion
    result: Result
    misses: Mapping[str, int]


def standing_in(versions: Sequence[StandardVersion], month: Month) -> list[tuple[StandardVersion, datetime, datetime]]:
    """Return the versions that stood in a month with their part of it; `versions` are ordered by standard and number."""
    found = []
    for version, following in zip_longest(versions, versions[1:]):
        same = following is not None and following.standard_id == version.standard_id
        ends = following.at if following is not None and same else version.standard.withdrawn_at
        first, last = max(month.starts, version.at), min(month.ends, ends or month.ends)
        if first < last:
            found.append((version, first, last))
    return found


def kept_in(department_id: int, versions: Sequence[StandardVersion], month: Month, now: datetime) -> list[Kept]:
    """Return the results of the versions that stood in a month, in one statement beside what is late by reading alone."""
    stood = standing_in(versions, month)
    if not stood:
        return []
    late = {clock: late_by_reading(Scope(department_id, [month], now, clock)) for clock in CLOCKS}
    counted = []
    for version, first, last in stood:
        part = replace(month, starts=first, ends=last)
        scope = Scope(department_id, [part], now, version.clock, version.service_id, version.level_id, late[version.clock])
        counted.append(_counted(version.id, scope))
    rows = {row.version_id: row for row in db.session.execute(union_all(*counted))}
    return [_kept(version, rows[version.id]) for version, _first, _last in stood]


def _kept(version: StandardVersion, row: Any) -> Kept:
    misses = {reason: row._mapping[reason] for reason in REASONS if row._mapping[reason]}
    return Kept(version, Result(row.kept, row.broken), misses)


def _counted(version_id: int, scope: Scope) -> Select[Any]:
    promise = promises(scope)
    broken, reason = promise.c.outcome == BROKEN, _reason(promise.c)
    columns: list[Any] = [
        literal(version_id).label("version_id"),
        func.count(case((promise.c.outcome == KEPT, 1))).label("kept"),
        func.count(case((broken, 1))).label("broken"),
        *(func.count(case((and_(broken, reason == name), 1))).label(name) for name in REASONS),
    ]
    return select(*columns).select_from(promise)


def _reason(missed: Any) -> ColumnElement[str]:
    """Return why a promise was missed as one expression, from who had it and what it waited for."""
    had = exists().where(
        Assignment.request_id == missed.request_id,
        Assignment.from_at <= missed.moment,
        or_(Assignment.until_at.is_(None), Assignment.until_at > missed.moment),
    )
    waited = exists().where(
        ClockInterval.clock_id == missed.clock_id, PauseReason.id == ClockInterval.reason_id, PauseReason.needs_date
    )
    return case((~had, "nobody"), (waited, "supplier"), else_="longer")
