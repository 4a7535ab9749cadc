"""No loop and no flood fills a mailbox, and what is held is looked at by a person (CM rules 29 and 30, RE-18)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import events
from portal.audit.models import AuditEntry
from portal.core import clock as time
from portal.core.db import db
from portal.core.events import publish
from portal.notifications import fuses
from portal.notifications.actions import notify
from portal.notifications.models import Fuse, Outbox
from tests import things
from tests.cast.people import Cast, sign_in, token_of
from tests.notifications.conftest import Work
from tests.notifications.post_office import PostOffice

MINUTE = timedelta(minutes=1)


def tell(thing, person, number: int, apart: timedelta = timedelta(0), **more) -> None:
    """Write news about the thing, one each `apart` minutes, the last one now."""
    start = time.now() - (number - 1) * apart
    for place in range(number):
        event = f"event-{more.get('message', '')}-{start}-{place}"
        about = {"kind": things.KIND, "subject_id": thing.id, "message": "thing/solved", "data": {"word": "x"}} | more
        notify([person.id], event=event, now=start + place * apart, mail=True, **about)


def states(person) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Outbox.state).where(Outbox.recipient_id == person.id).order_by(Outbox.id)))


def drain(work: Work) -> None:
    while work():
        pass


@pytest.mark.parametrize(
    ("number", "apart", "held"),
    [(10, 0, 0), (11, 0, 1), (25, 2, 0), (26, 2, 1), (26, 3, 0), (28, 20, 0)],
    ids=["10 at once", "11 at once", "25 in an hour", "26 in an hour", "26 in more", "slow"],
)
def test_mail_about_one_thing_is_held_above_its_caps(thing, cast, office, work, clock, number, apart, held) -> None:
    tell(thing, cast.agent, number, apart * MINUTE)
    drain(work)
    assert states(cast.agent) == ["sent"] * (number - held) + ["held"] * held
    assert len(office.mails) == number - held


def test_the_hundred_and_first_in_ten_hours_is_held(thing, cast: Cast, office, work: Work, clock, monkeypatch) -> None:
    monkeypatch.setattr(fuses, "AN_HOUR", 1000)
    tell(thing, cast.agent, 101, timedelta(minutes=5))
    drain(work)
    assert states(cast.agent).count("held") == 1


def test_what_waited_for_its_server_is_no_flood(thing, cast: Cast, office: PostOffice, work: Work, clock) -> None:
    tell(thing, cast.agent, 20, timedelta(minutes=10))
    drain(work)
    assert states(cast.agent) == ["sent"] * 20


def test_RE18_the_thirty_first_mail_of_an_hour_waits_for_its_turn(thing, cast: Cast, office, work: Work, clock) -> None:
    tell(thing, cast.agent, 35, timedelta(minutes=10))
    drain(work)
    assert states(cast.agent) == ["sent"] * 30 + ["queued"] * 5
    tell(thing, cast.agent2, 1)
    drain(work)
    assert states(cast.agent2) == ["sent"]
    clock.shift(timedelta(minutes=59))
    drain(work)
    assert len(office.mails) == 31
    clock.shift(timedelta(minutes=1))
    drain(work)
    assert states(cast.agent) == ["sent"] * 35


def flood(thing, cast: Cast, work: Work) -> Fuse:
    tell(thing, cast.employee, 14)
    things.hidden.clear()
    drain(work)
    return db.session.scalars(select(Fuse)).one()


@pytest.fixture
def watched(thing, cast: Cast):
    from portal.conversations import actions

    actions.watch(things.KIND, thing.id, cast.employee, cast.agent, time.now())
    return thing


def test_CM23_password_mail_leaves_although_the_fuse_is_blown(watched, cast: Cast, client, office, work, clock) -> None:
    flood(watched, cast, work)
    assert len(office.mails) == 10
    client.post("/sign-in/forgotten", data={"name": "employee@demo.example"})
    publish(events.PasswordChanged(cast.employee.id, False))
    db.session.commit()
    client.application.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    assert len(office.mails) == 12
    assert "Elige una contraseña nueva" in {mail["Subject"] for mail in office.mails}


def test_blown_fuse_is_one_incident_that_further_mails_join(watched, cast: Cast, office, work, clock) -> None:
    fuse = flood(watched, cast, work)
    clock.shift(timedelta(hours=2))
    tell(watched, cast.employee, 1, message="thing/asked")
    drain(work)
    assert states(cast.employee) == ["sent"] * 10 + ["held"] * 5
    assert set(db.session.scalars(select(Outbox.fuse_id).where(Outbox.state == "held"))) == {fuse.id}
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "mail.fuse_blown")) == 1
    tell(watched, cast.agent2, 1)
    drain(work)
    assert states(cast.agent2) == ["sent"], "others are told as ever"


def test_administrator_sees_kinds_and_no_text_and_resumes(watched, cast: Cast, client, office, work, clock) -> None:
    fuse = flood(watched, cast, work)
    sign_in(client, cast.admin)
    page = client.get("/admin/mail").text
    assert "Demasiados correos a Lucía Ferrer: hay 4 retenidos." in page
    assert f"VEN-{watched.id:06}" in page
    assert page.partition("retenidos")[2].partition("</ul>")[0].count("thing/solved") == 3
    assert "Enviado: Informática" not in page
    path = f"/admin/mail/fuses/{fuse.public_id}/resumption"
    assert client.post(path, data=token_of(client)).status_code == 303
    drain(work)
    assert states(cast.employee) == ["sent"] * 14
    assert "retenidos" not in client.get("/admin/mail").text
    tell(watched, cast.employee, 1, message="thing/asked")
    drain(work)
    assert states(cast.employee)[-1] == "sent", "counted anew"


def test_nobody_else_resumes(watched, cast: Cast, client, office, work, clock) -> None:
    fuse = flood(watched, cast, work)
    sign_in(client, cast.employee)
    path = f"/admin/mail/fuses/{fuse.public_id}/resumption"
    assert client.post(path, data=token_of(client)).status_code == 403


def test_two_hundred_a_day_are_enough(watched, cast: Cast, office, work: Work, clock, monkeypatch) -> None:
    monkeypatch.setattr(fuses, "A_DAY", 12)
    tell(watched, cast.employee, 14, timedelta(minutes=10))
    drain(work)
    assert states(cast.employee) == ["sent"] * 12 + ["held"] * 2
    assert db.session.scalars(select(Fuse.subject_kind)).one() == ""
