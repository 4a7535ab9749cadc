"""The report: numbers that always add up, and names for those alone who look after these people."""

from sqlalchemy import select

from portal.announcements import actions, numbers
from portal.announcements.models import AnnouncementConfirmation, AnnouncementRecipient
from portal.core import clock as told
from portal.core.db import db
from portal.people.actions import deactivate
from tests.cast.people import add_person


def total(made):
    return numbers.report(made, told.now()).total


def adds_up(found):
    return found.addressed == found.confirmed + found.pending + found.exempt + found.left


def test_joining_and_leaving_count_at_once_and_come_into_the_rows_later(cast, publish, clock):
    made = publish(level="to_confirm")
    before = total(made).addressed
    actions.confirm(made, 1, cast.employee, told.now())
    cast.stranger.department = cast.customer_care
    cast.employee.department = cast.it
    cast.delegate.active = False
    db.session.flush()
    for step in (lambda: None, lambda: actions.keep_in_step(made, told.now())):
        step()
        found = total(made)
        assert (found.addressed, found.left, found.left_confirmed) == (before + 1, 2, 1)
        assert adds_up(found)
    reasons = select(AnnouncementRecipient.close_reason).where(AnnouncementRecipient.closed_at.is_not(None))
    assert set(db.session.scalars(reasons)) == {"left_audience", "left_company"}


def test_who_comes_back_is_reopened_with_the_old_confirmation(cast, publish, clock):
    made = publish(level="to_confirm")
    actions.confirm(made, 1, cast.employee, told.now())
    for department in (cast.it, cast.customer_care):
        cast.employee.department = department
        db.session.flush()
        actions.keep_in_step(made, told.now())
    assert (total(made).confirmed, total(made).left) == (1, 0)


def test_the_share_is_over_those_whose_row_is_not_closed(cast, publish, clock):
    made = publish(cast.employee, cast.colleague, cast.delegate, level="to_confirm")
    actions.confirm(made, 1, cast.employee, told.now())
    actions.exempt(made, cast.delegate, cast.head, told.now())
    found = total(made)
    assert (found.addressed, found.exempt, found.open, found.percent) == (3, 1, 2, 50)
    assert adds_up(found)


def test_somebody_who_joins_late_confirms_without_waiting_for_a_job(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    cast.stranger.department = cast.customer_care
    db.session.commit()
    assert visit(cast.stranger).post(f"/announcements/{made.public_id}/confirmation", version="1").status_code == 303
    row = db.session.scalars(select(AnnouncementRecipient).where(AnnouncementRecipient.person_id == cast.stranger.id)).one()
    assert row.reason == "department:customer-care"


def test_AN15_a_department_of_three_is_shown_only_inside_the_total(cast, publish, visit, clock):
    for number in range(4):
        add_person(f"more{number}@demo.example", f"Persona {number}", cast.customer_care)
    made = publish("employees", level="to_confirm")
    report = numbers.report(made, told.now())
    shown = {name["es"] for name, _ in report.departments}
    assert "Atención al Cliente" in shown
    assert "Finanzas" not in shown
    assert report.total.addressed > sum(each.addressed for _, each in report.departments)
    page = visit(cast.editor).get(f"/announcements/{made.public_id}/report").text
    assert "Finanzas" not in page.partition("<main")[2]


NAMES = [("editor", False), ("head", True), ("auditor", True), ("director", True), ("admin", False)]


def test_names_of_the_missing_are_for_the_head_of_their_department_and_auditors(cast, publish, visit, clock):
    made = publish(cast.employee, level="to_confirm")
    for who, names in NAMES:
        page = visit(getattr(cast, who)).get(f"/announcements/{made.public_id}/report")
        assert page.status_code == 200, who
        assert (cast.employee.name in page.text.partition("<main")[2]) is names, who
        assert "0 de 1" in page.text, who


def test_the_report_is_not_for_everybody(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    for person in (cast.employee, cast.agent, cast.partner, cast.stranger_head):
        assert visit(person).get(f"/announcements/{made.public_id}/report").status_code == 403


def test_AN13_on_paper_with_a_witness_only(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    head, address = visit(cast.head), f"/announcements/{made.public_id}/paper"
    answer = head.post(address, person=cast.employee.name, witness="")
    assert answer.status_code == 422
    assert cast.employee.name in answer.text
    assert head.post(address, person=cast.stranger.name, witness="Ana").status_code == 422
    assert head.post(address, person=cast.employee.name, witness="Ana Ruiz, turno de noche").status_code == 303
    row = db.session.scalars(select(AnnouncementConfirmation)).one()
    assert (row.channel, row.witness, row.by_id) == ("paper", "Ana Ruiz, turno de noche", cast.head.id)
    assert visit(cast.editor).post(address, person=cast.employee.name, witness="Ana").status_code == 403


def test_a_head_exempts_own_people_and_nobody_else(cast, publish, visit, clock):
    made = publish(cast.employee, cast.stranger, level="to_confirm")
    head, address = visit(cast.head), f"/announcements/{made.public_id}/exemptions"
    assert head.post(address, person=cast.stranger.public_id).status_code == 404
    assert head.post(address, person=cast.employee.public_id).status_code == 303
    assert total(made).exempt == 1


def test_a_deactivated_person_counts_as_left(cast, publish, clock):
    made = publish(level="to_confirm")
    deactivate(cast.employee, cast.admin, told.now())
    assert (total(made).left, adds_up(total(made))) == (1, True)
