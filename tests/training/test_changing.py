"""What a session tells when it is corrected, moved or cut short, and when it can be no more (training.md 18)."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Notification
from portal.search.models import Entry
from portal.training import actions, queries
from portal.training.models import EnrolmentState
from tests.cast.people import Cast
from tests.factories import training as make
from tests.training.people import at, crowd, enrolled, states, told

MONDAY = at("2026-03-02 09:00")
TWO = ("2026-03-12 09:00", "2026-03-19 09:00")
BETWEEN = at("2026-03-13 09:00")
SAID = {"title": {"es": "Otra"}, "description": None, "materials": None, "taught_by": "", "place_note": "", "link": ""}


def correct(session, cast, place, now):
    said = actions.Correction(**SAID, place=place, capacity=session.capacity)
    actions.correct(session, said, session.revision, cast.trainer, now)


def asked():
    """What was said of each move: whether people are asked again."""
    found = select(Notification.data).where(Notification.message == "training/moved").order_by(Notification.id)
    return [data["asked"] for data in db.session.scalars(found)]


def test_another_place_and_a_dropped_date_ask_nobody_whether_they_come(cast: Cast, clock):
    session = make.session(cast.trainer, 2, *TWO)
    enrolled(session, [cast.employee], MONDAY)
    correct(session, cast, "Aula 2", MONDAY)
    actions.cancel_date(queries.dates_of(session.id)[1], "Festivo", cast.trainer, MONDAY)
    actions.move_date(queries.dates_of(session.id)[0], make.when("2026-03-12 10:00").span, "", cast.trainer, MONDAY)
    assert asked() == [False, False, True]


def test_another_place_moves_only_the_dates_to_come_and_is_no_news_afterwards(cast: Cast, clock):
    session = make.session(cast.trainer, 2, *TWO)
    enrolled(session, [cast.employee], MONDAY)
    correct(session, cast, "Aula 2", BETWEEN)
    assert [date.sequence for date in queries.dates_of(session.id)] == [0, 1]
    correct(session, cast, "Aula 3", at("2026-03-20 09:00"))
    assert (session.place, told("moved")) == ("Aula 3", [cast.employee.id])


def test_correcting_a_cancelled_session_brings_it_back_nowhere(cast: Cast, clock):
    session = make.session(cast.trainer, 2)
    actions.cancel(session, "Sin sala", cast.trainer, MONDAY)
    sequence = session.sequence
    correct(session, cast, "Aula 2", MONDAY)
    assert session.sequence == sequence
    assert not db.session.scalars(select(Entry).where(Entry.kind == "training_session")).all()


def test_a_date_that_has_begun_stays_and_none_moves_into_the_past(cast: Cast, clock):
    session = make.session(cast.trainer, 1, *TWO)
    rows = enrolled(session, crowd(cast, 2), MONDAY)
    first, second = queries.dates_of(session.id)
    for begun in (at(TWO[0]), BETWEEN):
        with pytest.raises(Refused):
            actions.cancel_date(first, "Festivo", cast.trainer, begun)
    with pytest.raises(Refused):
        actions.move_date(second, make.when("2026-03-13 09:00").span, "", cast.trainer, BETWEEN)
    assert (first.cancelled_at, session.first_starts_at) == (None, at(TWO[0]))
    assert states(rows) == [EnrolmentState.CONFIRMED, EnrolmentState.WAITING]
