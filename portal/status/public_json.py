"""The JSON that Statuspage v2 clients read, made of the public view alone (status-api.md 3)."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from portal.core.markup import without_markup
from portal.status import queries, uptime
from portal.status.view import PublicComponent, PublicGroup, PublicIncident, PublicMaintenance, PublicUpdate, PublicView
from portal.status.vocabulary import CANCELLED, COMPLETED, IN_PROGRESS, SCHEDULED, VERIFYING

NEWEST = 50
Json = dict[str, Any]
CANCELLED_WORD = {"en": "Cancelled", "es": "Cancelado"}


def encode(value: object) -> str:
    """Return compact JSON with ordinary letters as they are, in a stable order: equal content is equal bytes (API-6)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ts(at: datetime) -> str:
    """Return an instant in UTC with milliseconds and `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def ts_or_null(at: datetime | None) -> str | None:
    """Return an instant, or null where there is none."""
    return ts(at) if at else None


class Encoder:
    """Makes the objects of one view in one language."""

    def __init__(self, view: PublicView, lang: str, address: str, name: str) -> None:
        self.view, self.lang, self.address, self.name = view, lang, address, name

    def page(self) -> Json:
        """Return `page`."""
        return {
            "id": self.view.page_id,
            "name": self.name,
            "url": self.address,
            "time_zone": self.view.zone,
            "updated_at": ts(self.view.updated_at),
        }

    def status(self) -> Json:
        """Return `status`."""
        return {"indicator": self.view.verdict.indicator, "description": self.view.description.text(self.lang)}

    def components(self) -> list[Json]:
        """Return groups and children in one flat list, a group followed by its children (API-1)."""
        found: list[Json] = []
        for place, item in enumerate(self.view.items, 1):
            if isinstance(item, PublicGroup):
                found.append(self.group(item, place))
                found.extend(self.component(child, inner) for inner, child in enumerate(item.children, 1))
            else:
                found.append(self.component(item, place))
        return found

    def component(self, one: PublicComponent, position: int) -> Json:
        """Return one component."""
        return {
            "id": one.id,
            "name": one.name.text(self.lang),
            "status": one.status,
            "created_at": ts(one.created_at),
            "updated_at": ts(one.updated_at),
            "position": position,
            "description": one.description.text(self.lang) if one.description else None,
            "showcase": one.showcase,
            "start_date": one.start_date.isoformat(),
            "group_id": one.group_id,
            "page_id": self.view.page_id,
            "group": False,
            "only_show_if_degraded": one.only_show_if_degraded,
        }

    def group(self, one: PublicGroup, position: int) -> Json:
        """Return one group with the ids of its public children."""
        return {
            "id": one.id,
            "name": one.name.text(self.lang),
            "status": one.status,
            "created_at": ts(one.created_at),
            "updated_at": ts(one.updated_at),
            "position": position,
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.view.page_id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [child.id for child in one.children],
        }

    def incident(self, one: PublicIncident) -> Json:
        """Return one incident."""
        return {
            "id": one.id,
            "name": one.name.text(self.lang),
            "status": one.state,
            "created_at": ts(one.created_at),
            "updated_at": ts(one.updated_at),
            "monitoring_at": ts_or_null(one.monitoring_at),
            "resolved_at": ts_or_null(one.resolved_at),
            "impact": one.impact,
            "shortlink": f"{self.address}/status/{self.lang}/incidents/{one.id}",
            "started_at": ts(one.started_at),
            "page_id": self.view.page_id,
            "incident_updates": [self.update(update) for update in one.updates],
            "components": self.named(one.components),
            "reminder_intervals": None,
        }

    def named(self, ids: Sequence[str]) -> list[Json]:
        """Return full components with their present status."""
        whole = {one["id"]: one for one in self.components()}
        return [whole[id_] for id_ in ids]

    def update(self, one: PublicUpdate, state: str = "", body: str = "") -> Json:
        """Return one update of an incident or window."""
        return {
            "id": one.id,
            "status": state or one.state,
            "body": body or without_markup(one.body.text(self.lang)),
            "incident_id": one.of,
            "created_at": ts(one.created_at),
            "updated_at": ts(one.updated_at),
            "display_at": ts(one.published_at),
            "affected_components": [
                {"code": each.component, "name": self.path_of(each.component), "old_status": each.old_status}
                | {"new_status": each.new_status}
                for each in one.affected
            ],
            "deliver_notifications": one.notify,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def path_of(self, id_: str) -> str:
        """Return "Group - Component"."""
        for item in self.view.items:
            if isinstance(item, PublicGroup):
                for child in item.children:
                    if child.id == id_:
                        return f"{item.name.text(self.lang)} - {child.name.text(self.lang)}"
        return self.view.by_id[id_].name.text(self.lang)

    def maintenance(self, one: PublicMaintenance) -> Json:
        """Return one window; a cancelled one is told as completed, with a last update that says so (status-api.md 3.6)."""
        return {
            "id": one.id,
            "name": one.name.text(self.lang),
            "status": COMPLETED if one.is_cancelled else one.state,
            "created_at": ts(one.created_at),
            "updated_at": ts(one.updated_at),
            "monitoring_at": None,
            "resolved_at": ts_or_null(one.ended_at) if one.state == COMPLETED else None,
            "impact": one.impact,
            "shortlink": f"{self.address}/status/{self.lang}/maintenance/{one.id}",
            "started_at": ts(one.started_at or one.scheduled_for),
            "page_id": self.view.page_id,
            "incident_updates": [self.window_update(update) for update in one.updates],
            "components": self.named(one.components),
            "reminder_intervals": None,
            "scheduled_for": ts(one.scheduled_for),
            "scheduled_until": ts(one.scheduled_until),
        }

    def window_update(self, one: PublicUpdate) -> Json:
        """Return one update of a window."""
        if one.state != CANCELLED:
            return self.update(one)
        word, said = CANCELLED_WORD[self.lang], without_markup(one.body.text(self.lang))
        return self.update(one, COMPLETED, said if said.startswith(word) else f"{word}. {said}".strip())

    def uptime(self) -> Json:
        """Return the days and figures of each component that has one (status-api.md 3.7)."""
        days = uptime.window(self.view.now, self.view.zone)
        start = uptime.day_begins(days[0], self.view.zone)
        window = {"start": ts(start), "end": ts(self.view.as_of), "days": uptime.DAYS, "time_zone": self.view.zone}
        made = (self.uptime_of(one, start) for one in self.view.components)
        return {"page": self.page(), "window": window, "components": [one for one in made if one]}

    def uptime_of(self, one: PublicComponent, start: datetime) -> Json | None:
        """Return the figures of a component, none where there is nothing to measure."""
        found = queries.figures_of(one, self.view)
        if found.percentage is None:
            return None
        return {
            "id": one.id,
            "name": one.name.text(self.lang),
            "range_start": ts(max(start, uptime.day_begins(one.start_date, self.view.zone))),
            "range_end": ts(self.view.as_of),
            "uptime_percentage": found.percentage,
            "major_outage": found.major,
            "partial_outage": found.partial,
            "maintenance_excluded": found.excluded,
            "measured": found.measured,
            "days": [day_of(day) for day in queries.days_of(one, self.view)],
        }


def day_of(day: uptime.Day) -> Json:
    """Return one day of the figures."""
    return {
        "date": day.date.isoformat(),
        "worst": day.worst or "no_data",
        "major_outage": day.figures.major,
        "partial_outage": day.figures.partial,
        "maintenance_excluded": day.figures.excluded,
    }


def _upcoming(view: PublicView) -> list[PublicMaintenance]:
    return _soonest(view, (SCHEDULED,))


def _active(view: PublicView) -> list[PublicMaintenance]:
    return _soonest(view, (IN_PROGRESS, VERIFYING))


def _soonest(view: PublicView, states: Sequence[str]) -> list[PublicMaintenance]:
    there = (one for one in view.maintenances if one.state in states)
    return sorted(there, key=lambda one: (one.scheduled_for, one.id))


def _summary(to: Encoder) -> Json:
    return {
        "page": to.page(),
        "components": to.components(),
        "incidents": [to.incident(one) for one in to.view.incidents if one.is_open],
        "scheduled_maintenances": [to.maintenance(one) for one in (*_active(to.view), *_upcoming(to.view))],
        "status": to.status(),
    }


def _windows(to: Encoder, windows: Sequence[PublicMaintenance]) -> Json:
    return {"page": to.page(), "scheduled_maintenances": [to.maintenance(one) for one in windows]}


def _incidents(to: Encoder, incidents: Sequence[PublicIncident]) -> Json:
    return {"page": to.page(), "incidents": [to.incident(one) for one in incidents]}


BODIES: Mapping[str, Callable[[Encoder], Json]] = {
    "summary": _summary,
    "status": lambda to: {"page": to.page(), "status": to.status()},
    "components": lambda to: {"page": to.page(), "components": to.components()},
    "incidents": lambda to: _incidents(to, to.view.incidents[:NEWEST]),
    "incidents/unresolved": lambda to: _incidents(to, [one for one in to.view.incidents if one.is_open]),
    "scheduled-maintenances": lambda to: _windows(to, to.view.maintenances[:NEWEST]),
    "scheduled-maintenances/upcoming": lambda to: _windows(to, _upcoming(to.view)),
    "scheduled-maintenances/active": lambda to: _windows(to, _active(to.view)),
    "uptime": lambda to: to.uptime(),
}
