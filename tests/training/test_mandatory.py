"""What is mandatory, who is covered, who needs what, and what people are told (training.md 9, 24 to 33)."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.core.db import db
from portal.notifications.models import Notification
from portal.people.models import Role
from portal.training import actions, matrix, queries, reminding
from portal.training.competence import Status
from portal.training.models import Demand, Requirement, TrainingRecord
from portal.training.queries import demand
from tests.cast.people import Cast, grant
from tests.factories import training as make
from tests.training.people import at, crowd, enrolled, told
from tests.training.test_pages import get, htmx, post

NOW = at("2026-11-22 10:00")


def forklift(cast, **terms):
    topic = make.topic(cast.trainer, "Carretillas", validity_months=12)
    rule = actions.require(topic, actions.Terms(**({"department": cast.operations} | terms)), cast.trainer, NOW)
    return topic, rule


def status(person, topic, now=NOW):
    return queries.cell_of(person, topic.id, now)


def test_TR19_a_new_requirement_makes_nobody_at_once_expired(cast: Cast, clock):
    people = crowd(cast, 30)
    topic, _rule = forklift(cast)
    cells = queries.standings(people, [topic.id], NOW)
    assert {cell.status for cell in cells.values()} == {Status.DUE}
    assert {cell.by for cell in cells.values()} == {date(2026, 12, 22)}
    assert status(cast.employee, topic).status == Status.NOT_APPLICABLE


def test_a_requirement_holds_below_a_department_for_a_site_and_from_the_start_of_a_role(cast: Cast, clock):
    topic, _rule = forklift(cast, department=cast.management)
    assert status(cast.employee, topic).status == Status.DUE
    role = make.topic(cast.trainer, "Liderar")
    actions.require(role, actions.Terms(department=None, role=Role.HEAD, grace_days=10), cast.trainer, NOW)
    assert status(cast.employee, role).status == Status.NOT_APPLICABLE
    granted = grant(cast.employee, Role.HEAD, cast.customer_care)
    granted.from_at = at("2026-12-01 09:00")
    later = status(cast.employee, role, at("2026-12-05 09:00"))
    assert (later.status, later.by) == (Status.DUE, date(2026, 12, 11))
    site = make.topic(cast.trainer, "Muelle")
    cast.employee2.site = "Zaragoza"
    actions.require(site, actions.Terms(department=None, site="Zaragoza"), cast.trainer, NOW)
    assert status(cast.employee2, site).status == Status.DUE


def test_TR27_an_existing_record_counts_at_once_when_the_role_changes(cast: Cast, clock):
    topic, _rule = forklift(cast)
    actions.enter(cast.employee, topic, date(2026, 10, 1), "Carné", cast.trainer, NOW)
    assert status(cast.employee, topic).status == Status.NOT_APPLICABLE
    cast.employee.department = cast.operations
    db.session.flush()
    assert status(cast.employee, topic).status == Status.VALID


def test_TR17_TR18_renewing_adds_a_record_and_keeps_the_old_one(cast: Cast, clock):
    topic, _rule = forklift(cast, window_days=60)
    person = cast.stranger
    first = actions.enter(person, topic, date(2026, 3, 31), "Carné", cast.trainer, NOW)
    assert first.valid_until == date(2027, 3, 31)
    assert actions.enter(person, topic, date(2027, 1, 10), "Carné", cast.trainer, NOW).valid_until == date(2028, 1, 10)
    other = cast.improver
    actions.enter(other, topic, date(2026, 3, 31), "Carné", cast.trainer, NOW)
    assert actions.enter(other, topic, date(2027, 2, 10), "Carné", cast.trainer, NOW).valid_until == date(2028, 3, 31)
    with pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE training_record SET valid_until = NULL"))
    db.session.rollback()


def test_TR18_one_is_warned_before_enrolling_too_early(app, cast: Cast, clock):
    clock.move_to(NOW)
    topic, _rule = forklift(cast)
    actions.enter(cast.stranger, topic, date(2026, 3, 31), "Carné", cast.trainer, NOW)
    early = make.session(cast.trainer, 5, "2027-01-10 09:00", of=topic)
    within = make.session(cast.trainer, 5, "2027-02-10 09:00", of=topic)
    db.session.commit()
    assert "Sería pronto" in get(app, cast.stranger, f"/training/{early.public_id}").text
    assert "Sería pronto" not in get(app, cast.stranger, f"/training/{within.public_id}").text


def test_TR20_booked_stands_beside_the_status_and_never_changes_it(cast: Cast, clock):
    topic, _rule = forklift(cast)
    actions.enter(cast.stranger, topic, date(2025, 12, 1), "Carné", cast.trainer, NOW)
    session = make.session(cast.trainer, 5, "2026-12-05 09:00", of=topic)
    enrolled(session, [cast.stranger], NOW)
    later = at("2026-12-02 09:00")
    assert status(cast.stranger, topic, at("2026-12-01 09:00")).status == Status.IN_WINDOW
    assert status(cast.stranger, topic, later).status == Status.EXPIRED
    assert matrix.booked_of([cast.stranger.id], [topic.id], later) == {(cast.stranger.id, topic.id): date(2026, 12, 5)}


def test_TR21_an_exemption_leaves_the_percentage_and_then_grace_begins(cast: Cast, clock):
    topic, _rule = forklift(cast)
    actions.exempt(cast.stranger, topic, (date(2026, 11, 1), date(2027, 3, 1)), "Baja", cast.trainer, NOW)
    seen = matrix.read(cast.trainer, NOW)
    assert Status.EXEMPT in [row.cells[0].status for row in seen.rows]
    after = status(cast.stranger, topic, at("2027-03-02 09:00"))
    assert (after.status, after.by) == (Status.DUE, date(2027, 3, 31))


def test_other_months_hold_for_later_and_are_applied_to_the_past_by_hand(cast: Cast, clock):
    topic, rule = forklift(cast)
    actions.enter(cast.stranger, topic, date(2026, 3, 31), "Carné", cast.trainer, NOW)
    actions.change_months(rule, 24, cast.trainer, NOW)
    assert status(cast.stranger, topic).by == date(2027, 3, 31)
    preview = actions.preview(rule, NOW)
    assert [until for _record, until in preview] == [date(2028, 3, 31)]
    actions.reapply(rule, preview, cast.trainer, NOW)
    assert status(cast.stranger, topic).by == date(2028, 3, 31)
    assert db.session.scalars(select(TrainingRecord.valid_until)).all() == [date(2027, 3, 31)]


def test_TR17_other_months_leave_a_renewal_counting_from_the_old_date(cast: Cast, clock):
    topic, rule = forklift(cast, window_days=60)
    for day in (date(2026, 3, 31), date(2027, 2, 10)):
        actions.enter(cast.stranger, topic, day, "Carné", cast.trainer, NOW)
    assert actions.preview(rule, NOW) == []
    later = at("2027-03-01 10:00")
    actions.change_months(rule, 24, cast.trainer, later)
    preview = actions.preview(rule, later)
    assert [until for _record, until in preview] == [date(2028, 3, 31), date(2029, 3, 31)]
    actions.reapply(rule, preview, cast.trainer, later)
    assert actions.preview(rule, at("2027-03-02 10:00")) == []


def test_TR21_an_exemption_that_is_still_to_come_changes_nothing_today(cast: Cast, clock):
    topic, _rule = forklift(cast)
    actions.exempt(cast.stranger, topic, (date(2027, 6, 1), date(2027, 7, 1)), "Excedencia", cast.trainer, NOW)
    found = status(cast.stranger, topic, at("2027-01-10 09:00"))
    assert (found.status, found.by) == (Status.MISSING, date(2026, 12, 22))
    assert status(cast.stranger, topic, at("2027-07-02 09:00")).by == date(2027, 7, 31)


def test_reminders_are_one_mail_for_all_topics_and_each_stage_once(cast: Cast, clock):
    _first, _rule = forklift(cast)
    second = make.topic(cast.trainer, "Cargas")
    actions.require(second, actions.Terms(department=cast.operations), cast.trainer, NOW)
    cast.stranger.manager_id = cast.stranger_head.id
    reminding.remind(NOW)
    assert told("renewals").count(cast.stranger.id) == 1
    reminding.remind(at("2026-11-23 10:00"))
    assert told("renewals").count(cast.stranger.id) == 1
    for day in ("2026-12-08", "2026-12-16"):
        reminding.remind(at(f"{day} 10:00"))
    assert told("renewals").count(cast.stranger.id) == 3
    assert not told("team_renewals")
    reminding.remind(at("2026-12-23 10:00"))
    assert told("team_renewals") == [cast.stranger_head.id]
    assert cast.employee.id not in told("renewals")


def test_a_manager_reads_of_the_whole_team_in_one_mail_however_many_people_there_are(cast: Cast, clock, monkeypatch):
    monkeypatch.setattr(reminding, "CHUNK", 2)
    forklift(cast)
    team = crowd(cast, 5)
    for person in team:
        person.manager_id = cast.stranger_head.id
    reminding.remind(at("2026-12-23 10:00"))
    found = select(Notification.data).where(Notification.message == "training/team_renewals")
    (data,) = db.session.scalars(found).all()
    assert [line["name"] for line in data["lines"]] == [person.name for person in team]


def test_who_falls_due_soon_is_further_forward_in_the_queue(cast: Cast, clock):
    topic, _rule = forklift(cast)
    session = make.session(cast.trainer, 1, "2026-12-05 09:00", of=topic)
    rows = enrolled(session, [cast.employee, cast.colleague, cast.stranger], NOW)
    assert (rows[2].priority, rows[2].priority_reason) == (1, "due_soon")
    assert queries.place_of(cast.stranger, session.id, NOW).number == 1


def test_demand_is_one_row_is_told_of_a_session_and_closes_with_a_seat(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    db.session.commit()
    address = f"/training/topics/{topic.public_id}/demand"
    assert "Ya no lo necesito" in post(app, cast.employee, address, follow=True).text
    fragment = post(app, cast.employee, address, follow=True, headers=htmx("div#topic_list")).text
    assert fragment.startswith('<div id="topic_list"')
    assert len(demand.demand_of(topic.id)) == 1
    assert demand.free_days(topic.id, date(2026, 3, 2))[0].free == 1
    session = make.session(cast.trainer, 5, of=topic)
    assert told("posted") == [cast.employee.id]
    row = actions.enrol(session, cast.employee, at("2026-03-02 09:00"))
    assert db.session.scalars(select(Demand.closed_by_id)).all() == [row.id]


def test_the_outlook_needs_five_past_sessions(cast: Cast, clock):
    topic = make.topic(cast.trainer)
    for day in range(2, 7):
        session = make.session(cast.trainer, 5, f"2026-03-{day + 10} 09:00", of=topic)
        rows = enrolled(session, [cast.employee, cast.colleague], at("2026-03-02 09:00"))
        actions.leave(rows[0], at(f"2026-03-{day + 6:02} 09:00"))
        expected = None if day < 6 else demand.Outlook(1.0, 4)
        assert demand.outlook(topic.id, at("2026-03-30 09:00")) == expected


def test_the_matrix_is_for_trainers_and_heads_with_filters_and_a_file(app, cast: Cast, clock):
    clock.move_to(NOW)
    topic, rule = forklift(cast)
    actions.enter(cast.stranger, topic, date(2026, 10, 1), "Carné", cast.trainer, NOW)
    actions.require(topic, actions.Terms(department=cast.finance), cast.trainer, NOW)
    db.session.commit()
    page = get(app, cast.trainer, "/training/matrix").text
    assert "Simón Duarte" in page
    assert "Óscar Prieto" in page
    assert "sin sesión prevista" in page
    assert "Óscar Prieto" not in get(app, cast.stranger_head, "/training/matrix").text
    assert get(app, cast.employee, "/training/matrix").status_code == 403
    clock.move_to(at("2027-02-01 09:00"))
    gap = get(app, cast.trainer, "/training/matrix?gap=1", **htmx("div#matrix")).text
    assert gap.startswith('<div id="matrix"')
    assert "Simón Duarte" not in gap
    assert "Óscar Prieto" in gap
    file = get(app, cast.stranger_head, "/training/matrix.csv").text
    assert "Simón Duarte" in file
    assert "2027-10-01" in file
    assert "Óscar Prieto" not in file
    post(app, cast.trainer, f"/training/topics/{topic.public_id}/requirements/{rule.public_id}/end")
    assert status(cast.stranger, topic, at("2027-02-03 09:00")).status == Status.NOT_APPLICABLE


def test_a_trainer_makes_a_topic_mandatory_exempts_and_enters(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    db.session.commit()
    address = f"/training/topics/{topic.public_id}"
    assert get(app, cast.employee, address).status_code == 403
    post(app, cast.trainer, f"{address}/requirements", 422, group="nobody", window_days="60", grace_days="30")
    post(app, cast.trainer, f"{address}/requirements", group="department:operations", window_days="60", grace_days="30")
    assert db.session.scalars(select(Requirement.department_id)).all() == [cast.operations.id]
    exempt = {"exempt-person": cast.stranger.email, "exempt-from_on": "2026-03-01", "exempt-until_on": "2026-04-01"}
    post(app, cast.trainer, f"{address}/exemptions", 422, **exempt)
    post(app, cast.trainer, f"{address}/exemptions", **exempt, **{"exempt-reason": "Baja"})
    record = {"record-person": cast.improver.email, "record-completed_on": "2026-02-01", "record-evidence": "Carné"}
    post(app, cast.trainer, f"{address}/records", **record)
    post(app, cast.trainer, f"{address}/records", 409, **record)
    post(app, cast.trainer, f"{address}/records", 422, **(record | {"record-person": "Nadie"}))
    assert "Operaciones" in get(app, cast.trainer, address).text
