"""Telling people: recipients, mail, reminders and digests, each once and only while it holds."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal.announcements import actions, mailings
from portal.announcements.models import AnnouncementRecipient, DigestRun
from portal.core import clock as told
from portal.core import jobs
from portal.core.db import db
from portal.notifications.models import Notification, Outbox
from tests.announcements.conftest import ZONE, words
from tests.notifications.conftest import office, work  # noqa: F401 - fixtures


def madrid(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def mails(message="published"):
    found = select(Outbox).where(Outbox.message == f"announcements/{message}")
    return db.session.scalars(found.order_by(Outbox.id)).all()


def do_jobs():
    db.session.commit()
    jobs.run_jobs()


def plain(mail):
    return mail.get_body(("plain",)).get_content()


def test_AN3_in_two_rows_of_the_audience_one_row_and_one_mail(cast, publish, clock):
    made = publish("employees", cast.customer_care, cast.employee, level="to_confirm")
    do_jobs()
    row = select(AnnouncementRecipient).where(AnnouncementRecipient.person_id == cast.employee.id)
    assert [each.reason for each in db.session.scalars(row)] == ["employees"]
    assert len([mail for mail in mails() if mail.recipient_id == cast.employee.id]) == 1
    actions.deliver(made, told.now())
    do_jobs()
    assert len([mail for mail in mails() if mail.recipient_id == cast.employee.id]) == 1


def test_a_mail_carries_the_text_and_a_confidential_one_only_what_it_is(cast, publish, clock, office, work):  # noqa: F811
    publish(cast.employee, level="to_confirm", due_on=date(2026, 3, 6))
    publish(cast.colleague, level="important", access="confidential", words=words("Secreto", "Muy secreto"))
    do_jobs()
    assert work() == 2
    first, second = office.mails
    assert first["Subject"] == "Para confirmar: Nuevos turnos"
    assert "Desde el lunes." in plain(first)
    assert "viernes 6 de marzo" in plain(first)
    assert "/announcements/" in plain(first)
    assert second["Subject"] == "Un aviso confidencial"
    assert "ecreto" not in str(second)


def test_scheduled_for_later_it_is_told_when_it_is_out(cast, publish, clock):
    made = publish(cast.employee, level="important", at=told.now() + timedelta(hours=2))
    do_jobs()
    assert not mails()
    clock.shift(2 * 3600)
    do_jobs()
    assert [mail.recipient_id for mail in mails()] == [cast.employee.id]
    assert made.is_current(told.now())


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_AN12_withdrawn_or_over_before_the_late_job_no_mail(cast, publish, clock, end, office, work):  # noqa: F811
    made = publish(cast.employee, level="important", expire_on=date(2026, 3, 2))
    if end == "withdrawn":
        actions.withdraw(made, cast.editor, told.now())
    else:
        clock.shift(86400)
    do_jobs()
    assert not mails()
    assert work() == 0


def test_AN12_withdrawn_after_it_was_queued_and_before_it_was_sent_no_mail(cast, publish, clock, office, work):  # noqa: F811
    made = publish(cast.employee, level="important")
    do_jobs()
    assert len(mails()) == 1
    actions.withdraw(made, cast.editor, told.now())
    work()
    assert [mail["Subject"] for mail in office.mails] == ["Retirado: Nuevos turnos"]


def test_what_is_for_information_is_withdrawn_in_silence(cast, publish, clock):
    made = publish(cast.employee)
    do_jobs()
    actions.withdraw(made, cast.editor, told.now())
    assert not mails("withdrawn")
    assert not mails()
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 1


def test_AN14_unsubscribed_from_a_mail_and_what_is_to_confirm_still_arrives(cast, publish, clock, office, work, app):  # noqa: F811
    publish(cast.employee, level="important")
    do_jobs()
    work()
    address = plain(office.mails[0]).partition("http://localhost/announcements/unsubscription/")[2].split()[0]
    page = app.test_client().get(f"/announcements/unsubscription/{address}")
    assert "Lo que hay que confirmar te seguirá llegando" in page.text
    answer = app.test_client().post(f"/announcements/unsubscription/{address}")
    assert answer.status_code == 303
    publish(cast.employee, level="important")
    publish(cast.employee, level="to_confirm")
    do_jobs()
    work()
    assert [mail["Subject"] for mail in office.mails[1:]] == ["Para confirmar: Nuevos turnos"]
    assert app.test_client().get("/announcements/unsubscription/forged").status_code == 404


def test_a_new_meaning_is_told_and_a_slip_of_the_pen_is_not(cast, publish, clock):
    made = publish(cast.employee, level="to_confirm")
    do_jobs()
    for number, substantial in ((0, False), (1, True)):
        clock.shift(60)
        actions.correct(made, words(body=f"Texto {number}"), substantial, None, (1, number), cast.editor, told.now())
        do_jobs()
        assert len(mails()) == 1 + number


STAGES = [
    ("2026-03-02", None, "2026-03-04", ""),
    ("2026-03-02", None, "2026-03-05", "day3"),
    ("2026-03-02", None, "2026-03-08", "day3"),
    ("2026-03-02", None, "2026-03-09", "day7"),
    ("2026-03-02", None, "2026-04-09", "day7"),
    ("2026-03-02", "2026-03-06", "2026-03-05", "eve"),
    ("2026-03-02", "2026-03-06", "2026-03-06", "eve"),
    ("2026-03-02", "2026-03-06", "2026-03-07", ""),
]


@pytest.mark.parametrize(("asked", "due", "today", "wanted"), STAGES)
def test_reminders_after_3_days_7_days_and_the_day_before(asked, due, today, wanted):
    due_on = date.fromisoformat(due) if due else None
    assert mailings.stage(date.fromisoformat(asked), due_on, date.fromisoformat(today)) == wanted


def test_the_pending_get_one_reminder_a_day_for_all_and_the_head_one_list(cast, publish, clock, office, work):  # noqa: F811
    first = publish(cast.employee, cast.colleague, level="to_confirm", due_on=date(2026, 3, 6))
    publish(cast.employee, level="to_confirm", words=words("Otro"))
    actions.confirm(first, 1, cast.colleague, told.now())
    do_jobs()
    work()
    clock.move_to(madrid("2026-03-05 09:00"))
    for _ in range(2):
        actions.remind(told.now(), ZONE)
        assert actions.remind_of(first, told.now()) == 0
    assert [mail.recipient_id for mail in mails("reminder")] == [cast.employee.id]
    work()
    assert office.mails[-1]["Subject"] == "2 avisos esperan tu confirmación"
    clock.move_to(madrid("2026-03-07 09:00"))
    for _ in range(2):
        actions.remind(told.now(), ZONE)
        actions.tell_heads(told.now())
    assert len(mails("reminder")) == 1
    assert [mail.recipient_id for mail in mails("overdue")] == [cast.head.id]
    work()
    assert cast.employee.name in plain(office.mails[-1])
    assert cast.colleague.name not in plain(office.mails[-1])


def test_AN7_a_digest_has_something_to_say_or_is_not_sent(cast, publish, visit, clock, office, work):  # noqa: F811
    made = publish(cast.employee, cast.colleague)
    publish(cast.stranger)
    do_jobs()
    actions.prefer(cast.stranger, "none", True)
    clock.shift(86400)
    visit(cast.colleague).get(f"/announcements/{made.public_id}")
    actions.send_digests(told.now(), ZONE)
    assert [mail.recipient_id for mail in mails("digest")] == [cast.employee.id]
    work()
    assert [mail["Subject"] for mail in office.mails] == ["1 aviso para ti"]
    clock.shift(7 * 86400)
    actions.send_digests(told.now(), ZONE)
    assert len(mails("digest")) == 1


def test_AN7_what_was_read_before_the_digest_left_empties_it_and_it_does_not_leave(cast, publish, visit, clock, office, work):  # noqa: F811
    made = publish(cast.employee)
    do_jobs()
    clock.shift(86400)
    actions.send_digests(told.now(), ZONE)
    assert db.session.scalar(select(func.count()).select_from(DigestRun)) == 1
    visit(cast.employee).get(f"/announcements/{made.public_id}")
    work()
    assert not office.mails


def test_preferences_are_kept(cast, visit, clock):
    reader = visit(cast.employee)
    assert reader.post("/announcements/preferences", digest="daily").status_code == 303
    assert 'checked id="digest-0"' in reader.get("/announcements/preferences").text
    assert reader.post("/announcements/preferences", digest="hourly").status_code == 422
