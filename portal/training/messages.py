"""What training tells people, by bell and mail (C9); from the start of a session on nothing is told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.notifications.actions import notify
from portal.people.models import Person
from portal.training.models import Enrolment, TrainingSession

KIND = "training_session"
TOPIC = "topic"


def offered(enrolment: Enrolment, now: datetime) -> None:
    """A seat is held; the person must answer."""
    assert enrolment.offer_expires_at is not None  # noqa: S101 - the database says so too
    _tell(enrolment, "offered", now, must_act=True, until=enrolment.offer_expires_at.isoformat())


def offer_expired(enrolment: Enrolment, now: datetime) -> None:
    """The offer ran out; joining the end of the queue is one click away."""
    _tell(enrolment, "offer_expired", now)


def promoted(enrolment: Enrolment, now: datetime) -> None:
    """The seat came by itself."""
    _tell(enrolment, "promoted", now)


def skipped(enrolment: Enrolment, now: datetime) -> None:
    """A seat went on to the next, because the person is elsewhere then."""
    _tell(enrolment, "skipped", now)


def added(enrolment: Enrolment, by: Person, now: datetime) -> None:
    """Somebody was entered by hand."""
    _tell(enrolment, "added", now, by=by, name=by.name)


def removed(enrolment: Enrolment, reason: str, by: Person | None, now: datetime) -> None:
    """Somebody was taken off."""
    _tell(enrolment, "removed", now, by=by, text=reason)


def refused(enrolment: Enrolment, reason: str, by: Person, now: datetime) -> None:
    """The head did not approve."""
    _tell(enrolment, "refused", now, by=by, text=reason)


def certified(enrolment: Enrolment, now: datetime) -> None:
    """The certificate is there."""
    _tell(enrolment, "certified", now)


def moved(session: TrainingSession, going: Iterable[int], hoping: Iterable[int], now: datetime, *, asked: bool) -> None:
    """When or where has changed; who has a seat is asked to say again that they come, if a date moved (rule 18)."""
    event = f"session_moved:{session.id}:{session.sequence}"
    notify(going, "training/moved", KIND, session.id, event, now, mail=True, must_act=True, data={"going": True, "asked": asked})
    notify(hoping, "training/moved", KIND, session.id, event, now, mail=True, data={"going": False})


def cancelled(session: TrainingSession, people: Iterable[int], by: Person, now: datetime) -> None:
    """It will not take place: everybody is told, also those who waited (rule 18)."""
    event = f"session_cancelled:{session.id}"
    data = {"text": session.cancel_reason or ""}
    notify(people, "training/cancelled", KIND, session.id, event, now, mail=True, must_act=True, by=by, data=data)


def renewals(person_id: int, topic_id: int, lines: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What falls due, all topics in one mail (rule 32)."""
    about = (TOPIC, topic_id, f"renewals:{person_id}:{now.isoformat()}", now)
    notify([person_id], "training/renewals", *about, mail=True, must_act=True, data={"lines": list(lines)})


def renewals_of_team(manager_id: int, topic_id: int, lines: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Who of the team is without, for the manager."""
    about = (TOPIC, topic_id, f"team_renewals:{manager_id}:{now.isoformat()}", now)
    notify([manager_id], "training/team_renewals", *about, mail=True, data={"lines": list(lines)})


def posted(session: TrainingSession, people: Iterable[int], by: Person, now: datetime) -> None:
    """A session of a topic that people need (rule 33)."""
    notify(people, "training/posted", KIND, session.id, f"posted:{session.id}", now, mail=True, by=by)


def last_minute(session: TrainingSession, people: Iterable[int], now: datetime) -> None:
    """A seat is free shortly before the start: the first who accepts has it."""
    event = f"last_minute:{session.id}:{now.isoformat()}"
    notify(people, "training/last_minute", KIND, session.id, event, now, mail=True, must_act=True)


def _tell(
    enrolment: Enrolment, message: str, now: datetime, *, by: Person | None = None, must_act: bool = False, **data: object
) -> None:
    event = f"{message}:enrolment:{enrolment.id}"
    about = (KIND, enrolment.session_id, event, now)
    notify([enrolment.person_id], f"training/{message}", *about, mail=True, must_act=must_act, by=by, data=data)
