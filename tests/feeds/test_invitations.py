"""Invitations to sessions, read back from a real mail server with a parser that nobody here wrote (calendars.md 11 to 16)."""

from datetime import timedelta
from email.message import EmailMessage

import time_machine
from icalendar import Calendar
from sqlalchemy import select

from portal.core import clock as time
from portal.core.db import db
from portal.feeds.models import CalendarEntry
from portal.notifications.models import Outbox
from portal.training import actions
from portal.training.models import TrainingSession
from portal.training.moments import span
from portal.training.queries import dates_of
from tests.cast.people import Cast
from tests.factories import training as make
from tests.notifications.conftest import Work
from tests.notifications.post_office import PostOffice
from tests.training.people import at


def parts(office: PostOffice) -> list[tuple[str, EmailMessage, Calendar]]:
    """Return the calendar messages in the order in which they came: method of the part, mail, calendar."""
    found = []
    for mail in office.mails:
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                found.append((part.get_param("method"), mail, Calendar.from_ical(part.get_payload(decode=True))))
    return found


def facts(office: PostOffice) -> list[tuple[str, str, int, str]]:
    """Return method, status, SEQUENCE and UID of each message."""
    read = []
    for method, _mail, calendar in parts(office):
        (event,) = calendar.walk("VEVENT")
        assert calendar["method"] == method
        read.append((method, str(event["status"]), int(event["sequence"]), str(event["uid"])))
    return read


def move(session: TrainingSession, number: int, start: str, cast: Cast) -> None:
    first = make.when(start).span.local_start
    date = dates_of(session.id)[number]
    actions.move_date(date, span(first, first + timedelta(hours=2), "Europe/Madrid"), date.space, cast.trainer, time.now())


def later(minutes: int):
    return time_machine.travel(time.now() + timedelta(minutes=minutes), tick=False)


def test_CA9_CA10_moved_and_left_keeps_its_uid_and_counts_on_and_who_comes_back_is_new(
    app, cast: Cast, clock, office: PostOffice, work: Work
):
    session = make.session(cast.trainer, 2, place="Aula 1")
    enrolment = actions.enrol(session, cast.employee, time.now())
    work()
    move(session, 0, "2026-03-19 09:00", cast)
    with later(11):
        work()
        actions.leave(enrolment, time.now())
        work()
        again = actions.enrol(session, cast.employee, time.now())
        work()
    first, moved, gone, back = facts(office)
    uid = f"enr-{enrolment.uid}-{dates_of(session.id)[0].uid}@ventanilla"
    assert (first, moved, gone) == (
        ("REQUEST", "CONFIRMED", 0, uid),
        ("REQUEST", "CONFIRMED", 1, uid),
        ("CANCEL", "CANCELLED", 2, uid),
    )
    assert back == ("REQUEST", "CONFIRMED", 0, uid.replace(enrolment.uid, again.uid))
    assert uid != back[3]
    _, mail, calendar = parts(office)[1]
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt == at("2026-03-19 09:00")
    assert event["organizer"] == "mailto:service@localhost"
    assert event["attendee"] == "mailto:employee@demo.example"
    assert "jueves 19 de marzo, 09:00-11:00" in mail["Subject"]


def test_CA13_one_moved_date_is_one_message(app, cast: Cast, clock, office: PostOffice, work: Work):
    session = make.session(cast.trainer, 2, "2026-03-12 09:00", "2026-03-13 09:00")
    actions.enrol(session, cast.employee, time.now())
    work()
    untouched = dates_of(session.id)[0].uid
    move(session, 1, "2026-03-20 09:00", cast)
    with later(11):
        work()
    assert [(sequence, untouched in uid) for _, _, sequence, uid in facts(office)] == [(0, True), (0, False), (1, False)]


def test_changes_within_ten_minutes_are_one_message_with_the_last_state(app, cast: Cast, clock, office: PostOffice, work: Work):
    session = make.session(cast.trainer, 2)
    actions.enrol(session, cast.employee, time.now())
    work()
    move(session, 0, "2026-03-19 09:00", cast)
    move(session, 0, "2026-03-20 09:00", cast)
    work()
    assert len(facts(office)) == 1
    with later(11):
        work()
    assert [sequence for _, _, sequence, _ in facts(office)] == [0, 2]
    assert parts(office)[1][2].walk("VEVENT")[0]["dtstart"].dt == at("2026-03-20 09:00")


def test_CA9_corrected_words_are_no_mail_and_no_new_sequence(app, cast: Cast, clock, office: PostOffice, work: Work):
    session = make.session(cast.trainer, 2, place="Aula 1")
    actions.enrol(session, cast.employee, time.now())
    work()
    with later(30):
        said = actions.Correction({"es": "Otro", "en": "Other"}, None, None, "", "Aula 1", "", "", 2)
        actions.correct(session, said, session.revision, cast.trainer, time.now())
        work()
    entry = db.session.scalars(select(CalendarEntry)).one()
    assert (len(facts(office)), entry.sequence) == (1, 0)
    assert entry.modified_at > entry.updated_at


def test_CA15_cancellation_keeps_the_organizer_when_the_sender_has_changed(
    app, cast: Cast, clock, office: PostOffice, work: Work, monkeypatch
):
    session = make.session(cast.trainer, 2)
    enrolment = actions.enrol(session, cast.employee, time.now())
    work()
    monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", f"{office.url}?from=other@demo.example")
    actions.leave(enrolment, time.now())
    work()
    (_, _, request), (_, mail, cancel) = parts(office)
    assert "other@demo.example" in mail["From"]
    assert request.walk("VEVENT")[0]["organizer"] == cancel.walk("VEVENT")[0]["organizer"] == "mailto:service@localhost"


def test_TR9_session_cancelled_reaches_the_calendars_of_the_confirmed_alone(app, cast: Cast, clock, office, work: Work):
    session = make.session(cast.trainer, 1)
    actions.enrol(session, cast.employee, time.now())
    actions.enrol(session, cast.colleague, time.now(), waits=True)
    work()
    actions.cancel(session, "Sin sala", cast.trainer, time.now())
    work()
    assert [(method, sequence) for method, _, sequence, _ in facts(office)] == [("REQUEST", 0), ("CANCEL", 1)]
    assert {mail["To"].addresses[0].addr_spec for _, mail, _ in parts(office)} == {"employee@demo.example"}


def test_who_never_got_a_request_gets_no_cancellation(app, cast: Cast, clock, office: PostOffice, work: Work):
    session = make.session(cast.trainer, 1)
    enrolment = actions.enrol(session, cast.employee, time.now())
    actions.leave(enrolment, time.now())
    work()
    assert not facts(office)
    assert db.session.scalars(select(Outbox.state).where(Outbox.message == "feeds/invitation")).all() == ["dropped"]
