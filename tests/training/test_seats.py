"""Seats and the waiting list: every rule that competes, on both databases (training.md 2 to 18)."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import db as core_db
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.actions import deactivate
from portal.training import actions, jobs, queries
from portal.training.actions.enrolling import Full, Overlaps
from portal.training.models import Enrolment, EnrolmentState, PriorityCredit, SessionDate
from tests.cast.people import Cast
from tests.factories import training as make
from tests.training.people import at, crowd, enrolled, states, told

MONDAY = at("2026-03-02 09:00")
C, W, O = EnrolmentState.CONFIRMED, EnrolmentState.WAITING, EnrolmentState.OFFERED  # noqa: E741


def again(rows):
    db.session.flush()
    return states(rows)


def test_TR2_a_second_click_gets_the_same_row(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    first = actions.enrol(session, cast.employee, MONDAY)
    assert actions.enrol(session, cast.employee, MONDAY) is first
    assert queries.seats_of([session.id], MONDAY)[session.id].confirmed == 1


def test_TR3_TR4_while_somebody_waits_a_newcomer_goes_to_the_end(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 4), MONDAY)
    with pytest.raises(Full) as full:
        actions.enrol(session, cast.employee, MONDAY)
    assert full.value.place == 4
    actions.leave(rows[0], MONDAY)
    late = actions.enrol(session, cast.employee, MONDAY, waits=True)
    assert again([*rows, late]) == ["cancelled", O, W, W, W]
    assert queries.place_of(cast.employee, session.id, MONDAY).number == 3
    assert told("offered") == [rows[1].person_id]


def test_an_offer_holds_the_seat_and_is_over_when_its_time_is_reached(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 3), MONDAY)
    actions.leave(rows[0], MONDAY)
    ends = rows[1].offer_expires_at
    assert queries.seats_of([session.id], ends)[session.id].offered == 0
    with pytest.raises(Refused):
        actions.accept(rows[1], ends)
    db.session.expire_all()
    actions.serve(session.id, ends)
    assert again(rows) == ["cancelled", "expired", O]
    actions.serve(session.id, ends)
    assert again(rows) == ["cancelled", "expired", O]
    assert told("offer_expired") == [rows[1].person_id]


def test_the_sweep_makes_the_end_of_an_offer_known(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 3), MONDAY)
    actions.leave(rows[0], MONDAY)
    db.session.commit()
    clock.move_to(rows[1].offer_expires_at)
    jobs.sweep({})
    db.session.expire_all()
    assert again(rows) == ["cancelled", "expired", O]


def test_who_declined_or_left_comes_back_at_the_end_with_a_new_row(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    people = crowd(cast, 3)
    rows = enrolled(session, people, MONDAY)
    actions.leave(rows[0], MONDAY)
    actions.decline(rows[1], MONDAY)
    assert again(rows) == ["cancelled", "declined", O]
    back = enrolled(session, people[:2], MONDAY)
    assert again(back) == [W, W]
    assert back[0].uid != rows[0].uid


def test_TR5_lowering_the_capacity_removes_nobody_and_the_queue_sleeps(cast: Cast, clock):
    session = make.session(cast.trainer, 20)
    rows = enrolled(session, crowd(cast, 18), MONDAY)
    actions.change_capacity(session, 15, cast.trainer, MONDAY)
    waiting = enrolled(session, crowd(cast, 4, start=40), MONDAY)
    for row in rows[:3]:
        actions.leave(row, MONDAY)
    assert again(waiting) == [W] * 4
    actions.leave(rows[3], MONDAY)
    assert again(waiting) == [O, W, W, W]
    assert states(rows).count(C) == 14
    actions.change_capacity(session, 17, cast.trainer, MONDAY)
    assert again(waiting) == [O, O, O, W]


def test_lowering_the_capacity_honours_an_open_offer(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    rows = enrolled(session, crowd(cast, 3), MONDAY)
    actions.leave(rows[0], MONDAY)
    actions.change_capacity(session, 1, cast.trainer, MONDAY)
    actions.accept(rows[2], MONDAY)
    assert again(rows) == ["cancelled", C, C]


@pytest.mark.parametrize("late", ["2026-03-12 09:00", "2026-03-12 09:15"])
def test_TR6_from_the_start_on_nobody_is_promoted_or_told(cast: Cast, clock, late):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 2), MONDAY)
    actions.leave(rows[0], at(late))
    assert again(rows) == ["late_cancelled", W]
    assert not told("offered") + told("last_minute")
    with pytest.raises(Refused):
        actions.accept(rows[1], at(late))
    with pytest.raises(Refused):
        actions.enrol(session, cast.employee, at(late), waits=True)


def test_TR7_at_the_last_minute_all_are_told_and_the_first_click_has_it(cast: Cast, clock):
    session = make.session(cast.trainer, 1, "2026-03-13 12:00")
    rows = enrolled(session, crowd(cast, 7), MONDAY)
    thursday = at("2026-03-12 15:00")
    actions.leave(rows[0], thursday)
    assert len(told("last_minute")) == 6
    actions.serve(session.id, thursday)
    assert len(told("last_minute")) == 6
    actions.accept(rows[4], thursday)
    with pytest.raises(Refused):
        actions.accept(rows[1], thursday)
    db.session.flush()
    assert again(rows) == ["late_cancelled", W, W, W, C, W, W]
    actions.leave(rows[4], at("2026-03-12 16:00"))
    assert len(told("last_minute")) == 11  # another seat, and those who wait hear of it


def test_TR8_who_is_deactivated_is_skipped_and_frees_coming_seats(cast: Cast, clock):
    one, other = make.session(cast.trainer, 1), make.session(cast.trainer, 1, "2026-03-19 09:00")
    people = crowd(cast, 3)
    rows = enrolled(one, people, MONDAY)
    seat, next_ = enrolled(other, [people[1], people[2]], MONDAY)
    deactivate(people[1], cast.admin, MONDAY)
    actions.leave(rows[0], MONDAY)
    assert again(rows) == ["cancelled", "removed", O]
    assert again([seat, next_]) == ["removed", O]


def test_somebody_inactive_never_stops_the_queue(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    people = crowd(cast, 3)
    rows = enrolled(session, people, MONDAY)
    people[1].active = False
    actions.leave(rows[0], MONDAY)
    assert again(rows) == ["cancelled", W, O]


def test_mode_auto_confirms_at_once_and_skips_who_is_elsewhere_then(cast: Cast, clock):
    session = make.session(cast.trainer, 1, mode="auto")
    same_time = make.session(cast.trainer, 5, "2026-03-12 10:00")
    people = crowd(cast, 3)
    rows = enrolled(session, people, MONDAY)
    enrolled(same_time, [people[1]], MONDAY)
    actions.leave(rows[0], MONDAY)
    assert again(rows) == ["cancelled", W, C]
    assert told("skipped") == [people[1].id]
    assert told("promoted") == [people[2].id]
    actions.leave(rows[2], MONDAY)
    assert told("skipped") == [people[1].id]


def test_an_offer_that_overlaps_is_taken_only_by_giving_the_other_up(cast: Cast, clock):
    session, other = make.session(cast.trainer, 1), make.session(cast.trainer, 1, "2026-03-12 10:30")
    people = crowd(cast, 3)
    rows = enrolled(session, people[:2], MONDAY)
    held, waits = enrolled(other, people[1:], MONDAY)
    actions.leave(rows[0], MONDAY)
    with pytest.raises(Overlaps) as overlaps:
        actions.accept(rows[1], MONDAY)
    assert overlaps.value.others == [held]
    actions.accept(rows[1], MONDAY, give_up=held)
    assert again([rows[1], held, waits]) == [C, "cancelled", O]


def test_TR9_cancelling_tells_all_and_moves_those_who_waited_forward(cast: Cast, clock):
    topic = make.topic(cast.trainer)
    session, next_ = (make.session(cast.trainer, 1, day, of=topic) for day in ("2026-03-12 09:00", "2026-04-09 09:00"))
    rows = enrolled(session, crowd(cast, 3), MONDAY)
    before = session.sequence
    actions.cancel(session, "Sin sala", cast.trainer, MONDAY)
    assert again(rows) == ["session_cancelled"] * 3
    assert session.sequence == before + 1
    assert told("cancelled") == [row.person_id for row in rows]
    enrolled(next_, [cast.employee, cast.colleague], MONDAY)
    again_ = actions.enrol(next_, rows[2].person, MONDAY, waits=True)
    assert (again_.priority, queries.place_of(rows[2].person, next_.id, MONDAY).number) == (1, 1)
    assert db.session.scalars(select(PriorityCredit.used_by_id).order_by(PriorityCredit.id)).all() == [None, again_.id]


def test_TR10_moving_keeps_the_seats_asks_again_and_leaving_is_not_late(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    rows = enrolled(session, crowd(cast, 2), MONDAY)
    date = queries.dates_of(session.id)[0]
    uid, sequence = date.uid, date.sequence
    actions.move_date(date, make.when("2026-03-19 09:00").span, "", cast.trainer, MONDAY)
    assert (date.uid, date.sequence, session.first_starts_at) == (uid, sequence + 1, at("2026-03-19 09:00"))
    assert told("moved") == [row.person_id for row in rows]
    actions.reconfirm(rows[1], MONDAY)
    actions.leave(rows[0], at("2026-03-18 15:00"))
    assert again(rows) == ["cancelled", C]
    assert rows[1].reconfirmed_at == MONDAY


def test_CA9_CA13_only_what_moved_has_a_higher_sequence(cast: Cast, clock):
    session = make.session(cast.trainer, 2, "2026-03-12 09:00", "2026-03-13 09:00")
    first, second = queries.dates_of(session.id)
    actions.move_date(first, make.when("2026-03-12 09:00").span, "", cast.trainer, MONDAY)
    assert (first.sequence, second.sequence, session.sequence) == (0, 0, 0)
    actions.move_date(second, make.when("2026-03-14 09:00").span, "", cast.trainer, MONDAY)
    assert (first.sequence, second.sequence) == (0, 1)
    actions.cancel_date(second, "Festivo", cast.trainer, MONDAY)
    assert (first.sequence, second.sequence, session.last_ends_at) == (0, 2, first.ends_at)
    with pytest.raises(Refused):
        actions.cancel_date(first, "Festivo", cast.trainer, MONDAY)


def test_a_corrected_text_is_no_news_for_calendars_and_another_place_is(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    said = {"description": None, "materials": None, "taught_by": "", "place_note": "", "link": "", "capacity": 2}
    actions.correct(session, actions.Correction({"es": "Otro"}, place="", **said), 1, cast.trainer, MONDAY)
    date = db.session.scalars(select(SessionDate)).one()
    assert (date.sequence, session.sequence, session.revision) == (0, 0, 2)
    with pytest.raises(Refused):
        actions.correct(session, actions.Correction({"es": "Otro"}, place="Aula 2", **said), 1, cast.trainer, MONDAY)
    actions.correct(session, actions.Correction({"es": "Otro"}, place="Aula 2", **said), 2, cast.trainer, MONDAY)
    assert (date.sequence, session.sequence) == (1, 1)


def test_TR11_a_person_added_above_the_seats_needs_a_reason(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 2), MONDAY)
    with pytest.raises(Refused):
        actions.add_by_hand(session, cast.employee, "", cast.trainer, MONDAY)
    added = actions.add_by_hand(session, cast.employee, "Lo exige Prevención", cast.trainer, MONDAY)
    actions.leave(rows[0], MONDAY)
    assert again([*rows, added]) == ["cancelled", W, C]
    assert told("added") == [cast.employee.id]


def test_a_person_moves_somebody_forward_for_a_reason_that_is_seen(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 3), MONDAY)
    actions.give_priority(rows[2], 5, "Empieza el lunes en el almacén", cast.trainer, MONDAY)
    actions.leave(rows[0], MONDAY)
    assert again(rows) == ["cancelled", W, O]


def test_TR23_one_enrolment_covers_all_dates(cast: Cast, clock):
    session = make.session(cast.trainer, 2, "2026-03-12 09:00", "2026-03-13 09:00")
    assert actions.enrol(session, cast.employee, MONDAY) is actions.enrol(session, cast.employee, MONDAY)
    overlapping = make.session(cast.trainer, 2, "2026-03-13 10:00")
    assert len(queries.overlapping(cast.employee.id, overlapping.id)) == 1


def test_the_head_approves_and_the_place_counts_from_the_request(cast: Cast, clock):
    session = make.session(cast.trainer, 1, needs_approval=True)
    early = actions.enrol(session, cast.employee, MONDAY)
    later = actions.enrol(session, cast.colleague, at("2026-03-02 10:00"))
    assert again([early, later]) == ["requested", "requested"]
    assert queries.seats_of([session.id], MONDAY)[session.id].taken == 0
    approve(later, cast, "approved")
    assert again([early, later]) == ["requested", C]
    approve(early, cast, "approved")
    assert again([early, later]) == [W, C]
    refused = actions.enrol(session, cast.delegate, MONDAY)
    approve(refused, cast, "rejected", "No este trimestre, lo siento")
    assert again([refused]) == ["refused"]
    assert told("refused") == [cast.delegate.id]


def approve(enrolment, cast, outcome, reason=""):
    db.session.flush()
    approval = db.session.scalars(select(Approval).where(Approval.subject_id == enrolment.id)).one()
    seat = db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.approval_id == approval.id)).one()
    approvals.decide(seat.id, cast.head, outcome, reason, approval.content_hash, MONDAY)


def test_withdrawing_a_request_ends_its_approval(cast: Cast, clock):
    session = make.session(cast.trainer, 1, needs_approval=True)
    row = actions.enrol(session, cast.employee, MONDAY)
    actions.leave(row, MONDAY)
    assert again([row]) == ["cancelled"]
    assert db.session.scalars(select(Approval.ended_at)).one() is not None


def test_one_live_enrolment_per_person_and_session_in_the_database(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    actions.enrol(session, cast.employee, MONDAY)
    db.session.add(Enrolment(session_id=session.id, person_id=cast.employee.id, state=W, queued_at=MONDAY))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.sqlite_only
def test_sqlite_refuses_a_seat_above_the_capacity_by_a_second_belt(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, crowd(cast, 2), MONDAY)
    db.session.flush()
    with pytest.raises(IntegrityError, match="no seat is free"):
        db.session.execute(update(Enrolment).where(Enrolment.id == rows[1].id).values(state=C))
    db.session.rollback()


def test_what_happened_to_an_enrolment_is_only_added_to(cast: Cast, clock):
    session = make.session(cast.trainer, 1)
    actions.enrol(session, cast.employee, MONDAY)
    db.session.commit()
    with pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE enrolment_event SET event = 'other'"))
    db.session.rollback()


@pytest.mark.sqlite_only
def test_TR26_without_its_listeners_the_engine_is_refused_at_start(make_app, monkeypatch):
    monkeypatch.setattr(core_db, "_prepare_sqlite", lambda engine: None)
    with pytest.raises(RuntimeError, match="listeners"):
        make_app()


@pytest.mark.parametrize(("mode", "state", "word"), [("offer", O, "offered"), ("auto", W, "skipped")])
def test_who_is_elsewhere_then_is_approved_like_anybody_in_the_queue(cast: Cast, clock, mode, state, word):
    session = make.session(cast.trainer, 1, needs_approval=True, mode=mode)
    row = actions.enrol(session, cast.employee, MONDAY)
    enrolled(make.session(cast.trainer, 5, "2026-03-12 10:00"), [cast.employee], MONDAY)
    approve(row, cast, "approved")
    assert again([row]) == [state]
    assert told(word) == [cast.employee.id]
    assert not told("promoted")


def test_TR9_an_approved_wish_is_further_forward_after_a_cancelled_session(cast: Cast, clock):
    topic = make.topic(cast.trainer)
    first = make.session(cast.trainer, 1, "2026-03-10 09:00", of=topic)
    enrolled(first, [cast.colleague, cast.employee], MONDAY)
    actions.cancel(first, "Sin sala", cast.trainer, MONDAY)
    session = make.session(cast.trainer, 1, of=topic, needs_approval=True)
    rows = [actions.enrol(session, person, MONDAY) for person in (cast.colleague, cast.delegate, cast.employee)]
    assert [row.priority for row in rows] == [0, 0, 0]
    for row in rows:
        approve(row, cast, "approved")
    assert again(rows) == [C, W, W]
    assert [(row.priority, row.priority_reason) for row in rows[1:]] == [(0, None), (1, "session_cancelled")]
    assert queries.place_of(cast.employee, session.id, MONDAY).number == 1


def test_only_a_seat_of_the_same_time_is_given_up_for_another(cast: Cast, clock):
    session, other = make.session(cast.trainer, 2), make.session(cast.trainer, 2, "2026-03-10 09:00")
    (held,) = enrolled(other, [cast.employee], MONDAY)
    over = at("2026-03-10 12:00")
    assert again([actions.enrol(session, cast.employee, MONDAY, give_up=held), held]) == [C, C]
    (theirs,) = enrolled(make.session(cast.trainer, 2), [cast.colleague], MONDAY)
    third = make.session(cast.trainer, 2, "2026-03-17 09:00")
    assert again([actions.enrol(third, cast.employee, over, give_up=held), held]) == [C, C]
    assert again([actions.enrol(make.session(cast.trainer, 2), cast.delegate, MONDAY, give_up=theirs), theirs]) == [C, C]
