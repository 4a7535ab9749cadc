"""Enrolling, accepting, declining, leaving: small resources of a session (contract.md)."""

from collections.abc import Callable
from functools import partial

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to
from portal.core.policy import authorize, signed_in
from portal.people.queries import me
from portal.training import actions, policies, queries
from portal.training.actions.enrolling import Overlaps
from portal.training.cards import card_of
from portal.training.models import Enrolment, EnrolmentState
from portal.training.views.blueprint import bp, find, own
from portal.training.views.show import page

PAGE = "training.show"
LONGEST = 500


@bp.post("/training/<public_id>/enrolment")
@signed_in
def enrol(public_id: str) -> Response:
    """Enrol: a seat, or a place in the queue for who says so; a lost race answers 409 with the place one would get (TR3)."""
    session = find(public_id)
    authorize(policies.may_join(me(), session, clock.now()))
    waits, needs = posted_value("waits") == "yes", posted_value("needs")[:LONGEST]
    give_up = given_up(posted_value("give_up"))
    try:
        enrolment = actions.enrol(session, me(), clock.now(), waits=waits, needs=needs, give_up=give_up)
    except Refused as refused:
        return conflict(public_id, refused)
    return redirect_to(PAGE, notice=welcome(enrolment), public_id=public_id)


def welcome(enrolment: Enrolment) -> str:
    """Return the sentence that confirms where somebody stands now."""
    sentences: dict[str, str] = {
        EnrolmentState.CONFIRMED: _("You are in."),
        EnrolmentState.OFFERED: _("A seat is held for you: accept it."),
        EnrolmentState.REQUESTED: _("Asked for: your head decides."),
    }
    place = queries.place_of(me(), enrolment.session_id, clock.now())
    waits = _("You are on the waiting list, number %(place)d.", place=place.number if place else 1)
    return sentences.get(enrolment.state) or str(waits)


@bp.post("/training/<public_id>/acceptance")
@signed_in
def accept(public_id: str) -> Response:
    """Take the seat that is held, or a free one of the last minutes; `give_up` names what overlaps (rule 16)."""
    enrolment = own(find(public_id), _("No seat is held for you here."))
    act = partial(actions.accept, enrolment, clock.now(), given_up(posted_value("give_up")))
    return do(public_id, act, _("The seat is yours."))


def given_up(public_id: str) -> Enrolment | None:
    """Return the own enrolment that somebody gives up for another."""
    return queries.own_enrolment(me(), public_id) if public_id else None


@bp.post("/training/<public_id>/refusal")
@signed_in
def decline(public_id: str) -> Response:
    """Give the held seat to the next person."""
    session = find(public_id)
    return do(
        public_id,
        lambda: actions.decline(own(session, _("No seat is held for you here.")), clock.now()),
        _("Thank you: the seat goes to the next person."),
    )


@bp.post("/training/<public_id>/withdrawal")
@signed_in
def leave(public_id: str) -> Response:
    """Give up a seat or a place in the queue."""
    session = find(public_id)
    return do(
        public_id,
        lambda: actions.leave(own(session, _("You are not enrolled here.")), clock.now()),
        _("You are no longer enrolled."),
    )


def do(public_id: str, act: Callable[[], object], notice: str, endpoint: str = PAGE) -> Response:
    """Call an action and lead back with a sentence; what it refuses is said on the page of the session (409)."""
    try:
        act()
    except Refused as refused:
        return conflict(public_id, refused)
    return redirect_to(endpoint, notice=notice, public_id=public_id)


def conflict(public_id: str, refused: Refused) -> Response:
    """Answer 409 with what happened and what can be done now, on the page as it is (C7)."""
    others = [each.public_id for each in refused.others] if isinstance(refused, Overlaps) else []
    db.session.rollback()
    session = find(public_id)
    found = [each for each in (queries.own_enrolment(me(), key) for key in others) if each]
    return page(session, card_of(session, me(), clock.now()), 409, refused.reason, found)
