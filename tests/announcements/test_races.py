"""Two at the same moment, in real threads on both databases: 10 rounds, or `RACE_ROUNDS` of them."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select

from portal.announcements import actions, pins
from portal.announcements.models import Announcement, AnnouncementConfirmation, AnnouncementPin
from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from tests.announcements.conftest import make, words
from tests.cast.people import add_person, build
from tests.racing import ROUNDS, race
from tests.requests.test_races import at_once

pytestmark = race


def test_AN9_confirmed_from_two_devices_at_once_is_one_row(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        people = [add_person(f"p{number}@demo.example", f"Persona {number}", cast.it).id for number in range(ROUNDS)]
        made = make(cast, cast.it, level="to_confirm").id
        db.session.commit()
        for person_id in people:

            def confirm(person_id: int = person_id) -> None:
                found, person = db.session.get_one(Announcement, made), db.session.get_one(Person, person_id)
                actions.confirm(found, 1, person, clock.now())

            assert at_once(real_app, confirm, confirm) == [None, None]
        assert db.session.scalar(select(func.count()).select_from(AnnouncementConfirmation)) == ROUNDS


def test_AN10_two_editors_pin_the_last_place_at_once(real_app: Flask) -> None:
    with real_app.app_context():
        cast = build()
        until, editor = clock.now().date() + timedelta(days=3), cast.editor.id
        five = [make(cast, words=words(f"Número {number}")).id for number in range(4)]

        def pin(announcement_id: int, until: date = until) -> str:
            found = db.session.get_one(Announcement, announcement_id)
            actions.pin(found, "", until, db.session.get_one(Person, editor), clock.now())
            return "pinned"

        for id_ in five[:2]:
            pin(id_)
        db.session.commit()
        for _ in range(ROUNDS):
            told = at_once(real_app, lambda: pin(five[2]), lambda: pin(five[3]))
            assert sorted(each == "pinned" for each in told) == [False, True]
            refused = next(each for each in told if each != "pinned")
            assert "Número 0" in str(refused)
            assert str(refused).count("“") == pins.MOST
            db.session.rollback()
            for id_ in five[2:]:
                actions.unpin(db.session.get_one(Announcement, id_), db.session.get_one(Person, editor), clock.now())
            db.session.commit()
        held = select(func.count()).select_from(AnnouncementPin).where(AnnouncementPin.removed_at.is_(None))
        assert db.session.scalar(held) == pins.MOST - 1
