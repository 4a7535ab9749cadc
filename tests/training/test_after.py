"""Attendance, feedback and certificates, on both databases (training.md 19 to 23)."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.core.db import db
from portal.core.errors import Refused
from portal.training import actions, codes, jobs, queries
from portal.training.models import Attendance, Certificate, TrainingRecord
from portal.training.queries import results
from tests.cast.people import Cast
from tests.factories import training as make
from tests.training.people import at, crowd, enrolled, told
from tests.training.test_pages import get, post

MONDAY = at("2026-03-02 09:00")
AFTER = at("2026-03-13 20:00")


def course(cast, people, dates=("2026-03-12 09:00",), **values):
    """A course for people, and its dates."""
    session = make.session(cast.trainer, 20, *dates, **values)
    rows = enrolled(session, people, MONDAY)
    return session, rows, queries.dates_of(session.id)


def mark(session, rows, dates, marks, by, now=AFTER):
    return actions.record(
        session, {(row.id, date.id): m for row, date, m in zip(rows, dates * len(rows), marks, strict=False)}, by, now
    )


def test_a_correction_is_a_new_row_and_the_latest_counts(cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee])
    mark(session, rows, dates, ["absent"], cast.trainer)
    mark(session, rows, dates, ["absent"], cast.trainer)
    mark(session, rows, dates, ["present"], cast.trainer)
    assert db.session.scalars(select(Attendance.mark).order_by(Attendance.id)).all() == ["absent", "present"]
    assert results.result_of(session, rows[0], dates) == "present"
    with pytest.raises(DatabaseError):
        db.session.execute(text("DELETE FROM attendance"))
    db.session.rollback()


def test_attendance_waits_for_the_date_to_begin(cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee])
    with pytest.raises(Refused):
        mark(session, rows, dates, ["present"], cast.trainer, at("2026-03-12 08:00"))


def test_the_code_counts_around_the_date_and_only_with_a_seat(cast: Cast, clock):
    _session, rows, dates = course(cast, [cast.employee])
    code = actions.open_check_in(dates[0], cast.trainer, MONDAY)
    assert actions.open_check_in(dates[0], cast.trainer, MONDAY) is code
    assert results.check_in(code.code.lower()) is code
    for now in (at("2026-03-12 08:29"), at("2026-03-12 11:01")):
        with pytest.raises(Refused):
            actions.check_in(dates[0], rows[0], cast.employee, now)
    with pytest.raises(Refused):
        actions.check_in(dates[0], None, cast.colleague, at("2026-03-12 09:00"))
    for _click in range(2):
        actions.check_in(dates[0], rows[0], cast.employee, at("2026-03-12 09:00"))
    assert db.session.scalars(select(Attendance.how)).all() == ["code"]


def test_a_part_gives_nothing_until_it_is_made_up_at_the_same_date_elsewhere(cast: Cast, clock):
    topic = make.topic(cast.trainer, validity_months=12)
    days = ("2026-03-12 09:00", "2026-03-13 09:00")
    session, rows, dates = course(cast, [cast.employee], days, of=topic)
    other = make.session(cast.trainer, 5, "2026-03-10 09:00", "2026-03-11 09:00", of=topic)
    others = queries.dates_of(other.id)
    actions.record(session, {(rows[0].id, dates[0].id): "present", (rows[0].id, dates[1].id): "absent"}, cast.trainer, AFTER)
    assert results.result_of(session, rows[0], dates) == "partial"
    assert actions.issue(session, cast.trainer, AFTER) == []
    assert db.session.scalars(select(TrainingRecord)).all() == []
    with pytest.raises(Refused):
        actions.make_up(rows[0], dates[1], others[0], cast.trainer, AFTER)
    actions.make_up(rows[0], dates[1], others[1], cast.trainer, AFTER)
    assert results.result_of(session, rows[0], dates) == "present"
    assert db.session.scalars(select(TrainingRecord)).one().valid_until.isoformat() == "2027-03-13"


def test_a_date_is_made_up_only_after_it_was_and_with_a_seat(cast: Cast, clock):
    topic = make.topic(cast.trainer)
    session, rows, dates = course(cast, [cast.employee], of=topic)
    (other,) = queries.dates_of(make.session(cast.trainer, 5, "2026-03-10 09:00", of=topic).id)
    with pytest.raises(Refused):
        actions.make_up(rows[0], dates[0], other, cast.trainer, at("2026-03-12 10:59"))
    actions.remove(rows[0], "Baja", cast.trainer, AFTER)
    with pytest.raises(Refused):
        actions.make_up(rows[0], dates[0], other, cast.trainer, AFTER)
    assert db.session.scalars(select(Attendance)).all() == []
    assert results.result_of(session, rows[0], dates) is None


def test_who_gave_up_the_seat_a_moment_ago_neither_checks_in_nor_says_how_it_was(cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee, cast.colleague])
    mark(session, rows, dates, ["present", "present"], cast.trainer)
    begun = at("2026-03-12 09:00")
    actions.leave(rows[0], begun)
    with pytest.raises(Refused):
        actions.check_in(dates[0], rows[0], cast.employee, begun)
    with pytest.raises(Refused):
        actions.give_feedback(rows[0], 4, "", AFTER)
    actions.give_feedback(rows[1], 4, "", AFTER)


def test_who_was_marked_before_the_end_has_a_record_after_it(cast: Cast, clock):
    topic = make.topic(cast.trainer, validity_months=12)
    _session, rows, dates = course(cast, [cast.employee, cast.colleague], of=topic)
    during = at("2026-03-12 09:30")
    mark(rows[0].session, rows, dates, ["present", "absent"], cast.trainer, during)
    db.session.commit()
    for now, people in ((during, []), (dates[0].ends_at, [cast.employee.id]), (AFTER, [cast.employee.id])):
        clock.move_to(now)
        jobs.catch_up({})
        assert db.session.scalars(select(TrainingRecord.person_id)).all() == people
    assert results.without_record(MONDAY, AFTER) == []


def test_saving_the_list_after_the_end_gives_the_records_of_an_earlier_list(cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee])
    actions.check_in(dates[0], rows[0], cast.employee, at("2026-03-12 09:00"))
    assert mark(session, rows, dates, ["present"], cast.trainer) == 0
    assert db.session.scalars(select(TrainingRecord)).one().enrolment_id == rows[0].id


def test_a_corrected_list_lets_the_record_count_no_more_and_keeps_it(cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee])
    mark(session, rows, dates, ["present"], cast.trainer)
    record = db.session.scalars(select(TrainingRecord)).one()
    mark(session, rows, dates, ["absent"], cast.trainer)
    assert queries.validity_of(record).counts is False
    mark(session, rows, dates, ["present"], cast.trainer)
    assert queries.validity_of(record).counts is True


@pytest.mark.parametrize("number", [4, 5])
def test_TR24_what_people_say_is_shown_from_five_on(cast: Cast, clock, number):
    session, rows, dates = course(cast, crowd(cast, 6))
    mark(session, rows, dates, ["present"] * 5 + ["absent"], cast.trainer)
    for row in rows[:number]:
        actions.give_feedback(row, 4, "Bien", AFTER)
    answers = results.feedback_of(session.id)
    assert (answers.number, answers.average, len(answers.texts)) == ((5, 4, 5) if number == 5 else (4, None, 0))
    with pytest.raises(Refused):
        actions.give_feedback(rows[0], 4, "", AFTER)


def test_TR13_who_was_absent_is_refused_with_the_reason(app, cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee, cast.colleague])
    mark(session, rows, dates, ["absent", "present"], cast.trainer)
    db.session.commit()
    clock.move_to(AFTER)
    address = f"/training/{session.public_id}"
    assert "no te tiene como presente" in post(app, cast.employee, f"{address}/feedback", 409, rating="5").text
    assert "rating_5" not in get(app, cast.employee, address).text
    assert "rating_5" in get(app, cast.colleague, address).text
    post(app, cast.colleague, f"{address}/feedback", rating="5", text="Muy bien")
    assert "Muy bien" not in get(app, cast.trainer, address).text


def certified(cast, clock, **values):
    session, rows, dates = course(cast, [cast.employee], place="Aula 1", **values)
    mark(session, rows, dates, ["present"], cast.trainer)
    (certificate,) = actions.issue(session, cast.trainer, AFTER)
    db.session.commit()
    clock.move_to(AFTER)
    return session, rows[0], certificate


def test_TR14_five_clicks_give_one_certificate(app, cast: Cast, clock):
    session, row, _certificate = certified(cast, clock)
    for _click in range(4):
        post(app, cast.trainer, f"/training/{session.public_id}/certificates")
    assert len(db.session.scalars(select(Certificate)).all()) == 1
    assert told("certified") == [row.person_id]


def test_TR16_print_and_check_page_keep_the_name_that_was_issued(app, cast: Cast, clock):
    _session, _row, certificate = certified(cast, clock, of=make.topic(cast.trainer, validity_months=24))
    cast.employee.name = "Otro Nombre"
    db.session.commit()
    answer = app.test_client().get(f"/certificates/{codes.shown(certificate.code).lower()}", headers={"Accept-Language": "es"})
    for words in (
        "Lucía Ferrer",
        "Aula 1",
        "Teresa Lobo",
        "2\N{NO-BREAK SPACE}h",
        "12 de marzo de 2026",
        "12 de marzo de 2028",
        "Auténtico y en vigor",
    ):
        assert words in answer.text
    assert "Otro Nombre" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers
    assert "Genuine and valid" in app.test_client().get(f"/certificates/{certificate.code}?lang=en").text


def test_TR15_a_revoked_one_says_when_and_not_why(app, cast: Cast, clock):
    session, row, certificate = certified(cast, clock)
    address = f"/training/{session.public_id}/participants/{row.public_id}/revocation"
    post(app, cast.employee, address, 403, reason="Error")
    post(app, cast.trainer, address, 409, reason="")
    clock.move_to(at("2026-10-12 10:00"))
    post(app, cast.trainer, address, reason="No era la persona")
    seen = app.test_client().get(f"/certificates/{certificate.code}", headers={"Accept-Language": "en"}).text
    assert "Revoked on 12 October 2026" in seen
    assert "No era la persona" not in seen


def test_unknown_and_malformed_codes_answer_alike(app, cast: Cast, clock):
    def answer(code):
        got = app.test_client().get(f"/certificates/{code}")
        return got.status_code, got.text

    answers = {answer(code) for code in (codes.new_code(), "xyz", "0" * 400, "%C3%B1")}
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    found = app.test_client().post("/certificates", data={"code": "abc"}, headers={"Origin": "http://localhost"})
    assert found.status_code == 303
    assert [answer("xyz")[0] for _try in range(60)][-1] == 429


def test_a_newer_certificate_of_the_topic_replaces_the_older(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    _session, _row, first = certified(cast, clock, of=topic)
    again = make.session(cast.trainer, 5, "2026-03-20 09:00", of=topic)
    row = actions.enrol(again, cast.employee, AFTER)
    later = at("2026-03-20 20:00")
    actions.record(again, {(row.id, queries.dates_of(again.id)[0].id): "present"}, cast.trainer, later)
    (second,) = actions.issue(again, cast.trainer, later)
    assert (first.state(later.date()), first.replaced_by_id) == ("replaced", second.id)


def test_TR25_the_attendance_of_an_event_is_for_its_organiser_alone(app, cast: Cast, clock):
    event, rows, dates = course(cast, [cast.employee], kind="event")
    db.session.commit()
    clock.move_to(AFTER)
    address = f"/training/{event.public_id}/attendance"
    for person in (cast.head, cast.hr_head, cast.admin):
        assert get(app, person, address).status_code == 403
    assert get(app, cast.trainer, address).status_code == 200
    post(app, cast.trainer, address, **{f"{rows[0].public_id}-{dates[0].public_id}": "present"})
    assert results.result_of(event, rows[0], dates) is None
    post(app, cast.trainer, f"/training/{event.public_id}/certificates", 409)


def test_the_list_and_the_code_as_pages(app, cast: Cast, clock):
    session, rows, dates = course(cast, [cast.employee])
    db.session.commit()
    clock.move_to(at("2026-03-12 09:00"))
    address = f"/training/{session.public_id}"
    screen = post(app, cast.trainer, f"{address}/dates/{dates[0].public_id}/check-in", follow=True).text
    code = results.check_in_code(dates[0].id).code
    assert code in screen
    assert "<svg" in screen
    assert get(app, cast.employee, f"/training/check-in?code={code}").status_code == 200
    assert "Anotado" in post(app, cast.employee, "/training/check-in", follow=True, code=code).text
    post(app, cast.colleague, "/training/check-in", 409, code=code)
    post(app, cast.colleague, "/training/check-in", 422, code="ZZZZZZ")
    assert "present" in get(app, cast.trainer, f"{address}/attendance").text
    post(app, cast.trainer, f"{address}/attendance", **{f"{rows[0].public_id}-{dates[0].public_id}": "excused"})
    assert results.marks_of([rows[0].id])[rows[0].id][dates[0].id] == "excused"
