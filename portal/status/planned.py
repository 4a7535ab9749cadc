"""What windows mean for each component (SP-2, SP-20)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from portal.status import planning
from portal.status.facts import Facts
from portal.status.spans import Planned


def planned_for(facts: Facts) -> Mapping[int, Sequence[Planned]]:
    """Return by component the windows that replace its baseline for a time."""
    found: dict[int, list[Planned]] = defaultdict(list)
    for window in facts.windows:
        period = planning.active_period(window)
        if period is None:
            continue
        announced = planning.announced_periods(facts.versions.get(window.id, []))
        for row in facts.planned.get(window.id, []):
            found[row.component_id].append(Planned(row.status, period, announced, window.public_id))
    return found
