"""Being away, and who stands in (approvals.md 19 to 21)."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.core import clock as portal_clock
from portal.core import events
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import actions, queries
from portal.people.events import DelegationRevoked, DelegationStarted
from portal.people.models import Absence, Person
from tests.cast.people import Cast, add_person, away, build, sign_in, token_of
from tests.racing import each_round, race

URL = "/people/me/absences"
MADRID = "Europe/Madrid"


@pytest.fixture
def signed_in(client: FlaskClient, cast: Cast, clock: time_machine.Traveller) -> FlaskClient:
    """The head of Customer Care, on Monday 2 March 2026."""
    return sign_in(client, cast.head)


@pytest.fixture
def facts() -> Iterator[list[object]]:
    """What was published about delegations."""
    seen: list[object] = []
    for event in (DelegationStarted, DelegationRevoked):
        events.subscribe(event, seen.append)
    yield seen
    for event in (DelegationStarted, DelegationRevoked):
        events._subscribers[event].remove(seen.append)


def register(client: FlaskClient, first: str, last: str, delegate: str = "Rafael Quintana", **more: str) -> Any:
    data = {"first": first, "last": last, "delegate": delegate}
    return client.post(URL, data=token_of(client) | data | more)


def all_absences() -> list[Absence]:
    db.session.commit()
    return list(db.session.scalars(select(Absence).order_by(Absence.id)))


def test_9_to_13_march_ends_as_14_march_begins(signed_in: FlaskClient, cast: Cast, facts: list[object]) -> None:
    """AP-19."""
    assert register(signed_in, "2026-03-09", "2026-03-13").location == URL
    (absence,) = all_absences()
    assert absence.from_at == datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert absence.until_at == datetime(2026, 3, 13, 23, tzinfo=UTC)
    assert (absence.zone, absence.delegate_id) == (MADRID, cast.delegate.id)
    assert [type(fact).__name__ for fact in facts] == ["DelegationStarted"]
    page = signed_in.get(URL, headers={"Accept-Language": "es"}).text
    assert "lunes 9 de marzo – viernes 13 de marzo" in page
    before, after = datetime(2026, 3, 13, 22, 59, tzinfo=UTC), datetime(2026, 3, 13, 23, tzinfo=UTC)
    assert queries.people_stood_in_for(cast.delegate.id, before) == [cast.head.id]
    assert queries.people_stood_in_for(cast.delegate.id, after) == []


def test_days_are_those_of_the_persons_zone(signed_in: FlaskClient, cast: Cast) -> None:
    cast.head.time_zone = "Atlantic/Canary"
    register(signed_in, "2026-03-09", "2026-03-09")
    assert all_absences()[0].from_at == datetime(2026, 3, 9, 0, tzinfo=UTC)


def test_a_day_whose_midnight_does_not_exist_begins_when_it_does() -> None:
    """C2: in Chile the clocks go from 24:00 to 1:00."""
    first, _ = actions.days(date(2026, 9, 6), date(2026, 9, 6), "America/Santiago")
    assert first.astimezone(UTC) == datetime(2026, 9, 6, 4, tzinfo=UTC)


def test_without_a_delegate_one_is_just_away(signed_in: FlaskClient, cast: Cast) -> None:
    assert register(signed_in, "2026-03-02", "2026-03-02", "").status_code == 303
    assert all_absences()[0].delegate_id is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param("2026-03-13", "2026-03-09", id="AP4 end before start"),
        pytest.param("", "2026-03-09", id="no first day"),
        pytest.param("2026-03-09", "", id="no last day"),
        pytest.param("2026-02-30", "2026-03-09", id="no such day"),
        pytest.param("2026-02-20", "2026-02-27", id="over"),
        pytest.param("1899-01-01", "2026-03-09", id="year too early"),
        pytest.param("2026-03-09", "2201-01-01", id="year too late"),
    ],
)
def test_days_that_cannot_be_are_refused_and_kept(signed_in: FlaskClient, first: str, last: str) -> None:
    answer = register(signed_in, first, last)
    assert answer.status_code == 422
    assert "Rafael Quintana" in answer.text
    assert all_absences() == []


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-09", "2026-03-13"), ("2026-03-13", "2026-03-20"), ("2026-03-01", "2026-03-09"), ("2026-03-10", "2026-03-11")],
)
def test_absences_of_one_person_never_overlap(signed_in: FlaskClient, first: str, last: str) -> None:
    register(signed_in, "2026-03-09", "2026-03-13")
    assert register(signed_in, first, last).status_code == 422
    assert register(signed_in, "2026-03-14", "2026-03-15").status_code == 303
    assert len(all_absences()) == 2


def test_the_database_refuses_an_overlap_as_well(cast: Cast) -> None:
    away(cast.head, cast.delegate)
    with pytest.raises(DBAPIError):
        away(cast.head, cast.colleague)
    db.session.rollback()


def test_AP4_two_people_do_not_stand_in_for_each_other(signed_in: FlaskClient, cast: Cast) -> None:
    register(signed_in, "2026-03-09", "2026-03-13")
    other = sign_in(signed_in.application.test_client(), cast.delegate)
    answer = register(other, "2026-03-13", "2026-03-20", "Marta Soler")
    assert answer.status_code == 422
    assert "Marta Soler" in answer.text
    assert register(other, "2026-03-14", "2026-03-20", "Marta Soler").status_code == 303


@pytest.mark.parametrize("delegate", ["Marta Soler", "Inés Olmo", "Nobody Atall", "x"])
def test_who_cannot_stand_in_is_refused(signed_in: FlaskClient, cast: Cast, delegate: str) -> None:
    answer = register(signed_in, "2026-03-09", "2026-03-13", delegate)
    assert answer.status_code == 422
    assert f'value="{delegate}"' in answer.text


def test_a_name_that_two_bear_is_asked_again(signed_in: FlaskClient, cast: Cast) -> None:
    twin = add_person("twin@demo.example", "Rafael Quintana", cast.finance)
    answer = register(signed_in, "2026-03-09", "2026-03-13")
    assert answer.status_code == 422
    assert twin.public_id in answer.text
    assert register(signed_in, "2026-03-09", "2026-03-13", delegate_pick=twin.public_id).status_code == 303
    assert all_absences()[0].delegate_id == twin.id


def test_a_delegate_who_is_away_too_is_a_warning(signed_in: FlaskClient, cast: Cast) -> None:
    away(cast.delegate, None, start=datetime(2026, 3, 11, tzinfo=UTC))
    assert register(signed_in, "2026-03-09", "2026-03-13").status_code == 303
    page = signed_in.get(URL, headers={"Accept-Language": "es"}).text
    assert "también está fuera" in page
    assert "fuera hasta" in page


def test_an_absence_ends_early(signed_in: FlaskClient, cast: Cast, facts: list[object]) -> None:
    away(cast.head, cast.delegate)
    (absence,) = all_absences()
    answer = signed_in.post(f"{URL}/{absence.public_id}/ending", data=token_of(signed_in))
    assert answer.location == URL
    assert queries.people_stood_in_for(cast.delegate.id, portal_clock.now()) == []
    assert queries.absence_of(cast.head.id, portal_clock.now()) is None
    assert [type(fact).__name__ for fact in facts] == ["DelegationRevoked"]
    again = signed_in.post(f"{URL}/{absence.public_id}/ending", data=token_of(signed_in))
    assert again.status_code == 409
    assert register(signed_in, "2026-03-02", "2026-03-03").status_code == 303, "the days are free again"


def test_an_absence_of_somebody_else_is_not_there(client: FlaskClient, cast: Cast) -> None:
    absence = away(cast.head, cast.delegate)
    for who in (cast.delegate, cast.stranger):
        sign_in(client, who)
        assert client.post(f"{URL}/{absence.public_id}/ending", data=token_of(client)).status_code == 404
    assert client.post(f"{URL}/unknown/ending", data=token_of(client)).status_code == 404
    assert client.get(f"{URL}/{absence.public_id}/ending").status_code == 405


def test_an_auditor_has_no_stand_in(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.auditor)
    assert client.get(URL).status_code == 403
    assert register(client, "2026-03-09", "2026-03-13").status_code == 403


@race
@each_round
def test_AP4_two_who_name_each_other_at_once(real_app: Flask, round_: int) -> None:
    """C3: both lock both, in one order, so that one sees the other."""
    with real_app.app_context():
        cast = build()
        db.session.commit()
        pairs = [(cast.head.id, cast.delegate.id), (cast.delegate.id, cast.head.id)]
    today = portal_clock.now().date()
    found: list[str] = []

    def name(person_id: int, delegate_id: int) -> None:
        with real_app.app_context():
            person, delegate = db.session.get_one(Person, person_id), db.session.get_one(Person, delegate_id)
            try:
                actions.register_absence(person, delegate, today, today + timedelta(days=3), MADRID, portal_clock.now())
                db.session.commit()
                found.append("registered")
            except Refused:
                db.session.rollback()
                found.append("refused")

    threads = [threading.Thread(target=name, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["refused", "registered"]
