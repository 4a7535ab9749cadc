"""Many people after few seats, in real threads on both databases: a few rounds, or `RACE_ROUNDS` of them by name (TR1)."""

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select, text

from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.training import actions
from portal.training.actions.enrolling import Full
from portal.training.models import Enrolment, EnrolmentState, TrainingSession
from tests.cast.people import build
from tests.factories import training as make
from tests.racing import ROUNDS, patiently, race
from tests.training.people import at, crowd

pytestmark = race
MONDAY = at("2026-03-02 09:00")
C, W, O = EnrolmentState.CONFIRMED, EnrolmentState.WAITING, EnrolmentState.OFFERED  # noqa: E741
AT_ONCE = 8
ORDINARY, FEW = 10, 2
TIMES = ROUNDS if ROUNDS > ORDINARY else FEW


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Run each work in a transaction of its own, `AT_ONCE` threads side by side that begin at the same moment."""
    ready, results = Barrier(min(AT_ONCE, len(works))), [None] * len(works)

    def run(first: int) -> None:
        with app.app_context():
            ready.wait()
            for place in range(first, len(works), AT_ONCE):
                results[place] = patiently(lambda place=place: once(works[place]))

    def once(work: Callable[[], object]) -> object:
        try:
            with transaction():
                return work()
        except Full:
            return "full"
        except Refused as refused:
            return refused.reason

    threads = [Thread(target=run, args=(first,)) for first in range(min(AT_ONCE, len(works)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def prepared(app: Flask, people: int, capacity: int) -> tuple[int, list[int]]:
    """Return a session and people, by number."""
    with app.app_context():
        cast = build()
        session = make.session(cast.trainer, capacity)
        ids = [person.id for person in crowd(cast, people)]
        db.session.commit()
        return session.id, ids


def clear(app: Flask, session_id: int, capacity: int) -> None:
    """Let the next round begin with nobody enrolled."""
    with app.app_context(), transaction():
        trigger = "DISABLE TRIGGER ALL" if db.engine.dialect.name == "postgresql" else ""
        if trigger:
            db.session.execute(text(f"ALTER TABLE enrolment_event {trigger}"))
        else:
            db.session.execute(text("DROP TRIGGER IF EXISTS enrolment_event_delete"))
        for table in ("enrolment_event", "enrolment", "notification", "outbox"):
            db.session.execute(text(f"DELETE FROM {table}"))
        db.session.get_one(TrainingSession, session_id).capacity = capacity


def enrol(session_id: int, person_id: int, waits: bool) -> Callable[[], object]:
    def work() -> object:
        session, person = db.session.get_one(TrainingSession, session_id), db.session.get_one(Person, person_id)
        state = actions.enrol(session, person, MONDAY, waits=waits).state
        return state if state != C or taken(session_id) <= session.capacity else "oversold"

    return work


def capacity_of(session_id: int, seats: int) -> Callable[[], object]:
    def work() -> object:
        session = db.session.get_one(TrainingSession, session_id)
        actions.change_capacity(session, seats, session.trainer, MONDAY)
        return taken(session_id)

    return work


def leave(session_id: int, person_id: int) -> Callable[[], object]:
    def work() -> object:
        live = select(Enrolment).where(Enrolment.session_id == session_id, Enrolment.person_id == person_id)
        for row in db.session.scalars(live).all():
            actions.leave(row, MONDAY)
        return taken(session_id)

    return work


def taken(session_id: int) -> int:
    held = select(func.count()).where(Enrolment.session_id == session_id, Enrolment.state.in_((C, O)))
    return db.session.scalar(held) or 0


def test_TR1_forty_people_after_one_seat_and_after_five(real_app: Flask) -> None:
    session_id, people = prepared(real_app, 40, 1)
    for round_ in range(TIMES):
        seats, number = (1, 40) if round_ % 2 else (5, 20)
        clear(real_app, session_id, seats)
        results = at_once(real_app, [enrol(session_id, person_id, waits=False) for person_id in people[:number]])
        assert sorted(results) == [C] * seats + ["full"] * (number - seats)
        with real_app.app_context():
            assert taken(session_id) == seats


def test_enrolments_while_people_leave_and_the_capacity_goes_down_and_up(real_app: Flask) -> None:
    session_id, people = prepared(real_app, 20, 5)
    for _round in range(TIMES):
        clear(real_app, session_id, 5)
        works = [enrol(session_id, person_id, waits=True) for person_id in people]
        works[6:6] = [capacity_of(session_id, 3), leave(session_id, people[0])]
        works[12:12] = [capacity_of(session_id, 7), leave(session_id, people[1])]
        assert "oversold" not in at_once(real_app, works)
        with real_app.app_context():
            check(session_id)


def check(session_id: int) -> None:
    """Nobody is above what was ever allowed, no seat is free while somebody waits, and nobody is told twice."""
    session = db.session.get_one(TrainingSession, session_id)
    rows = db.session.scalars(select(Enrolment).where(Enrolment.session_id == session_id).order_by(Enrolment.id)).all()
    waiting = [row for row in rows if row.state == W]
    held = taken(session_id)
    assert held <= 7
    assert not waiting or held >= session.capacity
    assert len(rows) == 20
    offered = [row for row in rows if row.offered_at]
    first_waiting = min((row.id for row in waiting), default=10**9)
    assert all(row.id < first_waiting for row in offered)
    told = db.session.execute(select(Notification.recipient_id, Notification.event)).all()
    assert len(told) == len(set(told)) == len({recipient for recipient, _event in told})


def test_one_seat_is_accepted_once_at_the_last_minute(real_app: Flask) -> None:
    session_id, people = prepared(real_app, 8, 1)
    late = at("2026-03-12 08:00")
    for _round in range(TIMES):
        clear(real_app, session_id, 1)
        at_once(real_app, [enrol(session_id, person_id, waits=True) for person_id in people])
        with real_app.app_context(), transaction():
            seat = db.session.scalars(select(Enrolment).where(Enrolment.state == C)).one()
            actions.leave(seat, late)
        results = at_once(real_app, [accept(person_id, late) for person_id in people])
        assert results.count(C) == 1


def accept(person_id: int, now: object) -> Callable[[], object]:
    def work() -> object:
        row = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()
        if row.state != W:
            return row.state
        actions.accept(row, now)  # type: ignore[arg-type]
        return row.state

    return work
