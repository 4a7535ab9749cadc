"""Mail leaves the outbox: at least once, to whoever may still have it, and nothing is lost on the way."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.conversations import actions as conversations
from portal.core import clock as time
from portal.core.db import db
from portal.core.events import publish
from portal.notifications import delivery, sending
from portal.notifications.actions import mail_about_account, notify, send_again
from portal.notifications.models import Outbox
from portal.people.events import PersonDeactivated
from portal.people.models import Department
from tests import things
from tests.cast.people import Cast
from tests.notifications.conftest import Work
from tests.notifications.post_office import PostOffice, open_office


def tell(thing: Department, *people, event: str = "solved:1", message: str = "thing/solved", **more) -> None:
    more = {"mail": True, "data": {"word": "portátil"}} | more
    notify([person.id for person in people], message, things.KIND, thing.id, event, time.now(), **more)


def name_of(mail: EmailMessage) -> str:
    """Return the Message-ID, which may stand on a line of its own."""
    return str(mail["Message-ID"]).strip()


def rows() -> list[Outbox]:
    db.session.rollback()
    return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))


def test_mail_arrives_in_the_language_of_its_reader(thing, cast: Cast, office: PostOffice, work: Work) -> None:
    cast.agent2.language = "en"
    tell(thing, cast.agent, cast.agent2, by=cast.head2)
    assert work() == 2
    first, second = office.mails
    assert office.addresses == ["agent@demo.example", "agent2@demo.example"]
    assert first["Subject"] == f"[VEN-{thing.id:06}] Enviado: Informática"
    assert second["Subject"] == f"[VEN-{thing.id:06}] Sent: Informática"
    assert "Nuria: Ver VEN" in first.get_body(("plain",)).get_content()
    assert "http://localhost/departments/it" in first.get_body(("plain",)).get_content()
    html = first.get_body(("html",)).get_content()
    assert "portátil" in html
    assert "style=" in html
    assert 'class="action" href="http://localhost/departments/it"' in html.replace("'", '"')
    assert [row.state for row in rows()] == ["sent", "sent"]


def test_message_in_html_takes_the_place_of_the_text(thing, cast: Cast, office: PostOffice, work: Work) -> None:
    tell(thing, cast.agent, message="thing/asked", data={"word": "<b>x</b>"})
    work()
    (mail,) = office.mails
    assert "&lt;b&gt;x&lt;/b&gt;</strong>" in mail.get_body(("html",)).get_content()
    assert "<b>x</b> & more" in mail.get_body(("plain",)).get_content()


def test_author_is_not_told_and_an_event_tells_once(thing, cast: Cast, office: PostOffice, work: Work) -> None:
    for _ in range(2):
        tell(thing, cast.agent, cast.head2, cast.agent, by=cast.head2)
    work()
    assert office.addresses == ["agent@demo.example"]


def test_mail_of_progress_respects_the_preference_but_acts_do_not(thing, cast: Cast, office, work: Work) -> None:
    cast.agent.mail_of_progress = False
    tell(thing, cast.agent, event="a")
    tell(thing, cast.agent, event="b", must_act=True)
    work()
    assert [row.event for row in rows()] == ["b"]


def test_automatic_mail_says_so_and_what_a_person_wrote_does_not(thing, cast: Cast, office, work: Work) -> None:
    tell(thing, cast.agent, event="a")
    tell(thing, cast.agent, event="b", automatic="")
    work()
    work()
    notice, reply = office.mails
    assert (notice["Auto-Submitted"], notice["X-Auto-Response-Suppress"], notice["Precedence"]) == (
        "auto-generated",
        "All",
        "bulk",
    )
    assert [reply[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")] == [None] * 3


def test_mails_about_one_thing_are_one_thread(thing, cast: Cast, office: PostOffice, work: Work) -> None:
    for event in ("a", "b", "c"):
        tell(thing, cast.agent, event=event)
    while work():
        pass
    first, second, third = office.mails
    root = first["References"]
    assert first["In-Reply-To"] == root
    assert second["References"] == f"{root} {name_of(first)}"
    assert str(third["In-Reply-To"]).strip() == name_of(second)
    assert name_of(first).startswith(f"<r.ven-{thing.id:06}.")
    assert name_of(first).endswith("@localhost>")
    assert first["Reply-To"].startswith(f"service+ven-{thing.id:06}.{cast.agent.public_id}.")


def test_a_later_mail_waits_for_the_earlier_for_an_hour(thing, cast: Cast, office, work: Work, clock) -> None:
    office.rcpt = lambda address: "451 later" if not office.mails else "250 OK"
    tell(thing, cast.agent, event="a")
    tell(thing, cast.agent, event="b")
    assert work() == 1
    assert [row.state for row in rows()] == ["queued", "queued"]
    clock.shift(timedelta(hours=1))
    rows()[0].next_at = time.now() + timedelta(hours=4)
    office.rcpt = lambda address: "250 OK"
    assert work() == 1
    assert [row.state for row in rows()] == ["queued", "sent"]


def test_CM15_server_down_for_two_hours_loses_nothing_and_sends_once(thing, cast, app: Flask, no_office, work, clock) -> None:
    conversations.comment(things.KIND, thing.id, cast.agent, "Llega mañana.", False, time.now())
    tell(thing, cast.agent, cast.agent2, cast.head2)
    for _ in range(8):
        work()
        clock.shift(timedelta(minutes=15))
    assert {row.state for row in rows()} == {"queued"}
    assert any((row.reason or "").startswith("server away") for row in rows())
    with open_office(no_office) as office:
        for _ in range(10):
            while work():
                pass
            clock.shift(timedelta(minutes=15))
        assert sorted(office.addresses) == ["agent2@demo.example", "agent@demo.example", "head2@demo.example"]
    assert {row.state for row in rows()} == {"sent"}


def test_the_server_that_is_back_gets_all_that_waited(thing, cast, no_office, work: Work, clock) -> None:
    tell(thing, cast.agent, cast.agent2, cast.head2)
    for _ in range(4):
        work()
        clock.shift(timedelta(seconds=10))
    clock.shift(timedelta(minutes=1))
    with open_office(no_office) as office:
        work()
        work()
        assert len(office.mails) == 3


def test_refusals_are_tried_again_for_three_days_then_failed(thing, cast: Cast, office, work: Work, clock) -> None:
    office.rcpt = lambda address: "451 mailbox busy"
    tell(thing, cast.agent)
    pauses = []
    for _ in range(40):
        before = time.now()
        work()
        (row,) = rows()
        if row.state == "failed":
            break
        pauses.append(int((row.next_at - before).total_seconds() // 60))
        clock.shift(row.next_at - before)
    assert pauses[:6] == [1, 5, 15, 60, 240, 240]
    assert timedelta(days=2, hours=20) < timedelta(minutes=sum(pauses)) <= timedelta(days=3)
    assert (row.state, row.reason) == ("failed", "451 mailbox busy")
    send_again(row, cast.admin, time.now())
    office.rcpt = lambda address: "250 OK"
    assert work() == 1
    assert rows()[0].state == "sent"


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_permanent_refusal_is_never_repeated(thing, cast: Cast, office, work: Work, clock, step: str) -> None:
    setattr(office, step, lambda address: "550 5.1.1 no such person")
    tell(thing, cast.agent)
    work()
    clock.shift(timedelta(days=1))
    assert work() == 0
    assert [(row.state, row.reason) for row in rows()] == [("failed", "550 5.1.1 no such person")]


def test_a_mail_that_cannot_be_worded_does_not_stop_the_others(thing, cast: Cast, office, work: Work) -> None:
    tell(thing, cast.agent, event="a", message="thing/broken")
    tell(thing, cast.agent2, event="b")
    work()
    assert [row.state for row in rows()] == ["failed", "sent"]


def test_connection_lost_after_the_content_is_unknown_then_repeated_with_the_same_name(thing, cast, office, work, clock):
    office.data = lambda address: "hang up"
    tell(thing, cast.agent)
    work()
    assert [row.state for row in rows()] == ["unknown"]
    office.data = lambda address: "250 OK"
    clock.shift(timedelta(minutes=1))
    work()
    assert [row.state for row in rows()] == ["sent"]
    first, second = office.mails
    assert name_of(first) == name_of(second)


def test_CM16_lease_that_ends_is_unknown_and_sent_again_with_the_same_name(thing, cast, office, work, clock) -> None:
    tell(thing, cast.agent)
    db.session.commit()
    sending.claim()
    (row,) = rows()
    row_id = row.id
    db.session.commit()
    assert sending.check(row_id) == {}
    name = rows()[0].message_id
    assert work() == 0
    cast.agent.session_epoch += 1
    clock.shift(timedelta(minutes=5, seconds=1))
    db.session.commit()
    sending.end_leases()
    assert rows()[0].state == "unknown"
    assert work() == 1
    assert [name_of(mail) for mail in office.mails] == [name]


def test_five_ended_leases_leave_the_mail_to_an_administrator(thing, cast: Cast, office, work: Work, clock) -> None:
    tell(thing, cast.agent)
    db.session.commit()
    for _ in range(5):
        assert sending.claim()
        clock.shift(timedelta(minutes=6))
        sending.end_leases()
    assert [row.state for row in rows()] == ["held"]
    assert work() == 0


def test_CM17_right_lost_while_the_mail_waits_drops_it_with_the_reason(thing, cast: Cast, office, work: Work) -> None:
    conversations.watch(things.KIND, thing.id, cast.colleague, cast.agent, time.now())
    tell(thing, cast.colleague)
    conversations.unwatch(things.KIND, thing.id, cast.colleague, cast.colleague, time.now())
    work()
    assert office.mails == []
    assert [(row.state, row.reason) for row in rows()] == [("dropped", "the recipient may no longer see it")]


def test_internal_part_is_asked_again_too(thing, cast: Cast, office, work: Work) -> None:
    tell(thing, cast.admin, event="a", internal=True)
    tell(thing, cast.agent, event="b", internal=True)
    work()
    assert [row.state for row in rows()] == ["dropped", "sent"]


def test_nobody_who_left_and_no_machine_gets_mail(thing, cast: Cast, office, work: Work) -> None:
    cast.agent2.email = "no-reply@demo.example"
    cast.head2.email = "service+x@localhost"
    tell(thing, cast.agent, cast.agent2, cast.head2)
    db.session.flush()
    cast.agent.active = False
    work()
    assert office.mails == []
    assert {row.state for row in rows()} == {"dropped"}


def test_PE12_mail_for_somebody_who_leaves_is_dropped_at_once(thing, cast: Cast) -> None:
    tell(thing, cast.agent, cast.agent2)
    publish(PersonDeactivated(cast.agent.id, cast.admin.id))
    db.session.commit()
    assert [(row.state, row.reason) for row in rows()] == [("dropped", "the recipient has left"), ("queued", None)]


def test_password_is_not_sent_without_tls(thing, cast, office, work: Work, app: Flask, monkeypatch) -> None:
    url = office.url.replace("smtp://", "smtp://portal:secret@")
    monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", url)
    monkeypatch.setattr(delivery, "LOOPBACK", set())
    tell(thing, cast.agent)
    work()
    assert [(row.state, row.reason.startswith("server away")) for row in rows()] == [("queued", True)]
    assert office.mails == []


def test_sender_is_the_one_of_the_setting(thing, cast, office, work: Work, app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", f"{office.url}/?from=portal@almenara.example")
    tell(thing, cast.agent)
    work()
    assert office.mails[0]["From"] == "Ventanilla <portal@almenara.example>"
    assert office.mails[0]["Reply-To"].strip().endswith("@almenara.example")


def test_every_message_has_a_subject_and_a_body(app: Flask) -> None:
    found = [name for name in app.jinja_env.list_templates() if "/mail/" in name and name.endswith(".txt")]
    assert len(found) > 4
    for name in found:
        assert {"subject", "body"} <= set(app.jinja_env.get_template(name).blocks), name


def test_CM19_line_break_in_a_title_makes_one_clean_header(thing, cast: Cast, office, work: Work) -> None:
    things.titles[thing.id] = "Portátil\r\nBcc: boss@demo.example\u2028X: 1\x85\x00"
    cast.agent.name = "Nuria\r\nBcc: other@demo.example Campos"
    tell(thing, cast.agent)
    work()
    (mail,) = office.mails
    assert office.addresses == ["agent@demo.example"]
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mail.get_all("Subject") == [f"[VEN-{thing.id:06}] Enviado: Portátil Bcc: boss@demo.example X: 1"]


def test_mail_about_the_account_needs_no_thing(thing, cast: Cast, office, work: Work) -> None:
    mail_about_account(cast.employee.id, "accounts/greeting", "greeting:1", time.now())
    work()
    (mail,) = office.mails
    assert mail["Subject"] == "Correo"
    assert "References" not in mail


def test_without_a_server_the_demo_writes_files(thing, cast, app: Flask, work, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_ENV", "demo")
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    tell(thing, cast.agent)
    work()
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert b"To: Nuria Campos <agent@demo.example>" in file.read_bytes()
    assert rows()[0].state == "sent"


def test_without_a_server_mail_waits_where_it_is_not_the_demo(thing, cast: Cast, work: Work) -> None:
    tell(thing, cast.agent)
    assert work() == 0
    assert rows()[0].state == "queued"


def test_time_in_a_mail_is_the_readers(thing, cast: Cast, office, work: Work) -> None:
    with time_machine.travel("2026-03-02T08:00:00+00:00", tick=False):
        tell(thing, cast.agent)
        work()
    assert office.mails[0]["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000"
