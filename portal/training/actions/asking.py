"""Enrolments that the head of the person approves first, by the engine of all approvals (rules 5, 6)."""

from datetime import datetime

from portal.approvals import actions as approvals
from portal.people.models import Person
from portal.training import messages
from portal.training.actions.serving import Room, confirm, note, prioritise, serve
from portal.training.models import Enrolment, EnrolmentState
from portal.training.queries.overlaps import overlapping
from portal.training.rules import Phase

KIND = "enrolment"


def ask(room: Room, enrolment: Enrolment, person: Person) -> bool:
    """Ask the head of the person; tell whether anybody has to be asked. No seat is held meanwhile."""
    route_id = room.session.approval_route_id
    if route_id is None:
        return False
    facts = approvals.Facts(
        requester_id=person.id,
        beneficiary_id=person.id,
        author_id=person.id,
        editor_id=person.id,
        requester_department_id=person.department_id,
        service_department_id=room.session.trainer.department_id,
    )
    enrolment.state = EnrolmentState.REQUESTED
    if approvals.start(KIND, enrolment.id, route_id, facts, person, room.now) is None:
        enrolment.state = EnrolmentState.WAITING
        return False
    note(enrolment, "requested", room.now, person.id)
    return True


def grant(enrolment: Enrolment, by_id: int, now: datetime) -> None:
    """Put an approved enrolment into the queue by the time of its request; a seat that is free at once is given (rules 5, 16)."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state != EnrolmentState.REQUESTED:
            return
        at_once = room.free > 0 and not room.waiting and not overlapping(enrolment.person_id, room.session.id)
        room.move(enrolment, EnrolmentState.WAITING, by_id, "approved")
        if room.phase == Phase.OVER:
            return
        if at_once:
            confirm(room, enrolment, by_id, "approved_seat")
            messages.promoted(enrolment, now)
        else:
            prioritise(room, enrolment)

    serve(enrolment.session_id, now, act)


def refuse(enrolment: Enrolment, reason: str, by: Person, now: datetime) -> None:
    """End an enrolment that the head did not approve."""

    def act(room: Room) -> None:
        if room.look_again(enrolment).state == EnrolmentState.REQUESTED:
            room.move(enrolment, EnrolmentState.REFUSED, by.id, reason=reason)
            messages.refused(enrolment, reason, by, now)

    serve(enrolment.session_id, now, act)
