"""What people do with seats: enrol, accept, decline, leave, and what a trainer does by hand. All of it inside `serve`."""

from datetime import datetime

from flask_babel import gettext as _

from portal.approvals import actions as approvals
from portal.audit import actions as audit
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.training import events, messages, rules
from portal.training.actions import asking
from portal.training.actions.serving import Room, confirm, enter, fill, note, prioritise, serve
from portal.training.models import LIVE, Enrolment, EnrolmentState, TrainingSession
from portal.training.queries.overlaps import overlapping
from portal.training.rules import Phase

HELD = (EnrolmentState.OFFERED, EnrolmentState.CONFIRMED)


class Full(Refused):
    """There is no seat to have at once; `place` is the place in the queue that one would get."""

    def __init__(self, place: int) -> None:
        super().__init__(_("The session is full. You can join the waiting list; you would be number %(place)d.", place=place))
        self.place = place


class Overlaps(Refused):
    """The person has confirmed something else at the same time and must give it up first (rule 16)."""

    def __init__(self, others: list[Enrolment]) -> None:
        super().__init__(_("You have confirmed something else at the same time. You can take this seat by giving up the other."))
        self.others = others


def enrol(
    session: TrainingSession,
    person: Person,
    now: datetime,
    *,
    waits: bool = False,
    needs: str = "",
    give_up: Enrolment | None = None,
) -> Enrolment:
    """Enrol a person: a seat if one is free and nobody waits, else a place in the queue if they said so (rules 4, 5)."""
    rooms = _enter(session.id, give_up, now)
    room = rooms[session.id]
    fill(room)
    enrolment = room.of(person.id)
    if enrolment is None:
        _refuse_if_over(room)
        _give_up(rooms, give_up, person.id, session.id)
        enrolment = _take_or_wait(room, person, waits, needs)
    for each in rooms.values():
        fill(each)
    return enrolment


def _enter(session_id: int, give_up: Enrolment | None, now: datetime) -> dict[int, Room]:
    """Lock the session, and that of the seat which is given up for it, in one order (C3)."""
    ids = sorted({session_id, *([give_up.session_id] if give_up else [])})
    return {each: enter(each, now) for each in ids}


def _give_up(rooms: dict[int, Room], enrolment: Enrolment | None, person_id: int, session_id: int) -> None:
    """End the seat that is given up for another, only one of the person's own at the same time (rule 16)."""
    if enrolment is not None and enrolment in overlapping(person_id, session_id):
        _end_seat(rooms[enrolment.session_id], enrolment, person_id)


def _take_or_wait(room: Room, person: Person, waits: bool, needs: str) -> Enrolment:
    at_once = room.free > 0 and not room.waiting
    if not at_once and not waits and room.session.approval_route_id is None:
        raise Full(len(room.waiting) + 1)
    if at_once and (others := overlapping(person.id, room.session.id)):
        raise Overlaps(others)
    enrolment = room.add(new(room, person, needs=needs))
    if asking.ask(room, enrolment, person):
        return enrolment
    if at_once:
        confirm(room, enrolment, person.id, "enrolled")
    else:
        prioritise(room, enrolment)
        note(enrolment, "queued", room.now, person.id)
    return enrolment


def new(room: Room, person: Person, needs: str = "") -> Enrolment:
    """Return a new enrolment at the end of the queue."""
    waiting = EnrolmentState.WAITING
    kept = needs or None if room.session.is_event else None
    return Enrolment(
        session_id=room.session.id, person_id=person.id, person=person, state=waiting, queued_at=room.now, needs=kept
    )


def accept(enrolment: Enrolment, now: datetime, give_up: Enrolment | None = None) -> None:
    """Take the offered seat, or in the last minutes a free one; what overlaps is given up in the same transaction (rule 16)."""
    rooms = _enter(enrolment.session_id, give_up, now)
    room = rooms[enrolment.session_id]
    room.look_again(enrolment)
    fill(room)
    _refuse_if_over(room)
    if enrolment.state == EnrolmentState.CONFIRMED:
        return
    if not _may_take(room, enrolment):
        raise Refused(_seat_gone(enrolment))
    _give_up(rooms, give_up, enrolment.person_id, room.session.id)
    if others := overlapping(enrolment.person_id, room.session.id):
        raise Overlaps(others)
    confirm(room, enrolment, enrolment.person_id, "accepted")
    for each in rooms.values():
        fill(each)


def _may_take(room: Room, enrolment: Enrolment) -> bool:
    if enrolment.state == EnrolmentState.OFFERED:
        return True
    last_minute = room.phase == Phase.LAST_MINUTE and enrolment.state == EnrolmentState.WAITING
    return last_minute and room.free > 0


def _seat_gone(enrolment: Enrolment) -> str:
    sentences: dict[str, str] = {
        EnrolmentState.EXPIRED: _("The offer has ended and the seat went to the next person. You can join again at the end."),
        EnrolmentState.WAITING: _("Somebody else was faster. You keep your place in the queue."),
    }
    return sentences.get(enrolment.state) or str(_("This seat is no longer offered to you."))


def decline(enrolment: Enrolment, now: datetime) -> None:
    """Give the offered seat to the next person (rule 14)."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state == EnrolmentState.DECLINED:
            return
        if enrolment.state != EnrolmentState.OFFERED:
            raise Refused(_seat_gone(enrolment))
        room.move(enrolment, EnrolmentState.DECLINED, enrolment.person_id)
        publish(events.OfferEnded(enrolment.id, room.session.id, enrolment.person_id, EnrolmentState.DECLINED))

    serve(enrolment.session_id, now, act)


def leave(enrolment: Enrolment, now: datetime) -> None:
    """Give up a seat or a place in the queue; the seat moves on in the same transaction (rules 14, 17)."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state not in LIVE:
            return
        if room.session.has_ended(now):
            raise Refused(_("The session is over."))
        _end_seat(room, enrolment, enrolment.person_id)

    serve(enrolment.session_id, now, act)


def _end_seat(room: Room, enrolment: Enrolment, by_id: int) -> None:
    had_seat = enrolment.state == EnrolmentState.CONFIRMED
    if enrolment.state == EnrolmentState.REQUESTED:
        approvals.end(asking.KIND, enrolment.id, "", room.now)
    late = had_seat and rules.is_late(room.now, room.session.stop_at, enrolment.confirmed_at, room.session.moved_at)
    room.move(enrolment, EnrolmentState.LATE_CANCELLED if late else EnrolmentState.CANCELLED, by_id)
    if had_seat:
        publish(events.SeatGivenUp(enrolment.id, room.session.id, enrolment.person_id))


def add_by_hand(session: TrainingSession, person: Person, reason: str, by: Person, now: datetime) -> Enrolment:
    """Give a person a seat, above the capacity only with a reason; the queue sleeps until it is below again (rule 7)."""

    def act(room: Room) -> Enrolment:
        there = room.of(person.id)
        if there is not None and there.state == EnrolmentState.CONFIRMED:
            return there
        _refuse_if_over(room)
        holds = there is not None and there.state == EnrolmentState.OFFERED
        above = room.free <= 0 and not holds
        if above and not reason:
            raise Refused(_("The session is full. To add somebody above its seats, say why."))
        enrolment = there or room.add(new(room, person))
        enrolment.added_by_id, enrolment.override_reason = by.id, reason if above else None
        confirm(room, enrolment, by.id, "added")
        messages.added(enrolment, by, now)
        audit.record(by, "enrolment.added", messages.KIND, session.id, after={"person": person.id, "reason": reason})
        return enrolment

    found = serve(session.id, now, act)
    assert found is not None  # noqa: S101 - `act` returns one
    return found


def remove(enrolment: Enrolment, reason: str, by: Person | None, now: datetime) -> None:
    """Take somebody off the session; the seat moves on."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state not in LIVE:
            return
        had_seat = enrolment.state == EnrolmentState.CONFIRMED
        if enrolment.state == EnrolmentState.REQUESTED:
            approvals.end(asking.KIND, enrolment.id, reason, now)
        room.move(enrolment, EnrolmentState.REMOVED, by.id if by else None, reason=reason)
        if had_seat:
            publish(events.SeatGivenUp(enrolment.id, room.session.id, enrolment.person_id))
        if not room.session.has_begun(now):
            messages.removed(enrolment, reason, by, now)

    serve(enrolment.session_id, now, act)


def give_priority(enrolment: Enrolment, priority: int, reason: str, by: Person, now: datetime) -> None:
    """Move somebody forward in the queue, for a reason that the person sees (rule 9)."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state not in (EnrolmentState.WAITING, EnrolmentState.REQUESTED):
            raise Refused(_("Only somebody who waits can be moved forward."))
        enrolment.priority, enrolment.priority_reason = priority, reason
        note(enrolment, "priority_given", now, by.id, priority=priority, reason=reason)

    serve(enrolment.session_id, now, act)


def _refuse_if_over(room: Room) -> None:
    if room.session.cancelled_at is not None:
        raise Refused(_("The session was cancelled."))
    if room.phase == Phase.OVER:
        raise Refused(_("The session has begun: nobody can be enrolled any more."))
