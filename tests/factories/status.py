"""Components, incidents and windows for tests, made by the real actions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from portal.core import clock
from portal.people.models import Person
from portal.status.actions import components, incidents, maintenance
from portal.status.models import Component, ComponentGroup, Incident, Maintenance

LONG_AGO = date(2025, 1, 1)
ZONE = "Europe/Madrid"


def both(text: str) -> dict[str, str]:
    """Return a text that is the same in both languages."""
    return {"es": text, "en": text}


def group(name: str, **more: Any) -> ComponentGroup:
    """Add a group."""
    return components.add_group(both(name), None, clock.now(), **more)


def component(name: str, *, start_date: date = LONG_AGO, **more: Any) -> Component:
    """Add a component that began long ago."""
    return components.add(components.Content(name=both(name), start_date=start_date, **more), None, clock.now())


def incident(
    by: Person,
    impacts: Mapping[Component, str] | None = None,
    *,
    name: str = "Tracking is slow",
    body: str = "We are looking at it.",
    ago: timedelta = timedelta(minutes=30),
    published_at: datetime | None = None,
    state: str = "investigating",
    next_due_at: datetime | None = None,
    notify: bool = True,
    **more: Any,
) -> Incident:
    """Open an incident that began some time ago."""
    now = clock.now()
    declared = {one.id: status for one, status in (impacts or {}).items()}
    words = incidents.Words(both(body), state, declared, next_due_at, notify, published_at)
    opening = incidents.Opening(both(name), "es", more.pop("started_at", now - ago), words, **more)
    return incidents.open_incident(opening, by, now)


def say(one: Incident, by: Person, state: str, body: str = "More.", impacts: Mapping[Component, str] | None = None, **more: Any):
    """Publish one more update now."""
    declared = {each.id: status for each, status in (impacts or {}).items()}
    return incidents.tell(one, incidents.Words(both(body), state, declared, **more), by, clock.now())


def when(start: datetime, hours: float = 2) -> maintenance.When:
    """Return the times of a window."""
    return maintenance.When(start, start + timedelta(hours=hours), ZONE)


def window(
    by: Person,
    planned: Mapping[Component, str] | None = None,
    *,
    start: datetime | None = None,
    hours: float = 2,
    name: str = "New servers",
    body: str = "It may be slow.",
    **more: Any,
) -> Maintenance:
    """Announce a window that begins in a day."""
    now = clock.now()
    declared = {one.id: status for one, status in (planned or {}).items()}
    times = when(start or now + timedelta(days=1), hours)
    plan = maintenance.Plan(both(name), "es", both(body), times, declared, **more)
    return maintenance.announce(plan, by, now)
