"""R2, small: mail workers are killed at any moment; no mail is lost, and copies bear the same Message-ID."""

import time
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.notifications.actions import notify, send_again
from portal.notifications.models import HELD, SENT, Outbox
from tests import things
from tests.cast.people import Cast, add_person
from tests.notifications.post_office import PostOffice
from tests.racing import ROUNDS, race

KILLS, EVENTS, PEOPLE = ROUNDS, 30, max(ROUNDS // 10, 1)
MAILS = EVENTS * PEOPLE
APART = timedelta(minutes=10)  # what comes faster blows a fuse


@race
def test_R2_killed_workers_lose_no_mail_and_copies_have_one_name(
    app: Flask, thing, cast: Cast, office: PostOffice, workers_of
) -> None:
    office.delay = 0.03
    queue(thing, cast)
    workers = workers_of(app)
    for number in range(KILLS):
        pid = workers.start()
        time.sleep(0.1 + (number * 7 % 10) / 25)
        workers.kill(pid)
    for _ in range(3):
        workers.start()
    wait_until_all_is_sent()
    send_what_is_parked(cast)
    wait_until_all_is_sent()
    workers.kill_all()
    names = Counter(str(mail["Message-ID"]).strip() for mail in office.mails)
    assert unsent() == 0
    assert len(names) == MAILS
    assert sum(names.values()) - MAILS <= KILLS  # a copy only where a kill came between acceptance and record


@race
def test_three_workers_send_each_mail_once(app: Flask, thing, cast: Cast, office: PostOffice, workers_of) -> None:
    queue(thing, cast)
    workers = workers_of(app, lease=300)
    for _ in range(3):
        workers.start()
    wait_until_all_is_sent()
    workers.kill_all()
    assert len(office.mails) == MAILS
    assert len({str(mail["Message-ID"]) for mail in office.mails}) == MAILS


def queue(thing, cast: Cast) -> None:
    people = [add_person(f"more{number}@demo.example", f"More {number}", cast.it).id for number in range(PEOPLE)]
    for number in range(EVENTS):
        event, at = f"event-{number}", portal_clock.now() - (EVENTS - number) * APART
        notify(people, "thing/solved", things.KIND, thing.id, event, at, mail=True, data={"word": event})
    db.session.commit()


def send_what_is_parked(cast: Cast) -> None:
    """Do what an administrator does with mails whose worker was killed five times (RE-16)."""
    for row in db.session.scalars(select(Outbox).where(Outbox.state == HELD)):
        assert row.ended_leases == 5
        send_again(row, cast.admin, portal_clock.now())
    db.session.commit()


def wait_until_all_is_sent() -> None:
    deadline = time.monotonic() + 40 + KILLS
    while unsent(SENT, HELD) and time.monotonic() < deadline:
        time.sleep(0.1)


def unsent(*states: str) -> int:
    db.session.rollback()
    number = db.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.state.not_in(states or (SENT,)))) or 0
    db.session.rollback()
    return number
