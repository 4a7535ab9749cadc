"""Who is asked: as conditions, so that lists, pages and counters share them (PE-1, C6)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from portal.approvals.models import Approval, ApprovalSeat
from portal.people import queries as people
from portal.people.models import Absence, Person, Role

KEPT = timedelta(days=90)


def asked(person: Person, now: datetime, kind: str, subject_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the person was asked about a subject, until 90 days after, or stands in now (PE-1)."""
    of_kind = select(Approval.subject_id).join(ApprovalSeat, ApprovalSeat.approval_id == Approval.id).where(Approval.kind == kind)
    own = of_kind.where(ApprovalSeat.person_id == person.id, _not_long_ago(now))
    delegated = of_kind.join(Absence, Absence.person_id == ApprovalSeat.person_id).where(_stands_in(person, now))
    return subject_id.in_(own.union_all(delegated))


def visible_to(person: Person, now: datetime) -> Select[Approval]:
    """Select the approvals that the person may read as somebody asked (PE-1)."""
    own = select(ApprovalSeat.approval_id).where(ApprovalSeat.person_id == person.id, _not_long_ago(now))
    delegated = (
        select(ApprovalSeat.approval_id).join(Absence, Absence.person_id == ApprovalSeat.person_id).where(_stands_in(person, now))
    )
    return select(Approval).where(Approval.id.in_(own.union_all(delegated)))


def known_to(person: Person, now: datetime) -> Select[Approval]:
    """Select the approvals that the person may know of: those once asked, also for somebody who was away then.

    Such a person is told why they do not decide any more (403, 409) instead of 404.
    """
    own = select(ApprovalSeat.approval_id).where(ApprovalSeat.person_id == person.id)
    delegated = (
        select(ApprovalSeat.approval_id)
        .join(Absence, Absence.person_id == ApprovalSeat.person_id)
        .where(Absence.delegate_id == person.id, Absence.from_at <= now, _open_within())
    )
    return select(Approval).where(Approval.id.in_(own.union_all(delegated)))


def seats_known_to(person: Person, approval: Approval, now: datetime) -> Select[ApprovalSeat]:
    """Select the seats of one approval that the person was ever asked to decide, own or delegated; newest last."""
    delegated = exists().where(
        Absence.person_id == ApprovalSeat.person_id,
        Absence.delegate_id == person.id,
        Absence.from_at <= now,
        _open_within(),
    )
    mine = or_(ApprovalSeat.person_id == person.id, delegated)
    return select(ApprovalSeat).where(ApprovalSeat.approval_id == approval.id, mine).order_by(ApprovalSeat.id)


def decidable_by(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that an open seat is the person's to decide now, own or for somebody absent (AP-20, AP-22)."""
    absent = select(Absence.person_id).join(Person, Person.id == Absence.person_id)
    absent = absent.where(Absence.delegate_id == person.id, people.away_at(now), Person.active)
    parties = (ApprovalSeat.requester_id, ApprovalSeat.beneficiary_id, ApprovalSeat.author_id, ApprovalSeat.editor_id)
    concerned = or_(*(party.in_(absent) for party in parties), *(party == person.id for party in parties))
    mine = or_(ApprovalSeat.person_id == person.id, and_(ApprovalSeat.person_id.in_(absent), ~concerned))
    return and_(ApprovalSeat.ended_at.is_(None), mine)


def administered_by(person: Person, now: datetime) -> Select[Approval]:
    """Select the approvals that the person may administer: as an administrator, and not their own (permissions.md 16)."""
    if not people.has_role(person, Role.ADMINISTRATOR, now):
        return select(Approval).where(false())
    parties = (Approval.requester_id, Approval.beneficiary_id, Approval.author_id, Approval.editor_id)
    return select(Approval).where(*(party != person.id for party in parties))


def _not_long_ago(now: datetime) -> ColumnElement[bool]:
    ended = and_(ApprovalSeat.ended_at > now - KEPT, ApprovalSeat.ended_why != "left")
    return or_(ApprovalSeat.ended_at.is_(None), ended)


def _stands_in(person: Person, now: datetime) -> ColumnElement[bool]:
    """The absence runs now, and the seat was open within it."""
    return and_(Absence.delegate_id == person.id, people.away_at(now), _open_within())


def _open_within() -> ColumnElement[bool]:
    return and_(
        ApprovalSeat.from_at < Absence.until_at, or_(ApprovalSeat.ended_at.is_(None), ApprovalSeat.ended_at >= Absence.from_at)
    )
