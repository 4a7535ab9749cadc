"""Topics and sessions for tests, posted by the real action."""

from datetime import datetime, timedelta
from typing import Any

from portal.core import clock
from portal.people.models import Person
from portal.training import actions
from portal.training.actions.publishing import When
from portal.training.models import Topic, TrainingSession
from portal.training.moments import span

ZONE = "Europe/Madrid"


def topic(by: Person, name: str = "Primeros auxilios", **values: Any) -> Topic:
    """Add a topic."""
    return actions.add_topic({"es": name, "en": f"{name} (en)"}, None, by, clock.now(), **values)


def when(start: str, hours: float = 2, zone: str = ZONE) -> When:
    """Return a date from "2026-03-12 09:00" on, wall time."""
    begins = datetime.fromisoformat(start)
    return When(span(begins, begins + timedelta(hours=hours), zone))


def session(by: Person, capacity: int = 1, *dates: str, of: Topic | None = None, **values: Any) -> TrainingSession:
    """Post a session of a topic, on Thursday 12 March 2026 at 9:00 if nothing else is said."""
    whens = [when(each) for each in dates or ("2026-03-12 09:00",)]
    usual: dict[str, Any] = {"title": {"es": "Sesión", "en": "Session"}, "kind": "training"}
    if (usual | values)["kind"] == "training":
        usual["topic"] = of or topic(by)
    return actions.publish(actions.Plan(dates=whens, capacity=capacity, **(usual | values)), by, clock.now())
