"""People in numbers, and what they are told, for the tests of seats."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.core.db import db
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.training import actions
from portal.training.models import Enrolment, TrainingSession
from tests.cast.people import Cast, add_person

MADRID = ZoneInfo("Europe/Madrid")


def at(text: str) -> datetime:
    """Return a wall time of Madrid as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def crowd(cast: Cast, number: int, start: int = 0) -> list[Person]:
    """Return more colleagues."""
    names = (f"p{start + place:02}" for place in range(number))
    return [add_person(f"{name}@demo.example", f"Persona {name}", cast.operations) for name in names]


def enrolled(session: TrainingSession, people: list[Person], now: datetime) -> list[Enrolment]:
    """Enrol people one after the other; who finds no seat waits."""
    return [actions.enrol(session, person, now, waits=True) for person in people]


def states(rows: list[Enrolment]) -> list[str]:
    """Return where enrolments stand."""
    return [row.state for row in rows]


def told(message: str) -> list[int]:
    """Return who was told something, in the order of their ids."""
    found = select(Notification.recipient_id).where(Notification.message == f"training/{message}")
    return list(db.session.scalars(found.order_by(Notification.recipient_id)))
