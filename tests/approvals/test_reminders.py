"""Reminders and escalation in working time, each once (AP-25)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.approvals import actions, queries
from portal.approvals.models import ApprovalDecision, ApprovalEvent
from portal.approvals.queries import measure_with
from portal.core import jobs
from portal.core.db import db
from portal.notifications.models import Notification, Outbox
from portal.service_levels.calendar import BusinessCalendar
from tests.approvals.begun import approve, asked, begin, open_seats, seat_of
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away
from tests.service_levels.cases import C9

MADRID = BusinessCalendar("Europe/Madrid", C9)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026 by the clocks of Madrid, which are one hour ahead."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def office_time(department_id: int, start: datetime, end: datetime) -> timedelta:
    return MADRID.working_time(start, end)


def happened(name: str) -> list[datetime]:
    found = select(ApprovalEvent.at).where(ApprovalEvent.name == name).order_by(ApprovalEvent.id)
    return list(db.session.scalars(found))


def run_every_ten_minutes(start: datetime, end: datetime) -> None:
    moment = start
    while moment <= end:
        actions.remind_due(moment, office_time)
        moment += timedelta(minutes=30)


def test_AP16_reminder_after_8_and_escalation_after_18_working_hours(cast: Cast, app: object) -> None:
    """Pending since Thursday 16:00: two hours that day, nine on Friday, nine on Monday."""
    cast.head.manager_id = cast.finance_head.id
    _paper, approval = begin(cast, at(5, 16))
    run_every_ten_minutes(at(6, 14), at(9, 15, 30))
    assert happened("reminded") == [at(6, 15)]
    assert happened("escalated") == []
    run_every_ten_minutes(at(9, 16), at(9, 17))
    assert happened("escalated") == [at(9, 16)]
    assert asked(approval) == ["Fermín Costa", "Marta Soler"]
    assert db.session.scalars(select(ApprovalDecision)).all() == []


def test_each_only_once_and_the_first_decision_ends_both(cast: Cast, app: object) -> None:
    _paper, approval = begin(cast, at(5, 16))
    for _ in range(3):
        actions.remind_due(at(9, 17), office_time)
    assert (len(happened("reminded")), len(happened("escalated"))) == (1, 1)
    assert len({seat.seat_group_id for seat in open_seats(approval)}) == 1
    approve(approval, cast.director, at(9, 18))
    assert open_seats(approval) == []


def test_the_delegate_is_reminded_without_starting_the_count_anew(cast: Cast, app: object) -> None:
    begin(cast, at(5, 16))
    away(cast.head, cast.delegate, start=at(6, 0))
    actions.remind_due(at(6, 15), office_time)
    told = select(Outbox.recipient_id).where(Outbox.message == "approvals/reminder")
    assert list(db.session.scalars(told)) == [cast.delegate.id]


def test_a_returned_approval_reminds_nobody(cast: Cast, app: object) -> None:
    _paper, approval = begin(cast, at(5, 16))
    seat = seat_of(approval, cast.head)
    actions.return_for_correction(seat.id, cast.head, "Which lamp exactly?", ("text",), approval.content_hash, at(5, 17))
    assert actions.remind_due(at(12, 17), office_time) == 0


def test_rule_22_a_delegate_who_may_not_decide_is_passed_over_when_the_absence_begins(cast: Cast, app: object) -> None:
    cast.head.manager_id = cast.finance_head.id
    _paper, approval = begin(cast, at(5, 16), by=cast.delegate)
    away(cast.head, cast.delegate, start=at(6, 0))
    actions.remind_due(at(6, 9), office_time)
    assert asked(approval) == ["Fermín Costa", "Marta Soler"]


def test_the_worker_reminds_with_the_calendars_it_was_given(cast: Cast, app: object, clock: object) -> None:
    begin(cast, at(2, 9) - timedelta(days=3))
    db.session.commit()
    asked_for: list[int] = []

    def measured(department_id: int, start: datetime, end: datetime) -> timedelta:
        asked_for.append(department_id)
        return timedelta(hours=8)

    measure_with(measured)
    try:
        jobs._handlers["approvals.remind"]({})
    finally:
        queries.measuring._measures.clear()
    assert asked_for == [cast.it.id]
    assert len(happened("reminded")) == 1


def test_who_is_asked_gets_a_mail_and_the_requester_does_not(cast: Cast, app: object) -> None:
    paper, _approval = begin(cast, at(5, 16))
    mails = db.session.execute(select(Outbox.recipient_id, Outbox.message, Outbox.subject_kind, Outbox.subject_id)).all()
    assert [tuple(mail) for mail in mails] == [(cast.head.id, "approvals/asked", KIND, paper.id)]
    assert db.session.scalars(select(Notification.recipient_id)).all() == [cast.head.id]
