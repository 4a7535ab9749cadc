"""Who may decide, forward and administer (AP-6, AP-16 of permissions.md, AP-20 to AP-24)."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accounts.queries import lacks_factor
from portal.approvals import engine
from portal.approvals.models import Approval, ApprovalSeat
from portal.core.db import db
from portal.core.policy import Decision, no, yes
from portal.core.text import date_in_full, wall
from portal.people import queries as people
from portal.people.models import Absence, Person, Role


def may_decide(person: Person, seat: ApprovalSeat, now: datetime) -> Decision:
    """Say whether the person may decide the seat now, themselves or for its absent person; never their own (AP-6, AP-24)."""
    if person.id in seat.parties:
        return no(_("Nobody decides on their own request."))
    if not person.active:
        return no(_("This account is closed."))
    if person.id in engine.deciders_of(seat.approval, seat.stage.different_from):
        return no(_("You decided an earlier stage; this one is for another person."))
    if person.id == seat.person_id:
        return yes()
    return _may_stand_in(person, seat, now)


def may_decide_money(person: Person, approvals: Iterable[Approval]) -> Decision:
    """Say whether the person may decide what costs money: only who signs in with a second factor (AP-27, SE-15).

    A link that decides small sums without a sign-in asks for the same: signing out takes no rule away.
    """
    if any(approval.amount for approval in approvals) and lacks_factor(person.id):
        return no(_("This costs money, so deciding it needs a second step when you sign in. Set it up, and decide then."))
    return yes()


def _may_stand_in(person: Person, seat: ApprovalSeat, now: datetime) -> Decision:
    absence = db.session.scalar(
        select(Absence)
        .where(Absence.person_id == seat.person_id, Absence.delegate_id == person.id, Absence.from_at <= now)
        .order_by(Absence.from_at.desc())
        .limit(1)
    )
    if absence is None or not seat.person.active:
        return no(_("Only %(name)s decides here.", name=seat.person.name))
    end = min(absence.until_at, absence.revoked_at or absence.until_at)
    if end <= now:
        when = f"{date_in_full(end)} {wall(end):%H:%M}"
        return no(_("The delegation ended on %(when)s; %(name)s can decide.", when=when, name=seat.person.name))
    if engine.is_barred(seat.approval, person.id, now):
        return no(_("You stand in for somebody whom this request is about, so you do not decide here."))
    return yes()


def may_forward(person: Person, seat: ApprovalSeat, now: datetime) -> Decision:
    """Say whether the person may hand their own seat to another head (permissions.md row 16)."""
    if person.id != seat.person_id:
        return no(_("Only %(name)s can pass this on.", name=seat.person.name))
    return may_decide(person, seat, now)


def may_administer(person: Person, approval: Approval, now: datetime) -> Decision:
    """Say whether the person may open a new round, remove a stage or go on without one: never in their own request."""
    if person.id in approval.parties:
        return no(_("Nobody changes the approval of their own request."))
    return is_administrator(person, now)


def is_administrator(person: Person, now: datetime) -> Decision:
    """Say whether the person helps with approvals that find nobody."""
    if not people.has_role(person, Role.ADMINISTRATOR, now):
        return no(_("Only administrators can do this."))
    return yes()
