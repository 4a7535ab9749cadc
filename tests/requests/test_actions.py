"""The life of a request, verb by verb."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat, ApprovalStage
from portal.audit.models import AuditEntry
from portal.conversations.models import Comment
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Notification, Outbox
from portal.requests import actions, messages, queries, references
from portal.requests.forgotten import forgotten
from portal.requests.models import Assignment, Request, RequestAnswers, RequestEvent, RequestLink, State
from portal.requests.page import Page
from tests.cast.people import Cast
from tests.factories import requests as factory

MADRID = ZoneInfo("Europe/Madrid")


def now() -> datetime:
    return clock.now()


def history(request: Request) -> list[str]:
    events = db.session.scalars(select(RequestEvent).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id))
    return [event.data.get("as", event.kind) for event in events]


def mails(request: Request) -> set[tuple[str, int]]:
    found = db.session.execute(select(Outbox.message, Outbox.recipient_id).where(Outbox.subject_id == request.id))
    return {(message, recipient) for message, recipient in found}


def bells(request: Request, message: str) -> set[int]:
    found = select(Notification.recipient_id).where(
        Notification.subject_kind == "request", Notification.subject_id == request.id, Notification.message == message
    )
    return set(db.session.scalars(found))


def solve(request: Request, by, at: datetime | None = None) -> None:
    actions.solve(request, by, "It is on your desk.", at or now())


# --- sending ---------------------------------------------------------------------------------------------------------


def test_RQ1_a_service_without_stages_is_open_at_once(cast: Cast, help_desk):
    request = factory.send(help_desk, cast.employee)
    assert request.state == State.OPEN
    assert history(request) == ["sent"]
    assert request.reference.startswith("VEN-")
    assert len(request.reference) == 10
    assert db.session.get_one(RequestAnswers, request.id).content[0]["label"] == "What you need"
    assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.subject_kind == "request")) == "request.sent"


def test_a_service_with_stages_waits_for_its_approval(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    assert request.state == State.WAITING_FOR_APPROVAL
    assert db.session.scalar(select(ApprovalSeat.person_id)) == cast.head.id


def test_the_same_send_key_leads_to_the_first_request(cast: Cast, help_desk):
    sent = factory.sending(help_desk, cast.employee)
    first = actions.send(sent, cast.employee, now())
    again = actions.send(sent, cast.employee, now())
    assert (first.created, again.created, again.same, again.request.id) == (True, False, True, first.request.id)
    other = factory.sending(help_desk, cast.employee, send_key=sent.send_key, answers=())
    assert actions.send(other, cast.employee, now()).same is False
    assert db.session.scalar(select(func.count()).select_from(Request)) == 1


def test_a_reference_that_is_taken_is_drawn_again(cast: Cast, help_desk, monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(references.secrets, "randbelow", lambda _: next(drawn))
    assert [factory.send(help_desk, cast.employee).reference for _ in range(2)] == ["VEN-000007", "VEN-000008"]


def test_references_have_seven_digits_once_a_tenth_is_used(app, monkeypatch):
    monkeypatch.setattr(references, "TENTH", 0)
    assert len(references.draw()) == len("VEN-1234567")


def test_a_request_for_somebody_else_tells_that_person(cast: Cast, help_desk):
    request = factory.send(help_desk, cast.employee, beneficiary=cast.colleague)
    assert bells(request, "requests/sent") == {cast.colleague.id}


def test_asking_again_links_the_request_that_was_closed(cast: Cast, help_desk, taken):
    actions.withdraw(taken, cast.employee, "", now())
    request = factory.send(help_desk, cast.employee, follows=taken)
    link = db.session.scalars(select(RequestLink)).one()
    assert (link.from_id, link.to_id, link.kind) == (request.id, taken.id, "follow_up_of")


# --- who has it ------------------------------------------------------------------------------------------------------


def test_taking_and_giving_back(cast: Cast, open_request):
    actions.take(open_request, cast.agent, now())
    assert (open_request.state, open_request.assignee_id) == (State.IN_PROGRESS, cast.agent.id)
    assert bells(open_request, "requests/taken") == {cast.employee.id}
    actions.give_back(open_request, cast.agent2, now())
    assert (open_request.state, open_request.assignee_id) == (State.OPEN, None)
    assert history(open_request) == ["sent", "taken", "released"]


def test_what_somebody_has_is_not_taken_but_assigned(cast: Cast, taken):
    with pytest.raises(Refused, match="Nuria"):
        actions.take(taken, cast.agent2, now())
    actions.assign(taken, cast.agent2, cast.head2, now())
    assert taken.assignee_id == cast.agent2.id
    assert history(taken)[-1] == "assigned"
    assert bells(taken, "requests/assigned") == {cast.agent2.id}


def test_only_agents_of_the_department_can_have_it(cast: Cast, taken):
    with pytest.raises(Refused):
        actions.assign(taken, cast.stranger_head, cast.agent, now())


def test_at_most_one_assignment_is_open(cast: Cast, taken):
    db.session.add(Assignment(request_id=taken.id, person_id=cast.agent2.id, from_at=now()))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_RQ10_who_leaves_has_nothing_any_more_and_it_is_forgotten_at_once(cast: Cast, taken):
    actions.person_left(cast.agent, now())
    db.session.flush()
    assert (taken.state, taken.assignee_id) == (State.OPEN, None)
    rows = forgotten([cast.it.id], now())
    assert [(row.reference, row.reason) for row in rows] == [(taken.reference, "left")]


def test_a_request_moves_with_a_sentence_and_access_follows(cast: Cast, taken):
    actions.move_to_department(taken, cast.finance, "This is about money.", cast.agent, now())
    db.session.flush()
    assert (taken.department_id, taken.state, taken.assignee_id) == (cast.finance.id, State.OPEN, None)
    assert not sees(cast.agent, taken)
    assert sees(cast.finance_head, taken)
    assert bells(taken, "requests/moved") == {cast.employee.id}
    assert "moved" in history(taken)


def sees(person, request: Request) -> bool:
    return db.session.scalar(queries.visible_to(person, now()).where(Request.id == request.id)) is not None


# --- talking ---------------------------------------------------------------------------------------------------------


def test_RQ6_the_answer_of_the_requester_ends_the_waiting(cast: Cast, taken):
    actions.ask_requester(taken, cast.agent, "Spanish or English keyboard?", now())
    assert taken.state == State.WAITING_FOR_REQUESTER
    assert mails(taken) == {("requests/asked", cast.employee.id)}
    actions.comment(taken, cast.employee, "Spanish.", False, now())
    assert taken.state == State.IN_PROGRESS
    assert history(taken)[-2:] == ["asked", "answered"]


def test_others_do_not_end_the_waiting(cast: Cast, taken):
    actions.ask_requester(taken, cast.agent, "Which?", now())
    actions.comment(taken, cast.head, "I would like to know too.", False, now())
    assert taken.state == State.WAITING_FOR_REQUESTER


def test_an_answer_to_a_request_that_nobody_has_puts_it_back_into_the_queue(cast: Cast, taken):
    actions.ask_requester(taken, cast.agent, "Which?", now())
    actions.person_left(cast.agent, now())
    assert (taken.state, taken.assignee_id) == (State.WAITING_FOR_REQUESTER, None)
    actions.comment(taken, cast.employee, "The blue one.", False, now())
    assert taken.state == State.OPEN


def test_RQ5_a_comment_on_a_solved_request_reopens_nothing_by_itself(cast: Cast, taken):
    solve(taken, cast.agent)
    actions.comment(taken, cast.employee, "It does not switch on.", False, now())
    assert taken.state == State.SOLVED


def test_a_comment_on_what_is_over_is_refused(cast: Cast, taken):
    actions.withdraw(taken, cast.employee, "", now())
    with pytest.raises(Refused, match="Lucía Ferrer"):
        actions.comment(taken, cast.employee, "One more thing", False, now())


def test_a_note_leaves_no_trace_outside_the_service(cast: Cast, taken):
    before = (taken.revision, taken.last_public_at)
    actions.comment(taken, cast.agent2, "Third time this month.", True, now() + timedelta(hours=1))
    assert (taken.revision, taken.last_public_at) == before
    assert taken.internal_revision == 1
    assert bells(taken, "requests/commented") == {cast.agent.id}


def test_the_same_comment_sent_twice_is_one(cast: Cast, taken):
    for _ in range(2):
        actions.comment(taken, cast.employee, "Hello", False, now(), send_key="one-key")
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


# --- the end ---------------------------------------------------------------------------------------------------------


def test_RQ3_nothing_is_solved_while_a_stage_is_open(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    with pytest.raises(Refused, match=r"Approval|Aprobaci.n"):
        solve(request, cast.agent)


@pytest.mark.parametrize(
    ("at", "reopened"),
    [
        pytest.param("2026-03-16 23:59", True, id="RQ4-day-14-23:59"),
        pytest.param("2026-03-17 00:00", False, id="RQ4-day-15-00:00"),
    ],
)
def test_RQ4_a_solved_request_can_be_reopened_until_the_end_of_day_14(cast: Cast, taken, clock, at, reopened):
    solve(taken, cast.agent)  # Monday 2 March, 9:00 in Madrid
    clock.move_to(datetime.fromisoformat(at).replace(tzinfo=MADRID))
    if reopened:
        actions.reopen(taken, cast.employee, "It is broken again.", now())
        assert taken.state == State.IN_PROGRESS
    else:
        assert taken.state_at(now()) == State.CLOSED
        with pytest.raises(Refused, match="14"):
            actions.reopen(taken, cast.employee, "It is broken again.", now())


def test_what_is_closed_by_time_is_written_by_the_job(cast: Cast, taken, clock):
    solve(taken, cast.agent)
    clock.shift(timedelta(days=15))
    assert actions.close_due(now()) == 1
    assert taken.state == State.CLOSED
    event = db.session.scalars(select(RequestEvent).order_by(RequestEvent.id.desc())).first()
    assert event is not None
    assert (event.data["as"], event.at) == ("expired", datetime(2026, 3, 16, 23, tzinfo=event.at.tzinfo))


def test_the_requester_closes_it_by_saying_that_all_is_fine(cast: Cast, taken):
    solve(taken, cast.agent)
    assert mails(taken) == {("requests/solved", cast.employee.id)}
    actions.confirm(taken, cast.employee, now())
    assert taken.state == State.CLOSED
    assert bells(taken, "requests/confirmed") == {cast.agent.id}


def test_withdrawing_ends_the_approval(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    actions.withdraw(request, cast.employee, "Found one.", now())
    assert request.state == State.WITHDRAWN
    assert db.session.scalar(select(ApprovalSeat.ended_at)) is not None


def test_RQ8_a_withdrawn_request_is_not_approved(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    seat, approval = db.session.scalars(select(ApprovalSeat)).one(), db.session.scalars(select(Approval)).one()
    shown = approval.content_hash
    actions.withdraw(request, cast.employee, "", now())
    with pytest.raises(Refused):
        approvals.decide(seat.id, cast.head, "approved", "", shown, now())
    assert request.state == State.WITHDRAWN


def test_a_solved_request_is_not_withdrawn(cast: Cast, taken):
    solve(taken, cast.agent)
    with pytest.raises(Refused):
        actions.withdraw(taken, cast.employee, "", now())


# --- approvals -------------------------------------------------------------------------------------------------------


def test_the_last_approval_opens_the_request(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    decide(cast, "approved", "")
    assert request.state == State.OPEN
    assert history(request) == ["sent", "approved", "opened"]
    assert bells(request, "requests/opened") == {cast.employee.id}


def test_a_rejection_ends_the_request(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    decide(cast, "rejected", "There is no money left this year.")
    assert request.state == State.REJECTED
    assert ("requests/rejected", cast.employee.id) in mails(request)


def test_AP12_an_administrator_corrects_a_mistaken_rejection(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    decide(cast, "rejected", "There is no money left this year.")
    approval = db.session.scalars(select(Approval)).one()
    approvals.new_round(approval.id, cast.admin, "Marta pressed the wrong button", now())
    assert request.state == State.WAITING_FOR_APPROVAL
    stage = db.session.scalars(select(ApprovalStage).where(ApprovalStage.round == 2)).one()
    approvals.remove_stage(stage.id, cast.admin, "Nobody needs to approve this", now())
    assert request.state == State.OPEN


def decide(cast: Cast, outcome: str, reason: str) -> None:
    seat, approval = db.session.scalars(select(ApprovalSeat)).one(), db.session.scalars(select(Approval)).one()
    approvals.decide(seat.id, cast.head, outcome, reason, approval.content_hash, now())


# --- what the database refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", [update(RequestEvent).values(kind="x"), delete(RequestEvent)], ids=["update", "delete"])
def test_history_is_never_changed(open_request, statement):
    with pytest.raises(DBAPIError):
        db.session.execute(statement)
    db.session.rollback()


def test_RQ13_a_state_that_does_not_exist_is_not_stored(open_request):
    with pytest.raises(DBAPIError):
        db.session.execute(update(Request).values(state="sleeping"))
    db.session.rollback()


def test_the_state_changes_by_moving_only(cast: Cast, open_request):
    with pytest.raises(Refused):
        open_request.state = State.CLOSED
    with pytest.raises(Refused):
        actions.move(open_request, State.CLOSED, cast.agent, now())


def test_CM_2_mail_quotes_a_sentence_as_it_stands_when_it_is_sent(app, cast: Cast, help_desk):
    request = factory.send(help_desk, cast.employee)
    actions.solve(request, cast.agent, "Está en tu mesa, llave 1234.", clock.now())
    data = db.session.scalars(select(Outbox.data).where(Outbox.message == "requests/solved")).one()
    assert "1234" not in str(data)
    said = messages.words(request, data, cast.employee, clock.now())
    assert said == {"text": "Está en tu mesa, llave 1234."}
    comment = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    actions.withdraw_comment(request, comment, cast.agent, clock.now())
    assert messages.words(request, data, cast.employee, clock.now()) == {"text": ""}


def test_what_is_sent_back_is_in_the_hands_of_who_asked(cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    seat, approval = db.session.scalars(select(ApprovalSeat)).one(), db.session.scalars(select(Approval)).one()
    why = "Which size of monitor?"
    approvals.decide(seat.id, cast.head, "returned", why, approval.content_hash, now(), fields=("subject",))
    assert Page(request, cast.employee, now()).whereabouts == "Devuelta a ti: corrígela y envíala de nuevo"
    assert Page(request, cast.agent, now()).whereabouts == "Devuelta a Lucía Ferrer para corregir"
    assert ("requests/returned", cast.employee.id) in mails(request)
