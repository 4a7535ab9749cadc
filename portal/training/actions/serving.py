"""`serve`: the one function through which everything goes that competes for seats (training.md 2, 3, 15).

It locks the row of the session, reads all live enrolments, ends offers that ran out, gives free seats to the queue, lets the
caller act, and gives away what that set free. Running it twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db, lock
from portal.core.events import publish
from portal.training import events, messages, rules
from portal.training.competence import GAPS, Status
from portal.training.models import LIVE, Enrolment, EnrolmentEvent, EnrolmentState, PriorityCredit, TrainingSession
from portal.training.queries.mandatory import cell_of, today_of
from portal.training.queries.overlaps import overlapping
from portal.training.rules import Phase

T = TypeVar("T")
log = structlog.get_logger()


@dataclass
class Room:
    """A session whose row is locked, with its live enrolments as they are now."""

    session: TrainingSession
    live: list[Enrolment]
    now: datetime

    def in_state(self, state: EnrolmentState) -> list[Enrolment]:
        """Return the live enrolments of a state."""
        return [each for each in self.live if each.state == state]

    @property
    def waiting(self) -> list[Enrolment]:
        """Return the queue in its order (rule 9)."""
        return sorted(self.in_state(EnrolmentState.WAITING), key=rules.order)

    @property
    def taken(self) -> int:
        """Return the seats taken: confirmed, and offers that have not run out (rule 2)."""
        offers = [each for each in self.in_state(EnrolmentState.OFFERED) if not each.offer_has_ended(self.now)]
        return len(self.in_state(EnrolmentState.CONFIRMED)) + len(offers)

    @property
    def free(self) -> int:
        """Return the free seats; below zero when people were added by hand or the capacity was lowered (rules 7, 8)."""
        return self.session.capacity - self.taken

    @property
    def phase(self) -> Phase:
        """Return how seats are given away now."""
        if self.session.cancelled_at is not None:
            return Phase.OVER
        return rules.phase(self.now, self.session.stop_at, self.session.first_starts_at)

    def of(self, person_id: int) -> Enrolment | None:
        """Return the live enrolment of a person."""
        return next((each for each in self.live if each.person_id == person_id), None)

    def look_again(self, enrolment: Enrolment) -> Enrolment:
        """Return an enrolment as it is now that the session is locked, not as it was read before."""
        if enrolment not in self.live:
            db.session.refresh(enrolment)
        return enrolment

    def place_of(self, enrolment: Enrolment) -> int:
        """Return which place in the queue an enrolment has, from 1."""
        return self.waiting.index(enrolment) + 1

    def add(self, enrolment: Enrolment) -> Enrolment:
        """Add a new enrolment."""
        db.session.add(enrolment)
        db.session.flush()
        self.live.append(enrolment)
        return enrolment

    def move(self, enrolment: Enrolment, state: EnrolmentState, by_id: int | None, event: str = "", reason: str = "") -> None:
        """Put an enrolment into a state, and write down what happened."""
        enrolment.state = state
        if state == EnrolmentState.CONFIRMED:
            enrolment.confirmed_at = self.now
        if state not in LIVE:
            enrolment.ended_at, enrolment.end_reason = self.now, reason or None
            self.live.remove(enrolment)
        note(enrolment, event or state, self.now, by_id)
        db.session.flush()


def note(enrolment: Enrolment, event: str, now: datetime, by_id: int | None = None, **data: object) -> None:
    """Write down what happened to an enrolment."""
    db.session.add(EnrolmentEvent(enrolment_id=enrolment.id, event=event, at=now, by_id=by_id, data=data))


def serve(session_id: int, now: datetime, act: Callable[[Room], T] | None = None) -> T | None:
    """Lock the session, serve its queue, act, and serve what became free (rule 3). What `act` refuses is refused whole."""
    room = enter(session_id, now)
    fill(room)
    result = act(room) if act else None
    fill(room)
    return result


def enter(session_id: int, now: datetime) -> Room:
    """Lock the session and read its live enrolments; offers that ran out end first (rule 13)."""
    session = lock(TrainingSession, session_id)
    found = select(Enrolment).where(Enrolment.session_id == session_id, Enrolment.state.in_(LIVE)).order_by(Enrolment.id)
    found = found.options(joinedload(Enrolment.person)).execution_options(populate_existing=True)
    room = Room(session, list(db.session.scalars(found)), now)
    for enrolment in list(room.live):
        if enrolment.offer_has_ended(now):
            _expire(room, enrolment)
    return room


def _expire(room: Room, enrolment: Enrolment) -> None:
    room.move(enrolment, EnrolmentState.EXPIRED, None)
    publish(events.OfferEnded(enrolment.id, room.session.id, enrolment.person_id, EnrolmentState.EXPIRED))
    if room.phase != Phase.OVER:
        messages.offer_expired(enrolment, room.now)


def fill(room: Room) -> None:
    """Give exactly the free seats to the queue (rules 10 to 16)."""
    if room.phase == Phase.OVER:
        return
    if room.phase == Phase.LAST_MINUTE:
        _tell_of_last_minute(room)
        return
    for enrolment in room.waiting:
        if room.free <= 0:
            return
        _promote(room, enrolment)


def _promote(room: Room, enrolment: Enrolment) -> None:
    if not enrolment.person.active:
        log.info("cannot_be_promoted", enrolment=enrolment.id, session=room.session.id)
    elif room.session.mode == "offer":
        offer(room, enrolment)
    elif overlapping(enrolment.person_id, room.session.id):
        _skip(room, enrolment)
    else:
        confirm(room, enrolment, None, "promoted")
        messages.promoted(enrolment, room.now)


def offer(room: Room, enrolment: Enrolment) -> None:
    """Hold a free seat for the next person, who has some hours to answer (rules 10, 11)."""
    enrolment.offered_at, enrolment.offer_expires_at = room.now, rules.offer_ends(room.now, room.session.stop_at)
    room.move(enrolment, EnrolmentState.OFFERED, None)
    publish(events.SeatOffered(enrolment.id, room.session.id, enrolment.person_id))
    messages.offered(enrolment, room.now)


def _skip(room: Room, enrolment: Enrolment) -> None:
    """Let the seat go on to the next: the person is elsewhere then, is told once, and keeps the place (rule 16)."""
    if enrolment.skipped_at is None:
        enrolment.skipped_at = room.now
        note(enrolment, "skipped", room.now)
        messages.skipped(enrolment, room.now)


def confirm(room: Room, enrolment: Enrolment, by_id: int | None, event: str = "") -> None:
    """Give a seat for good."""
    room.move(enrolment, EnrolmentState.CONFIRMED, by_id, event)
    publish(events.Enrolled(enrolment.id, room.session.id, enrolment.person_id))


def _tell_of_last_minute(room: Room) -> None:
    """Tell everybody who waits, once for each time that a seat is free (rule 12)."""
    session = room.session
    if room.free <= 0:
        session.last_minute_told = False
    elif room.waiting and not session.last_minute_told:
        session.last_minute_told = True
        for enrolment in room.waiting:
            note(enrolment, "told_last_minute", room.now)
        messages.last_minute(session, [each.person_id for each in room.waiting], room.now)


def prioritise(room: Room, enrolment: Enrolment) -> None:
    """Move somebody who joins the queue forward by the written rules (rule 9)."""
    _use_credit(room, enrolment)
    _count_due_soon(room, enrolment)


def _use_credit(room: Room, enrolment: Enrolment) -> None:
    """Spend the step forward that a cancelled session of the topic left to the person (rule 9)."""
    credit = select(PriorityCredit).where(
        PriorityCredit.person_id == enrolment.person_id,
        PriorityCredit.topic_id == room.session.topic_id,
        PriorityCredit.used_by_id.is_(None),
    )
    if found := db.session.scalar(credit.order_by(PriorityCredit.id).limit(1)):
        found.used_by_id = enrolment.id
        enrolment.priority += 1
        enrolment.priority_reason = enrolment.priority_reason or "session_cancelled"


def _count_due_soon(room: Room, enrolment: Enrolment) -> None:
    """Move somebody forward whose mandatory topic falls due within 30 days (rule 9)."""
    if room.session.topic_id is None:
        return
    cell, today = cell_of(enrolment.person, room.session.topic_id, room.now), today_of(room.now)
    open_ = cell.status in (*GAPS, Status.DUE, Status.IN_WINDOW)
    if open_ and cell.by is not None and cell.by <= today + timedelta(days=rules.DUE_SOON_DAYS):
        enrolment.priority += 1
        enrolment.priority_reason = enrolment.priority_reason or "due_soon"
