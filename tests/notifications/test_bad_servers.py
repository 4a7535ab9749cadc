"""R10: a mail server that is away, slow, refusing or not who it says it is delays no request, and loses nothing."""

import ssl
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import trustme
from flask import Flask
from sqlalchemy import select

from portal.conversations.queries import new_send_key
from portal.core import clock as time
from portal.core.db import db
from portal.notifications import sending
from portal.notifications.actions import notify
from portal.notifications.models import Outbox
from portal.requests.models import Request
from tests import things
from tests.cast.people import Cast, add_person, sign_in, token_of
from tests.factories import requests as factory
from tests.notifications.conftest import Work
from tests.notifications.post_office import OK, PostOffice, open_office
from tests.racing import ROUNDS, race

EVENTS, PEOPLE = 10, ROUNDS if ROUNDS > 10 else 1  # a thousand mails by name
APART = timedelta(minutes=10)  # what comes faster blows a fuse
LONG = 20.0


def tell(thing, cast: Cast) -> None:
    """Write news to people of the department, one event after the other."""
    more = [add_person(f"more{number}@demo.example", f"More {number}", cast.it) for number in range(PEOPLE)]
    people = [cast.agent.id, *(person.id for person in more)]
    for number in range(EVENTS):
        at, data = time.now() - (EVENTS - number) * APART, {"word": f"word-{number:04}"}
        notify(people, "thing/solved", things.KIND, thing.id, f"event-{number}", at, mail=True, data=data)
    db.session.commit()


def states() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Outbox.state)))


def reasons() -> str:
    db.session.rollback()
    return " ".join(filter(None, db.session.scalars(select(Outbox.reason))))


def drain(work: Work, clock) -> None:
    """Work on until nothing waits, an hour passing before each look."""
    for _ in range(6):
        clock.shift(timedelta(hours=1))
        while work():
            pass


def assert_whole_and_in_order(office: PostOffice) -> None:
    assert len(set(office.addresses)) == PEOPLE + 1
    for address in set(office.addresses):
        got = [mail.get_body(("plain",)).get_content() for to, mail in office.accepted if to == address]
        words = [text.partition("word-")[2][:4] for text in got]
        assert words == [f"{number:04}" for number in range(EVENTS)]


@race
def test_R10_server_that_is_away_for_an_hour_drains_in_order(thing, cast, no_office: int, work: Work, clock) -> None:
    tell(thing, cast)
    for _ in range(12):
        work()
        clock.shift(timedelta(minutes=5))
    assert states() == {"queued"}
    with open_office(no_office) as office:
        drain(work, clock)
        assert_whole_and_in_order(office)
    assert states() == {"sent"}


@race
def test_R10_server_that_refuses_for_a_while_drains_in_order(thing, cast, office: PostOffice, work: Work, clock) -> None:
    tell(thing, cast)
    office.data = lambda address: "451 4.3.0 later"
    for _ in range(3):
        work()
        clock.shift(timedelta(minutes=5))
    assert states() == {"queued"}
    assert "451" in reasons()
    office.data = lambda address: OK
    drain(work, clock)
    assert_whole_and_in_order(office)
    assert states() == {"sent"}


def test_R10_server_that_refuses_for_good_is_shown_as_failed_and_stops_nobody_else(thing, cast, office, work, clock) -> None:
    tell(thing, cast)
    office.rcpt = lambda address: "550 5.1.1 nobody" if address == "agent@demo.example" else OK
    drain(work, clock)
    found = select(Outbox.state).where(Outbox.recipient_id == cast.agent.id)
    assert set(db.session.scalars(found)) == {"failed"}
    assert set(db.session.scalars(select(Outbox.state).where(Outbox.recipient_id != cast.agent.id))) == {"sent"}
    assert "550 5.1.1 nobody" in reasons()


@pytest.fixture
def authority(tmp_path) -> trustme.CA:
    """Somebody who signs certificates and whom nobody trusts yet."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    return made


@pytest.mark.parametrize("name", ["127.0.0.1", "mail.elsewhere.example"], ids=["untrusted", "another name"])
def test_R10_certificate_that_is_wrong_gets_no_mail_at_all(
    thing, cast: Cast, no_office: int, work: Work, clock, authority: trustme.CA, name: str, tmp_path, monkeypatch
) -> None:
    tell(thing, cast)
    if name != "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with open_office(no_office, certificate(authority, name)) as office:
        work()
        assert office.accepted == []
    assert states() == {"queued"}
    assert "server away: SSLCertVerificationError" in reasons()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with open_office(no_office, certificate(authority, "127.0.0.1")) as office:
        drain(work, clock)
        assert_whole_and_in_order(office)


def certificate(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


# --- requests meanwhile ----------------------------------------------------------------------------------------------


@pytest.fixture
def open_request(cast: Cast) -> Request:
    made = factory.send(factory.service(cast.it), cast.employee)
    db.session.commit()
    return made


@pytest.fixture
def say(cast: Cast, client, open_request: Request) -> Callable[[], int]:
    """Write a comment, and return the status of the answer."""
    sign_in(client, cast.employee)
    data = {"audience": "public", "text": "One more word.", "last": "0"}
    data |= token_of(client) | {"send_key": new_send_key("request", open_request.id, cast.employee)}
    path = f"/requests/{open_request.reference}/comments"
    db.session.commit()
    return lambda: client.post(path, data=data).status_code


def test_R10_request_does_not_wait_for_a_slow_server(app: Flask, thing, cast: Cast, office: PostOffice, say) -> None:
    reached, answered = threading.Event(), threading.Event()

    def slowly(address: str) -> str:
        reached.set()
        answered.wait(LONG)
        return OK

    office.data = slowly
    tell(thing, cast)

    def work() -> None:
        with app.app_context():
            sending.send_due(limit=1)

    worker = threading.Thread(target=work)
    worker.start()
    assert reached.wait(LONG)
    db.session.rollback()
    assert say() == 303, "written while the mail server holds the worker"
    assert office.accepted == []
    answered.set()
    worker.join()
    assert len(office.accepted) == 1
