"""The board of the sign-in page: which windows are open, in words (knowledge-and-home.md 12)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock as portal_clock
from portal.people.queries import Opening
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.openings import opening
from tests.cast.people import Cast

from .cases import local

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calendar(hours: dict[str, str], days: tuple[str, ...] = WEEK[:5]) -> BusinessCalendar:
    return BusinessCalendar("Europe/Madrid", dict.fromkeys(days, hours))


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


@pytest.mark.usefixtures("english", "clock")
@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-03-02 09:00", Opening("8:30–14:00, 16:00–19:00", "Open now", True)),
        ("2026-03-02 07:00", Opening("8:30–14:00, 16:00–19:00", "Opens at 8:30", False)),
        ("2026-03-02 08:22", Opening("8:30–14:00, 16:00–19:00", "Opens in 8\xa0min", False)),
        ("2026-03-02 14:00", Opening("8:30–14:00, 16:00–19:00", "Opens at 16:00", False)),
        ("2026-03-02 19:00", Opening("8:30–14:00, 16:00–19:00", "Opens tomorrow at 8:30", False)),
        ("2026-03-07 12:00", Opening("closed today", "Opens Mon Mar 9 at 8:30", False)),
    ],
)
def test_a_window_says_its_hours_and_what_holds_now(at: str, found: Opening) -> None:
    assert opening(calendar({"08:30": "14:00", "16:00": "19:00"}), local(at)) == found


@pytest.mark.usefixtures("english")
def test_a_window_may_be_open_at_all_hours_or_never_again() -> None:
    always = calendar({"00:00": "24:00"}, WEEK)
    for at in ("2026-03-02 03:00", "2026-03-29 12:00", "2026-10-25 12:00"):
        assert opening(always, local(at)) == Opening("at all hours", "Open now", True)
    closed = [date(2026, 1, 1) + timedelta(days=number) for number in range(1_200)]
    never = BusinessCalendar("Europe/Madrid", {"mon": {"09:00": "14:00"}}, closed)
    assert opening(never, local("2026-03-02 09:00")) == Opening("closed today", "Closed for the time being", False)


def test_only_windows_whose_hours_are_public_are_on_the_board(
    client: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    assert portal_clock.now().hour == 8
    assert "departures" not in client.get("/sign-in").text
    cast.it.hours_public = True
    cast.occupational_health.hours_public = True
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert "IT Support" in page
    assert "9:00–18:00" in page
    assert "Open now" in page
    assert "Occupational Health" not in page, "it has no window"
    assert "Finance" not in page
